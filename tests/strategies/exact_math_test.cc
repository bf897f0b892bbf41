#include "base/exact_math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace coppice {
namespace {

TEST(ExactMath, KeepsTheDigitsOfExpMinus1NearZero) {
  for (double x = 1e-18; x < 700; x *= 1.37) {
    for (double signed_x : {x, -x}) {
      const auto exact = static_cast<double>(std::expm1(static_cast<long double>(signed_x)));
      EXPECT_NEAR(ExpMinus1(signed_x) / exact, 1, 4e-15) << signed_x;
    }
  }
  EXPECT_EQ(ExpMinus1(0), 0);
  EXPECT_EQ(ExpMinus1(-1000), -1);
  EXPECT_EQ(ExpMinus1(1000), std::numeric_limits<double>::infinity());
}

TEST(ExactMath, KeepsTheDigitsOfLog1PlusNearZero) {
  for (double x = 1e-18; x < 1e300; x *= 3.7) {
    const auto exact = static_cast<double>(std::log1p(static_cast<long double>(x)));
    EXPECT_NEAR(Log1Plus(x) / exact, 1, 4e-15) << x;
    if (x >= 1) continue;
    const auto below = static_cast<double>(std::log1p(-static_cast<long double>(x)));
    EXPECT_NEAR(Log1Plus(-x) / below, 1, 4e-15) << -x;
  }
  EXPECT_EQ(Log1Plus(0), 0);
}

}  // namespace
}  // namespace coppice
