#include "trainer/objective/quantile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/trainer/objective/pairs.h"

namespace coppice::trainer {
namespace {

const std::vector<float> kLabel = {1, 2.5f, 3, 5.5f, 8, 1.25f, 1.75f, 2.25f, 9.5f};
const std::vector<float> kWeight = {1, 2, 3, 4, 5, 6, 7, 8, 0.5f};

std::unique_ptr<Objective> Quantiles(std::vector<double> alphas) {
  ObjectiveSettings settings;
  settings.quantile_alpha = std::move(alphas);
  return MakeObjective("reg:quantileerror", settings);
}

TEST(QuantileOf, StandsBetweenItsNeighboursInProportion) {
  const std::vector<float> values = {40, 10, 20, 30};
  EXPECT_EQ(QuantileOf(values, {}, 0.5), 25.0f);   // place 2.5
  EXPECT_EQ(QuantileOf(values, {}, 0.45), 22.5f);  // place 2.25
  EXPECT_EQ(QuantileOf(values, {}, 0.1), 10.0f);
  EXPECT_EQ(QuantileOf(values, {}, 0.9), 40.0f);
  EXPECT_TRUE(std::isnan(QuantileOf({}, {}, 0.5)));
}

TEST(QuantileOf, IsTheFirstValueThatReachesItsShareOfTheWeight) {
  const std::vector<float> values = {40, 10, 20, 30};
  const std::vector<float> weight = {1, 1, 6, 2};
  EXPECT_EQ(QuantileOf(values, weight, 0.1), 10.0f);
  EXPECT_EQ(QuantileOf(values, weight, 0.11), 20.0f);
  EXPECT_EQ(QuantileOf(values, weight, 0.7), 20.0f);
  EXPECT_EQ(QuantileOf(values, weight, 0.75), 30.0f);
  EXPECT_EQ(QuantileOf(values, weight, 1), 40.0f);
}

TEST(AbsoluteError, HasTheSideOfTheLabelAsGradient) {
  const auto pairs =
      GradientsOf(*MakeObjective("reg:absoluteerror", {}), {0.5f, 3, 1}, {2, 1, 1}, {1, 2, 3});
  ExpectPair(pairs[0], -1, 1);
  ExpectPair(pairs[1], 2, 2);
  ExpectPair(pairs[2], 0, 3);
}

TEST(AbsoluteError, StartsAtTheMedianAsXgboostDoes) {
  const auto objective = MakeObjective("reg:absoluteerror", {});
  EXPECT_EQ(objective->EstimateBaseScore(kLabel, {}), std::vector<float>{2.5f});
  EXPECT_EQ(objective->EstimateBaseScore(kLabel, kWeight), std::vector<float>{2.25f});
}

TEST(QuantileError, CountsTheSideOfTheLabelByItsShare) {
  const auto pairs = GradientsOf(*Quantiles({0.25, 0.5}), {1, 1, 4, 3}, {2, 3}, {1, 4});
  ExpectPair(pairs[0], -0.25f, 1);
  ExpectPair(pairs[1], -0.5f, 1);
  ExpectPair(pairs[2], 3, 4);
  ExpectPair(pairs[3], 2, 4);  // at the label counts as above
}

TEST(QuantileError, StartsAtTheQuantilesAsXgboostDoes) {
  const auto objective = Quantiles({.05, .1, .3, .5, .77, .95});
  EXPECT_EQ(objective->n_outputs(), 6);
  ExpectNear(objective->EstimateBaseScore(kLabel, {}), {1, 1, 1.75f, 2.5f, 7.25f, 9.5f}, 1e-6f);
  ExpectNear(objective->EstimateBaseScore(kLabel, kWeight), {1.25f, 1.25f, 1.75f, 2.25f, 5.5f, 8},
             0.0f);
}

TEST(LeafQuantile, SaysWhatALeafsValueIs) {
  EXPECT_EQ(MakeObjective("reg:absoluteerror", {})->LeafQuantile(0), 0.5);
  EXPECT_EQ(Quantiles({0.25, 0.75})->LeafQuantile(1), 0.75);
  EXPECT_EQ(MakeObjective("reg:squarederror", {})->LeafQuantile(0), std::nullopt);
}

}  // namespace
}  // namespace coppice::trainer
