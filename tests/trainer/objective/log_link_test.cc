#include <gtest/gtest.h>

#include <cmath>

#include "tests/trainer/objective/pairs.h"

namespace coppice::trainer {
namespace {

const std::vector<float> kMargins = {0.5f, -0.25f, 3};
const std::vector<float> kLabel = {2, 0.5f, 1};

std::unique_ptr<Objective> Tweedie(double power) {
  return MakeObjective("reg:tweedie", {.tweedie_variance_power = power});
}

std::unique_ptr<Objective> Poisson(double step) {
  return MakeObjective("count:poisson", {.max_delta_step = step});
}

TEST(Poisson, HasTheMeanLessTheLabelAsGradient) {
  // Mean 4, label 1, weight 2; the second derivative is the mean itself when the step is 0.
  ExpectPair(GradientsOf(*Poisson(0), {std::log(4.0f)}, {1}, {2})[0], 6, 8);
}

TEST(Poisson, HasThePairsOfXgboost) {
  const auto usual = GradientsOf(*MakeObjective("count:poisson", {}), kMargins, kLabel);
  ExpectPair(usual[0], -0.35127878f, 3.320117f);
  ExpectPair(usual[1], 0.27880079f, 1.5683122f);
  ExpectPair(usual[2], 19.085537f, 40.447308f);
  const auto other = GradientsOf(*Poisson(0.25), kMargins, kLabel);
  ExpectPair(other[0], -0.35127878f, 2.117f);
  ExpectPair(other[2], 19.085537f, 25.79034f);
}

TEST(Gamma, HasOneLessTheRatioAsGradientAndTheRatioAsHessian) {
  ExpectPair(GradientsOf(*MakeObjective("reg:gamma", {}), {std::log(4.0f)}, {1}, {2})[0], 1.5f,
             0.5f);
}

TEST(Gamma, HasThePairsOfXgboost) {
  const auto pairs = GradientsOf(*MakeObjective("reg:gamma", {}), kMargins, kLabel);
  ExpectPair(pairs[0], -0.21306133f, 1.2130613f);
  ExpectPair(pairs[1], 0.35798728f, 0.6420127f);
  ExpectPair(pairs[2], 0.95021302f, 0.049787067f);
}

TEST(Tweedie, LiesBetweenPoissonAndGamma) {
  // Power 1.5, mean 4, label 1: -1 / 2 + 2, and 1 / 4 + 1.
  ExpectPair(GradientsOf(*Tweedie(1.5), {std::log(4.0f)}, {1}, {2})[0], 3, 2.5f);
}

TEST(Tweedie, HasThePairsOfXgboost) {
  const auto usual = GradientsOf(*Tweedie(1.5), kMargins, kLabel);
  ExpectPair(usual[0], -0.27357614f, 1.4208136f);
  ExpectPair(usual[1], 0.31592265f, 0.7245356f);
  ExpectPair(usual[2], 4.2585588f, 2.3524096f);
  const auto other = GradientsOf(*Tweedie(1.2), kMargins, kLabel);
  ExpectPair(other[0], -0.31785011f, 1.5553946f);
  ExpectPair(other[1], 0.2930952f, 0.76011175f);
  ExpectPair(other[2], 10.474363f, 8.928302f);
}

TEST(Tweedie, NamesItsMetricByItsPower) {
  EXPECT_EQ(Tweedie(1.5)->default_metric(), "tweedie-nloglik@1.5");
  EXPECT_EQ(Tweedie(1.25)->default_metric(), "tweedie-nloglik@1.25");
}

TEST(LogLink, StartsAtTheWeightedMean) {
  const std::vector<float> label = {1, 2, 3, 5, 8, 1, 1, 2};
  const std::vector<float> weight = {1, 2, 3, 4, 5, 6, 7, 8};
  for (const char* name : {"count:poisson", "reg:gamma", "reg:tweedie"}) {
    const auto objective = MakeObjective(name, {});
    ExpectNear(objective->EstimateBaseScore(label, {}), {2.875f}, 0.0f);
    ExpectNear(objective->EstimateBaseScore(label, weight), {2.8611112f}, 0.0f);
    ExpectNear(objective->EstimateBaseScore(label, std::vector<float>(8, 0.0f)), {1.0f}, 0.0f);
  }
}

TEST(LogLink, PredictsTheExponentialOfTheMargin) {
  for (const char* name : {"count:poisson", "reg:gamma", "reg:tweedie"}) {
    const auto objective = MakeObjective(name, {});
    std::vector<float> values = {0, std::log(4.0f)};
    objective->Transform(values);
    ExpectNear(values, {1, 4}, 1e-6f);
    EXPECT_FLOAT_EQ(objective->ToMargin(4), std::log(4.0f));
    EXPECT_TRUE(std::isfinite(objective->ToMargin(0))) << "all labels may be 0";
  }
}

TEST(LogLink, NamesTheFirstLabelOutOfRange) {
  const std::vector<float> zero = {1, 0};
  const std::vector<float> below = {1, 2, -3};
  EXPECT_EQ(MakeObjective("count:poisson", {})->CheckLabels(zero), std::nullopt);
  EXPECT_EQ(MakeObjective("count:poisson", {})->CheckLabels(below),
            "label `-3` in row 3 is not a finite number of at least 0");
  EXPECT_EQ(MakeObjective("reg:tweedie", {})->CheckLabels(zero), std::nullopt);
  EXPECT_NE(MakeObjective("reg:tweedie", {})->CheckLabels(below), std::nullopt);
  EXPECT_EQ(MakeObjective("reg:gamma", {})->CheckLabels(zero),
            "label `0` in row 2 is not a finite number above 0");
  EXPECT_NE(MakeObjective("count:poisson", {})->CheckLabels(std::vector<float>{INFINITY}),
            std::nullopt);
}

TEST(LogLink, GivesTheSamePairsInALongLoopAsAlone) {
  for (const char* name : {"count:poisson", "reg:gamma", "reg:tweedie"}) {
    ExpectSamePairsTogetherAsAlone(*MakeObjective(name, {}));
  }
}

}  // namespace
}  // namespace coppice::trainer
