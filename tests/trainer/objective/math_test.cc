#include "trainer/objective/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace coppice::trainer {
namespace {

long double RelativeError(double value, long double truth) {
  return std::abs((static_cast<long double>(value) - truth) / truth);
}

TEST(Exp, IsWithinAThousandthOfATrillionthOverItsRange) {
  RandomStream random(1, {Purpose::kSynth});
  for (int i = 0; i < 200000; ++i) {
    const double x = i % 2 == 0 ? random.Uniform() * 1417.0 - 708.0 : random.Uniform() * 4.0 - 2.0;
    ASSERT_LT(RelativeError(Exp(x), std::exp(static_cast<long double>(x))), 1e-15L) << x;
  }
}

TEST(Exp, HasExactValuesWhereTheyAreKnown) {
  EXPECT_EQ(Exp(0.0), 1.0);
  EXPECT_EQ(Exp(-0.0), 1.0);
  EXPECT_EQ(Exp(-708.5), 0.0);
  EXPECT_GT(Exp(-708.0), 0.0);
  EXPECT_EQ(Exp(709.5), std::numeric_limits<double>::infinity());
  EXPECT_LT(Exp(709.0), std::numeric_limits<double>::infinity());
  EXPECT_EQ(Exp(-std::numeric_limits<double>::infinity()), 0.0);
  EXPECT_EQ(Exp(std::numeric_limits<double>::infinity()), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(Exp(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Log, IsWithinAThousandthOfATrillionthOverItsRange) {
  RandomStream random(2, {Purpose::kSynth});
  for (int i = 0; i < 200000; ++i) {
    // Near 1, where the logarithm nearly vanishes, and over all exponents.
    const double x = i % 2 == 0 ? 0.5 + random.Uniform() * 1.5
                                : std::ldexp(1.0 + random.Uniform(),
                                             static_cast<int>(random.Below(2046)) - 1022);
    ASSERT_LT(RelativeError(Log(x), std::log(static_cast<long double>(x))), 1e-15L) << x;
  }
  EXPECT_LT(RelativeError(Log(1.0 + 1e-15), std::log(static_cast<long double>(1.0 + 1e-15))),
            1e-15L);
  EXPECT_LT(RelativeError(Log(1.0 - 1e-15), std::log(static_cast<long double>(1.0 - 1e-15))),
            1e-15L);
}

TEST(Log, HasExactValuesWhereTheyAreKnown) {
  EXPECT_EQ(Log(1.0), 0.0);
  EXPECT_EQ(Log(2.0), 0.69314718055994531);
  EXPECT_EQ(Log(0.5), -0.69314718055994531);
}

TEST(Sigmoid, IsOneHalfAtZeroAndReachesItsEnds) {
  EXPECT_EQ(Sigmoid(0.0f), 0.5f);
  EXPECT_EQ(Sigmoid(100.0f), 1.0f);
  EXPECT_EQ(Sigmoid(-1000.0f), 0.0f);
  EXPECT_FLOAT_EQ(Sigmoid(std::log(3.0f)), 0.75f);
}

}  // namespace
}  // namespace coppice::trainer
