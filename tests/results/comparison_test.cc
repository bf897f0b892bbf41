#include "results/views/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace coppice::results {
namespace {

using study::Curve;
using study::Goal;

// Three folds of two rounds; the second round is the one that counts.
std::vector<Curve> Folds(double a, double b, double c) {
  return {{0, "validation", "auc", {0, a}},
          {0, "validation", "logloss", {7, 7}},
          {0, "train", "auc", {9, 9}},
          {1, "validation", "auc", {0, b}},
          {2, "validation", "auc", {0, c}}};
}

TEST(ComparePaired, TakesTheErrorOfTheDifferences) {
  // Folds differ by 10, the differences 1, 2 and 3 by little: mean 2, variance 1, error sqrt(1/3).
  const auto ours = Folds(11, 22, 33);
  const auto theirs = Folds(10, 20, 30);
  const auto paired = ComparePaired({ours, 2}, {theirs, 2}, "auc", Goal::kMaximize, 0);
  ASSERT_TRUE(paired);
  EXPECT_DOUBLE_EQ(paired->gain, 2);
  EXPECT_DOUBLE_EQ(*paired->std_error, 0.57735026918962573);
  EXPECT_EQ(paired->folds, 3);
  EXPECT_FALSE(paired->is_within_noise());
}

TEST(ComparePaired, AllowsForTrainingRowsThatFoldsHaveInCommon) {
  // Of three folds one validates and two train, so that a variance of 1 counts 1/3 + 1/2 times.
  const auto ours = Folds(11, 22, 33);
  const auto theirs = Folds(10, 20, 30);
  const auto paired = ComparePaired({ours, 2}, {theirs, 2}, "auc", Goal::kMaximize, 0.5);
  ASSERT_TRUE(paired);
  EXPECT_DOUBLE_EQ(*paired->std_error, 0.91287092917527690);
  EXPECT_FALSE(paired->is_within_noise());
}

TEST(ComparePaired, LearnsLittleFromRepeatsWhereRowsAreAllThereIs) {
  // Four repeats of two folds: a variance of 8/7 counts 1/8 + 1 times, and not 1/8 times.
  const std::vector<double> ours = {3, 1, 3, 1, 3, 1, 3, 1};
  const std::vector<double> theirs(8, 0);
  const PairedGain paired = ComparePaired(ours, theirs, Goal::kMaximize, 1);
  EXPECT_EQ(paired.gain, 2);
  EXPECT_EQ(paired.folds, 8);
  EXPECT_DOUBLE_EQ(*paired.std_error, std::sqrt(9.0 / 7));
  EXPECT_TRUE(paired.is_within_noise());
}

TEST(ComparePaired, CountsLessAsBetterWhenMinimizing) {
  const auto ours = Folds(1, 1, 1);
  const auto theirs = Folds(2, 2, 5);
  // Gains 1, 1 and 4: mean 2, error 1. Twice the error is the limit, and belongs to the gains.
  const auto paired = ComparePaired({ours, 2}, {theirs, 2}, "auc", Goal::kMinimize, 0);
  ASSERT_TRUE(paired);
  EXPECT_DOUBLE_EQ(paired->gain, 2);
  EXPECT_DOUBLE_EQ(*paired->std_error, 1);
  EXPECT_FALSE(paired->is_within_noise());
}

TEST(ComparePaired, CallsAGainBelowTwiceItsErrorNoise) {
  const auto ours = Folds(0, 0, 4);
  const auto theirs = Folds(0, 0, 0);
  const auto paired = ComparePaired({ours, 2}, {theirs, 2}, "auc", Goal::kMaximize, 0);
  ASSERT_TRUE(paired);
  EXPECT_TRUE(paired->is_within_noise());
}

TEST(ComparePaired, ComparesEachTrialAtItsOwnRound) {
  const std::vector<Curve> ours = {{0, "validation", "auc", {5, 1}}};
  const std::vector<Curve> theirs = {{0, "validation", "auc", {1, 2, 3}}};
  const auto paired = ComparePaired({ours, 1}, {theirs, 3}, "auc", Goal::kMaximize, 0);
  ASSERT_TRUE(paired);
  EXPECT_EQ(paired->gain, 2);
  EXPECT_FALSE(paired->std_error);
  EXPECT_FALSE(paired->is_within_noise());
}

TEST(ComparePaired, IsNothingWhereACurveEndsBeforeItsRound) {
  const auto folds = Folds(1, 2, 3);
  EXPECT_FALSE(ComparePaired({folds, 3}, {folds, 2}, "auc", Goal::kMaximize, 0));
  EXPECT_FALSE(ComparePaired({folds, 2}, {folds, 0}, "auc", Goal::kMaximize, 0));
  EXPECT_FALSE(ComparePaired({folds, 2}, {folds, 2}, "rmse", Goal::kMaximize, 0));
}

}  // namespace
}  // namespace coppice::results
