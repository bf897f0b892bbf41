#include "strategies/bayesian/acquisition.h"

#include <gtest/gtest.h>

#include <cmath>

namespace coppice::strategies {
namespace {

TEST(KappaOf, IsWiderForMoreTrialsAtOnceAndNarrowerTheMoreIsKnown) {
  EXPECT_NEAR(KappaOf(1, 0), 1.4, 1e-14);
  EXPECT_NEAR(KappaOf(1, 30), 1.4, 1e-14);
  EXPECT_NEAR(KappaOf(8, 30), 1.4 + 3 * 0.35, 1e-14);
  EXPECT_NEAR(KappaOf(1, 60), 1.4 * std::sqrt(0.5), 1e-14);
  EXPECT_NEAR(KappaOf(1, 120), 0.7, 1e-14);
  EXPECT_NEAR(KappaOf(1, 10000), 0.7, 1e-14);
}

TEST(Acquisition, IsTheBound) {
  const Acquisition bound{AcquisitionKind::kConfidenceBound, 1.5, 0};
  EXPECT_NEAR(bound.At(0.5, 2, 0), 1.5 * 2 - 0.5, 1e-14);
}

TEST(Acquisition, IsTheLogarithmOfTheExpectedImprovement) {
  // At the best mean itself: deviation * phi(0).
  const Acquisition acquisition{AcquisitionKind::kExpectedImprovement, 1.4, 0.3};
  EXPECT_NEAR(acquisition.At(0.3, 2, 0), std::log(2 / std::sqrt(2 * std::acos(-1.0))), 1e-14);
  EXPECT_GT(acquisition.At(0.2, 2, 0), acquisition.At(0.3, 2, 0));
  EXPECT_GT(acquisition.At(5, 0.2, 0), acquisition.At(5, 0.1, 0));
  EXPECT_EQ(acquisition.At(0.2, 0, 0), -std::numeric_limits<double>::infinity());
}

TEST(Acquisition, WithThriftIsTheGainThatTheBoundLeavesPerCost) {
  const double best_mean = 0.25;
  const Acquisition half{AcquisitionKind::kConfidenceBound, 1.5, best_mean, 0.5};
  // A bound of -2.5 lies 2.75 below the best mean: far enough for the plain logarithm.
  EXPECT_NEAR(half.At(0.5, 2, std::log(9.0)), std::log(2.75 / 0.1) - std::log(3.0), 1e-11);
  // Where no gain is possible, more of none is still better.
  EXPECT_GT(half.At(4, 0.1, 0), half.At(5, 0.1, 0));
  EXPECT_NEAR(half.At(8, 0.1, 0) - half.At(9, 0.1, 0), 1 / 0.1, 1e-9);
}

TEST(ThriftOf, FadesUntilTheFortiethOutcome) {
  EXPECT_DOUBLE_EQ(ThriftOf(0), 0.5);
  EXPECT_DOUBLE_EQ(ThriftOf(10), 0.375);
  EXPECT_DOUBLE_EQ(ThriftOf(40), 0);
  EXPECT_DOUBLE_EQ(ThriftOf(400), 0);
}

TEST(Acquisition, HasTheSlopesThatDifferencesShow) {
  constexpr double kStep = 1e-6;
  constexpr double kDeviation = 0.7;
  constexpr double kCost = 1.3;
  for (const double thrift : {0.0, 0.6}) {
    for (const auto kind :
         {AcquisitionKind::kConfidenceBound, AcquisitionKind::kExpectedImprovement}) {
      const Acquisition acquisition{kind, 2.1, 0.3, thrift};
      const auto change = [&](double mean, double by_mean, double by_deviation, double by_cost) {
        const auto at = [&](double step) {
          return acquisition.At(mean + by_mean * step, kDeviation + by_deviation * step,
                                kCost + by_cost * step);
        };
        return (at(kStep) - at(-kStep)) / (2 * kStep);
      };
      for (const double mean : {-9.0, -1.0, 0.3, 2.0, 9.0}) {
        const auto slopes = acquisition.SlopesAt(mean, kDeviation);
        EXPECT_NEAR(slopes.by_mean, change(mean, 1, 0, 0), 1e-6) << mean;
        EXPECT_NEAR(slopes.by_deviation, change(mean, 0, 1, 0), 1e-6) << mean;
        // The bound alone does not know costs.
        const bool counts = thrift > 0;
        EXPECT_NEAR(slopes.by_log_cost, counts ? change(mean, 0, 0, 1) : 0, 1e-6) << mean;
      }
    }
  }
}

// phi(z) + z Phi(z), taken at 50 digits.
TEST(LogExpectedImprovement, IsRightFarBelowAndAbove) {
  EXPECT_NEAR(LogExpectedImprovement(0), -0.91893853320467274, 1e-14);
  EXPECT_NEAR(LogExpectedImprovement(1), 0.08002621884930694, 1e-13);
  EXPECT_NEAR(LogExpectedImprovement(-3), -7.8696860596030285, 1e-11);
  EXPECT_NEAR(LogExpectedImprovement(-10), -55.553122036122356, 1e-9);
  EXPECT_NEAR(LogExpectedImprovement(-13), -90.566234662022043, 1e-8);
  EXPECT_NEAR(LogExpectedImprovement(-40), -808.29856835661996, 1e-10);
  EXPECT_NEAR(LogExpectedImprovement(50), std::log(50.0), 1e-14);
}

TEST(LogExpectedImprovement, HasASlopeWithoutAStep) {
  EXPECT_NEAR(LogExpectedImprovementSlope(0), 0.5 * std::sqrt(2 * std::acos(-1.0)), 1e-14);
  EXPECT_NEAR(LogExpectedImprovementSlope(50), 1 / 50.0, 1e-15);
  double before = LogExpectedImprovementSlope(-14);
  for (double z = -14 + 1e-3; z < 5; z += 1e-3) {
    const double slope = LogExpectedImprovementSlope(z);
    EXPECT_LT(slope, before) << z;
    EXPECT_LT(before - slope, 2e-3) << z;
    before = slope;
  }
}

TEST(LogExpectedImprovement, RisesWithoutAStep) {
  double before = LogExpectedImprovement(-14);
  for (double z = -14 + 1e-3; z < 5; z += 1e-3) {
    const double value = LogExpectedImprovement(z);
    EXPECT_GT(value, before) << z;
    EXPECT_LT(value - before, 1e-3 * 14.2) << z;
    before = value;
  }
}

}  // namespace
}  // namespace coppice::strategies
