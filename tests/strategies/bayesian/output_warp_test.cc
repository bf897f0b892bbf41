#include "strategies/bayesian/output_warp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace coppice::strategies {
namespace {

using Kind = Outcome::Kind;

std::vector<Outcome> Measured(const std::vector<double>& losses) {
  std::vector<Outcome> outcomes;
  for (const double loss : losses) outcomes.push_back({Kind::kMeasured, loss});
  return outcomes;
}

// The median 3 occurs, so q = 2.5; s = sqrt((4 + 1 + 0) / 3). 4 becomes 3 - s Q(0.3), 5 becomes
// 3 - s Q(0.1), with Q(0.3) = -0.5244005 and Q(0.1) = -1.2815516.
TEST(Warp, ReplacesTheWorseHalfByQuantilesOfItsRanks) {
  const std::vector<double> warped = Warp(Measured({5, 1, 4, 2, 3})).values;
  const double unit = warped[3] - warped[1];
  const double spread = std::sqrt(5.0 / 3);
  EXPECT_NEAR((warped[4] - warped[1]) / unit, 2, 1e-12);
  EXPECT_NEAR((warped[2] - warped[1]) / unit, 2 + spread * 0.5244005, 1e-6);
  EXPECT_NEAR((warped[0] - warped[1]) / unit, 2 + spread * 1.2815516, 1e-6);
}

// The median 2.5 does not occur, so q = 2: Q(0.375) = -0.3186394 and Q(0.125) = -1.1503494;
// s = sqrt((2.25 + 0.25) / 2).
TEST(Warp, TakesTheMiddleOfAnEvenNumber) {
  const std::vector<double> warped = Warp(Measured({1, 2, 3, 1000})).values;
  const double unit = warped[1] - warped[0];
  const double spread = std::sqrt(1.25);
  EXPECT_NEAR((warped[2] - warped[0]) / unit, 1.5 + spread * 0.3186394, 1e-6);
  EXPECT_NEAR((warped[3] - warped[0]) / unit, 1.5 + spread * 1.1503494, 1e-6);
}

TEST(Warp, GivesMeanZeroAndVarianceOne) {
  std::vector<Outcome> outcomes = Measured({0.3, 0.2, 77, 0.25, 0.9, 0.31});
  outcomes.push_back({Kind::kFailed, 0});
  double sum = 0;
  double squares = 0;
  for (const double value : Warp(outcomes).values) {
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum, 0, 1e-12);
  EXPECT_NEAR(squares / 7, 1, 1e-12);
}

TEST(Warp, SaysWhichLossAUnitOfTheBetterHalfStandsFor) {
  for (const double size : {1.0, 1e200, 1e-200}) {
    std::vector<Outcome> outcomes = Measured({5 * size, 1 * size, 4 * size, 2 * size, 3 * size});
    outcomes.push_back({Kind::kFailed, 0});
    const WarpedOutcomes warped = Warp(outcomes);
    EXPECT_NEAR((warped.values[3] - warped.values[1]) * (warped.unit / size), 1, 1e-12);
    EXPECT_NEAR((warped.values[4] - warped.values[1]) * (warped.unit / size), 2, 1e-12);
  }
  EXPECT_EQ(Warp(Measured({2, 2, 2})).unit, 0);
  EXPECT_EQ(Warp({}).unit, 0);
}

TEST(Warp, BringsTheVarianceOfAForecastToItsUnit) {
  std::vector<Outcome> outcomes = Measured({5, 1, 4, 2});
  outcomes.push_back({Kind::kStopped, 3, 0.5});
  outcomes.push_back({Kind::kStopped, 3, 1e9});
  outcomes.push_back({Kind::kStopped, 3});
  const WarpedOutcomes warped = Warp(outcomes);
  EXPECT_EQ(warped.extra_variance[0], 0);
  EXPECT_NEAR(warped.extra_variance[4] * warped.unit * warped.unit, 0.5, 1e-12);
  EXPECT_EQ(warped.extra_variance[5], 10) << "it says nothing";
  EXPECT_EQ(warped.extra_variance[6], 0.1);
}

TEST(Warp, DoesNotCareHowTerribleTheWorstIs) {
  EXPECT_EQ(Warp(Measured({1, 2, 3, 9})).values, Warp(Measured({1, 2, 3, 1e9})).values);
}

TEST(Warp, MakesAFailureWorseThanTheWorstAndDoubtsIt) {
  std::vector<Outcome> outcomes = Measured({1, 2, 3, 4});
  outcomes.push_back({Kind::kFailed, 0});
  outcomes.push_back({Kind::kStopped, 2});
  const WarpedOutcomes warped = Warp(outcomes);
  EXPECT_EQ(std::max_element(warped.values.begin(), warped.values.end()) - warped.values.begin(),
            4);
  EXPECT_EQ(warped.values[5], warped.values[1]);
  EXPECT_EQ(warped.extra_variance[0], 0);
  EXPECT_GT(warped.extra_variance[4], 0);
  EXPECT_GT(warped.extra_variance[5], 0);
}

TEST(Warp, KnowsNothingFromEqualLossesOrFailuresOnly) {
  EXPECT_EQ(Warp(Measured({2, 2, 2})).values, (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(Warp(std::vector<Outcome>(3, {Kind::kFailed, 0})).values,
            (std::vector<double>{0, 0, 0}));
  EXPECT_TRUE(Warp({}).values.empty());
}

TEST(Warp, StandsLossesOfAnySize) {
  for (const double size : {1e-300, 1e300}) {
    const std::vector<double> warped = Warp(Measured({size, 2 * size, 3 * size, 4 * size})).values;
    EXPECT_TRUE(
        std::all_of(warped.begin(), warped.end(), [](double v) { return std::isfinite(v); }));
    EXPECT_LT(warped[0], warped[1]);
  }
}

}  // namespace
}  // namespace coppice::strategies
