#include "strategies/bayesian/acquisition.h"

#include <gtest/gtest.h>

#include <cmath>

namespace coppice::strategies {
namespace {

TEST(Acquisition, IsTheBoundWithAWiderMarginForMoreTrialsAtOnce) {
  const auto bound = AcquisitionKind::kConfidenceBound;
  EXPECT_NEAR(Acquisition::Of(bound, 1, 0).At(0.5, 2), 1.4 * 2 - 0.5, 1e-14);
  EXPECT_NEAR(Acquisition::Of(bound, 8, 0).At(0.5, 2), (1.4 + 3 * 0.35) * 2 - 0.5, 1e-14);
}

TEST(Acquisition, IsTheLogarithmOfTheExpectedImprovement) {
  // At the best mean itself: deviation * phi(0).
  const auto acquisition = Acquisition::Of(AcquisitionKind::kExpectedImprovement, 1, 0.3);
  EXPECT_NEAR(acquisition.At(0.3, 2), std::log(2 / std::sqrt(2 * std::acos(-1.0))), 1e-14);
  EXPECT_GT(acquisition.At(0.2, 2), acquisition.At(0.3, 2));
  EXPECT_GT(acquisition.At(5, 0.2), acquisition.At(5, 0.1));
  EXPECT_EQ(acquisition.At(0.2, 0), -std::numeric_limits<double>::infinity());
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
