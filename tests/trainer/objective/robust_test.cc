#include <gtest/gtest.h>

#include <cmath>

#include "tests/trainer/objective/pairs.h"

namespace coppice::trainer {
namespace {

std::unique_ptr<Objective> PseudoHuber(double slope) {
  return MakeObjective("reg:pseudohubererror", {.huber_slope = slope});
}

const std::vector<float> kLabel = {1, 2, 3, 5, 8, 1, 1, 2};
const std::vector<float> kWeight = {1, 2, 3, 4, 5, 6, 7, 8};

TEST(SquaredLogError, HasTheDifferenceOfLogarithmsOverTheBaseAsGradient) {
  const auto objective = MakeObjective("reg:squaredlogerror", {});
  // Margin 1, label 3: (ln 2 - ln 4) / 2 and (1 + ln 2) / 4.
  const float log2 = std::log(2.0f);
  ExpectPair(GradientsOf(*objective, {1}, {3})[0], -log2 / 2, (1 + log2) / 4);
  ExpectPair(GradientsOf(*objective, {1}, {3}, {4})[0], -2 * log2, 1 + log2);
}

// Expected numbers without a derivation are XGBoost 3.2.0's, here and in all tests of objectives.
TEST(SquaredLogError, HasThePairsOfXgboost) {
  const auto pairs =
      GradientsOf(*MakeObjective("reg:squaredlogerror", {}), {0.5f, -0.25f, 3}, {2, 0.5f, 1});
  ExpectPair(pairs[0], -0.46209812f, 0.75250983f);
  ExpectPair(pairs[1], -0.92419624f, 3.0100393f);
  ExpectPair(pairs[2], 0.17328681f, 0.019178301f);
}

TEST(SquaredLogError, TakesMarginsBelowMinusOneForJustAboveIt) {
  const auto objective = MakeObjective("reg:squaredlogerror", {});
  const auto pairs = GradientsOf(*objective, {-5, -1}, {0, 0});
  EXPECT_TRUE(std::isfinite(pairs[0].gradient));
  EXPECT_LT(pairs[0].gradient, 0);
  EXPECT_EQ(pairs[0].gradient, pairs[1].gradient);
}

TEST(SquaredLogError, KeepsTheHessianAboveItsFloor) {
  // ln 101 - ln 1 is above 1, so the second derivative is below 0.
  const auto pairs = GradientsOf(*MakeObjective("reg:squaredlogerror", {}), {100}, {0});
  EXPECT_EQ(pairs[0].hessian, 1e-6f);
}

TEST(SquaredLogError, StartsWhereXgboostDoes) {
  const auto objective = MakeObjective("reg:squaredlogerror", {});
  ExpectNear(objective->EstimateBaseScore(kLabel, {}), {0.54679215f}, 1e-6f);
  ExpectNear(objective->EstimateBaseScore(kLabel, kWeight), {0.54431665f}, 1e-6f);
}

TEST(SquaredLogError, NamesTheFirstLabelOfMinusOneOrLess) {
  const auto objective = MakeObjective("reg:squaredlogerror", {});
  EXPECT_EQ(objective->CheckLabels(std::vector<float>{0, -0.5f}), std::nullopt);
  EXPECT_EQ(objective->CheckLabels(std::vector<float>{0, -1}),
            "label `-1` in row 2 is not a finite number above -1");
}

TEST(PseudoHuber, IsAParabolaNearAndALineFarAway) {
  // z = 0: gradient 0, second derivative 1; far away the gradient is the slope.
  const auto near = GradientsOf(*PseudoHuber(2), {5}, {5})[0];
  EXPECT_EQ(near.gradient, 0.0f);
  EXPECT_EQ(near.hessian, 1.0f);
  EXPECT_FLOAT_EQ(GradientsOf(*PseudoHuber(2), {1e6f}, {0})[0].gradient, 2.0f);
  // z = 3, slope 4: sqrt(1 + 9/16) = 5/4; 3 / (5/4), and 16 / (25 * 5/4).
  ExpectPair(GradientsOf(*PseudoHuber(4), {4}, {1}, {2})[0], 4.8f, 1.024f);
}

TEST(PseudoHuber, HasThePairsOfXgboost) {
  const auto one = GradientsOf(*PseudoHuber(1), {0.5f, -0.25f, 3}, {2, 0.5f, 1});
  ExpectPair(one[0], -0.83205026f, 0.17067699f);
  ExpectPair(one[1], -0.6f, 0.512f);
  ExpectPair(one[2], 0.89442718f, 0.08944272f);
  const auto two = GradientsOf(*PseudoHuber(2), {0.5f, -0.25f, 3}, {2, 0.5f, 1});
  ExpectPair(two[0], -1.2f, 0.512f);
  ExpectPair(two[1], -0.7022469f, 0.8208913f);
  ExpectPair(two[2], 1.4142135f, 0.35355338f);
}

TEST(PseudoHuber, StartsWhereXgboostDoes) {
  ExpectNear(PseudoHuber(1)->EstimateBaseScore(kLabel, {}), {5.3346963f}, 2e-6f);
  ExpectNear(PseudoHuber(1)->EstimateBaseScore(kLabel, kWeight), {5.113694f}, 2e-6f);
  ExpectNear(PseudoHuber(2)->EstimateBaseScore(kLabel, {}), {3.5512605f}, 2e-6f);
  ExpectNear(PseudoHuber(2)->EstimateBaseScore(kLabel, kWeight), {3.4017386f}, 2e-6f);
}

TEST(Robust, GivesTheSamePairsInALongLoopAsAlone) {
  ExpectSamePairsTogetherAsAlone(*MakeObjective("reg:squaredlogerror", {}));
  ExpectSamePairsTogetherAsAlone(*PseudoHuber(1));
}

}  // namespace
}  // namespace coppice::trainer
