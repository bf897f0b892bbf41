#include "results/views/prediction_quality.h"

#include <gtest/gtest.h>

#include <limits>

namespace coppice::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ThresholdsOf, CountsWhatEachThresholdCallsPositive) {
  const std::vector<float> prediction = {0.25f, 0.75f, 0.5f, 0.75f};
  const std::vector<float> label = {0, 1, 1, 0};
  const ThresholdCurve curve = ThresholdsOf(prediction, label, {});
  const std::vector<ThresholdPoint> points = {
      {kInfinity, 0, 0}, {0.75, 1, 1}, {0.5, 2, 1}, {0.25, 2, 2}};
  EXPECT_EQ(curve.points, points);
  EXPECT_EQ(curve.positives, 2);
  EXPECT_EQ(curve.negatives, 2);
}

TEST(ThresholdsOf, CountsWeightsWhereThereAreAny) {
  const std::vector<float> prediction = {0.25f, 0.75f};
  const std::vector<float> label = {0, 1};
  const std::vector<float> weight = {0.5f, 3};
  const ThresholdCurve curve = ThresholdsOf(prediction, label, weight);
  const std::vector<ThresholdPoint> points = {{kInfinity, 0, 0}, {0.75, 3, 0}, {0.25, 3, 0.5}};
  EXPECT_EQ(curve.points, points);
}

// By falling prediction 1, 0, 1: of the two pairs of a positive and a negative one stands right.
// Precision is 1 at the first positive and 2/3 at the second.
TEST(RocArea, IsTheShareOfPairsInOrder) {
  const std::vector<float> prediction = {0.9f, 0.5f, 0.1f};
  const std::vector<float> label = {1, 0, 1};
  const ThresholdCurve curve = ThresholdsOf(prediction, label, {});
  EXPECT_DOUBLE_EQ(RocArea(curve), 0.5);
  EXPECT_DOUBLE_EQ(AveragePrecision(curve), (1.0 + 2.0 / 3) / 2);
}

TEST(RocArea, CountsTiesHalf) {
  const std::vector<float> prediction = {0.5f, 0.5f};
  const std::vector<float> label = {1, 0};
  EXPECT_DOUBLE_EQ(RocArea(ThresholdsOf(prediction, label, {})), 0.5);
}

// 200 rows that alternate: the curve is a staircase of 201 points along the diagonal.
TEST(ThinPoints, KeepsTheEndsAndGoesEvenlyAlongTheCurve) {
  std::vector<float> prediction;
  std::vector<float> label;
  for (int i = 0; i < 200; ++i) {
    prediction.push_back(static_cast<float>(i));
    label.push_back(static_cast<float>(i % 2));
  }
  const ThresholdCurve curve = ThresholdsOf(prediction, label, {});
  ASSERT_EQ(curve.points.size(), 201U);
  const std::vector<ThresholdPoint> thin = ThinPoints(curve, 5);
  ASSERT_EQ(thin.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(thin[i], curve.points[i * 50]) << i;
  }
  EXPECT_EQ(ThinPoints(curve, 300).size(), 201U);
}

TEST(Calibrate, MeansOfEquallyManyRowsByPrediction) {
  const std::vector<float> prediction = {4, 1, 2, 3};
  const std::vector<float> label = {9, 1, 2, 7};
  const auto bins = Calibrate(prediction, label, {}, 2, LabelKind::kMean);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].prediction, 1.5);
  EXPECT_EQ(bins[0].label, 1.5);
  EXPECT_EQ(bins[1].prediction, 3.5);
  EXPECT_EQ(bins[1].label, 8);
  EXPECT_EQ(bins[1].rows, 2U);
  // Labels 7 and 9: a standard deviation of sqrt(2), so the mean's error is 1.
  EXPECT_NEAR(bins[1].high - bins[1].label, 1.96, 1e-4);
  EXPECT_NEAR(bins[1].label - bins[1].low, 1.96, 1e-4);
}

TEST(Calibrate, NeverCutsEqualPredictionsApart) {
  const std::vector<float> prediction = {0.5f, 0.5f, 0.5f, 0.75f};
  const std::vector<float> label = {0, 1, 1, 1};
  const auto bins = Calibrate(prediction, label, {}, 4, LabelKind::kShare);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].rows, 3U);
  EXPECT_EQ(bins[1].rows, 1U);
}

// Wilson's interval of 0 of 10: 0 to 0.2775. A plain one would have no width.
TEST(Calibrate, GivesAShareOfNothingAWidth) {
  const std::vector<float> prediction(10, 0.1f);
  const std::vector<float> label(10, 0);
  const auto bins = Calibrate(prediction, label, {}, 5, LabelKind::kShare);
  ASSERT_EQ(bins.size(), 1U);
  EXPECT_NEAR(bins[0].low, 0, 1e-12);
  EXPECT_NEAR(bins[0].high, 0.2775, 1e-4);
}

TEST(Calibrate, LeavesRowsWithoutWeightOut) {
  const std::vector<float> prediction = {1, 2};
  const std::vector<float> label = {5, 7};
  const std::vector<float> weight = {0, 2};
  const auto bins = Calibrate(prediction, label, weight, 1, LabelKind::kMean);
  ASSERT_EQ(bins.size(), 1U);
  EXPECT_EQ(bins[0].label, 7);
  EXPECT_EQ(bins[0].rows, 1U);
}

TEST(ConfusionOf, HasALineForEachTrueClass) {
  const std::vector<int> prediction = {0, 1, 1, 2};
  const std::vector<int> label = {0, 0, 1, 1};
  EXPECT_EQ(ConfusionOf(prediction, label, {}, 3),
            (std::vector<double>{1, 1, 0, 0, 1, 1, 0, 0, 0}));
}

TEST(LikeliestClasses, TakeTheFirstOfEquals) {
  const std::vector<float> probabilities = {0.2f, 0.5f, 0.3f, 0.4f, 0.2f, 0.4f};
  EXPECT_EQ(LikeliestClasses(probabilities, 3), (std::vector<int>{1, 0}));
}

TEST(QuantileOf, GoesInProportionBetweenNeighbours) {
  EXPECT_EQ(QuantileOf({3, 1, 2}, 0.5), 2);
  EXPECT_EQ(QuantileOf({10, 20}, 0.25), 12.5);
  EXPECT_EQ(QuantileOf({7}, 0.9), 7);
}

}  // namespace
}  // namespace coppice::results
