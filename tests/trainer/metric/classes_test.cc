// What is read off the table of actual and predicted classes, and the areas under curves of one
// class against the rest.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/trainer/metric/score.h"

namespace coppice::trainer {
namespace {

// Two classes: predicted 1, 1, 0, 1, 0, 0 for labels 1, 0, 0, 1, 1, 0; 0.5 says 0.
const Floats kTwo = {0.9f, 0.6f, 0.5f, 0.7f, 0.2f, 0.1f};
const Floats kTwoLabel = {1, 0, 0, 1, 1, 0};
const Floats kTwoWeight = {1, 2, 3, 4, 5, 6};

// Three classes: predicted 0, 1, 0 (the first of equal ones), 2 for labels 0, 1, 1, 2.
const Floats kThree = {0.8f, 0.1f, 0.1f, 0.2f, 0.5f, 0.3f, 0.4f, 0.4f, 0.2f, 0.1f, 0.2f, 0.7f};
const Floats kThreeLabel = {0, 1, 1, 2};

TEST(Accuracy, IsTheShareOfRightRows) {
  EXPECT_DOUBLE_EQ(Score("accuracy", kTwo, kTwoLabel), 4.0 / 6);
  EXPECT_DOUBLE_EQ(Score("accuracy", kTwo, kTwoLabel, kTwoWeight), 14.0 / 21);
  EXPECT_DOUBLE_EQ(Score("accuracy", kThree, kThreeLabel, {}, 3), 0.75);
  EXPECT_DOUBLE_EQ(Score("accuracy", kThree, kThreeLabel, {1, 1, 6, 2}, 3), 0.4);
}

TEST(Precision, IsTheShareOfRightRowsAmongThoseSaidToBePositive) {
  EXPECT_DOUBLE_EQ(Score("precision", kTwo, kTwoLabel), 2.0 / 3);
  EXPECT_DOUBLE_EQ(Score("precision", kTwo, kTwoLabel, kTwoWeight), 5.0 / 7);
  EXPECT_EQ(Score("precision", {0.1f, 0.2f}, {0, 1}), 0.0) << "nothing is said to be positive";
}

TEST(Recall, IsTheShareOfPositiveRowsThatAreFound) {
  EXPECT_DOUBLE_EQ(Score("recall", kTwo, kTwoLabel), 2.0 / 3);
  EXPECT_DOUBLE_EQ(Score("recall", kTwo, kTwoLabel, kTwoWeight), 5.0 / 10);
  EXPECT_TRUE(std::isnan(Score("recall", {0.1f, 0.9f}, {0, 0}))) << "there is nothing to find";
}

TEST(F1, IsTheHarmonicMeanOfPrecisionAndRecall) {
  EXPECT_DOUBLE_EQ(Score("f1", kTwo, kTwoLabel), 2.0 / 3);
  EXPECT_DOUBLE_EQ(Score("f1", kTwo, kTwoLabel, kTwoWeight), 10.0 / 17);
  EXPECT_TRUE(std::isnan(Score("f1", {0.1f, 0.9f}, {0, 0})));
}

TEST(BalancedAccuracy, IsTheMeanRecallOfTheClassesThatHaveRows) {
  EXPECT_DOUBLE_EQ(Score("balanced_accuracy", kTwo, kTwoLabel, kTwoWeight),
                   (5.0 / 10 + 9.0 / 11) / 2);
  EXPECT_DOUBLE_EQ(Score("balanced_accuracy", kThree, kThreeLabel, {}, 3), (1 + 0.5 + 1) / 3);
  EXPECT_DOUBLE_EQ(Score("balanced_accuracy", {0.1f, 0.2f, 0.9f}, {0, 0, 0}), 2.0 / 3);
}

TEST(Macro, IsTheMeanOverTheClassesThatOccur) {
  // Precisions 1/2, 1, 1; recalls 1, 1/2, 1; f1 2/3, 2/3, 1.
  EXPECT_DOUBLE_EQ(Score("precision_macro", kThree, kThreeLabel, {}, 3), 2.5 / 3);
  EXPECT_DOUBLE_EQ(Score("recall_macro", kThree, kThreeLabel, {}, 3), 2.5 / 3);
  EXPECT_DOUBLE_EQ(Score("f1_macro", kThree, kThreeLabel, {}, 3), (2.0 / 3 + 2.0 / 3 + 1) / 3);
  // Class 2 is neither actual nor predicted.
  EXPECT_DOUBLE_EQ(Score("f1_macro", {0.6f, 0.4f, 0, 0.4f, 0.6f, 0}, {0, 1}, {}, 3), 1.0);
}

TEST(Confusion, IsNotDefinedForALabelThatIsNoClass) {
  EXPECT_TRUE(std::isnan(Score("accuracy", kThree, {0, 1, 3, 2}, {}, 3)));
}

TEST(PrAuc, FollowsPrecisionBetweenThresholds) {
  // From recall 1/2 to 1 one false positive stays: the integral of t / (t + 1) from 1 to 2, over 2.
  EXPECT_NEAR(Score("aucpr", {0.9f, 0.5f, 0.1f}, {1, 0, 1}), 0.5 + (1 - std::log(1.5)) / 2, 1e-15);
  EXPECT_DOUBLE_EQ(Score("aucpr", {0.9f, 0.8f, 0.1f}, {1, 1, 0}), 1.0);
  EXPECT_DOUBLE_EQ(Score("aucpr", {0.5f, 0.5f, 0.5f, 0.5f}, {1, 0, 0, 0}), 0.25);
}

TEST(PrAuc, IsNotDefinedForOneClass) {
  EXPECT_TRUE(std::isnan(Score("aucpr", {0.1f, 0.2f}, {1, 1})));
  EXPECT_TRUE(std::isnan(Score("aucpr", {0.1f, 0.2f}, {0, 0})));
}

// The numbers of the next two tests are XGBoost 3.2.0's.
TEST(PrAuc, ScoresAsXgboostDoes) {
  const Floats p = {.1f, .4f, .35f, .4f, .9f, .2f, .4f, .9f, .7f, .65f};
  const Floats y = {0, 1, 1, 0, 1, 0, 0, 1, 1, 0};
  const Floats w = {1, 2, 3, 1, 1, 2, 4, 1, 2, 2};
  EXPECT_NEAR(Score("aucpr", p, y), 0.8487273630847777, 1e-12);
  EXPECT_NEAR(Score("aucpr", p, y, w), 0.7358770392393051, 1e-12);
  EXPECT_NEAR(Score("auc", p, y), 0.8, 1e-15);
  EXPECT_NEAR(Score("auc", p, y, w), 2.0 / 3, 1e-15);
}

TEST(OneAgainstRest, ScoresSeveralClassesAsXgboostDoes) {
  const Floats p = {.5f, .3f, .2f, .2f, .5f, .3f, .4f, .4f, .2f, .1f, .2f,  .7f,
                    .6f, .2f, .2f, .3f, .3f, .4f, .2f, .6f, .2f, .5f, .25f, .25f};
  const Floats y = {0, 1, 2, 2, 0, 1, 1, 2};
  const Floats w = {1, 2, 1, 3, 1, 2, 1, 1};
  EXPECT_NEAR(Score("auc", p, y, {}, 3), 0.8145833333333333, 1e-12);
  EXPECT_NEAR(Score("auc", p, y, w, 3), 0.8470238095238095, 1e-12);
  EXPECT_NEAR(Score("aucpr", p, y, {}, 3), 0.7930676293809403, 1e-12);
  EXPECT_NEAR(Score("aucpr", p, y, w, 3), 0.8541954707528386, 1e-12);
}

TEST(OneAgainstRest, IsNotDefinedWhereAClassHasNoRows) {
  EXPECT_TRUE(std::isnan(Score("auc", {.5f, .3f, .2f, .2f, .5f, .3f}, {0, 1}, {}, 3)));
}

}  // namespace
}  // namespace coppice::trainer
