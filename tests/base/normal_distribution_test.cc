#include "base/normal_distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace coppice {
namespace {

// In units of the last place of the exact value.
double UlpsBetween(double value, long double exact) {
  const auto rounded = static_cast<double>(exact);
  const double ulp = std::nextafter(std::abs(rounded), INFINITY) - std::abs(rounded);
  return static_cast<double>(std::abs(value - exact) / static_cast<long double>(ulp));
}

TEST(Erfc, IsWithinSixteenUlpOfLongDouble) {
  double worst = 0;
  for (double x = -6; x < 26; x += 0.00371) {
    worst = std::max(worst, UlpsBetween(Erfc(x), std::erfc(static_cast<long double>(x))));
  }
  EXPECT_LT(worst, 16);
}

TEST(Erfc, HasThePublishedValues) {
  EXPECT_EQ(Erfc(0), 1);
  EXPECT_NEAR(Erfc(0.5) / 0.47950012218695346232, 1, 2e-15);
  EXPECT_NEAR(Erfc(2) / 0.0046777349810472658379, 1, 2e-15);
  EXPECT_NEAR(Erfc(10) / 2.088487583762544757e-45, 1, 4e-15);
  EXPECT_NEAR(Erfc(26) / 5.6631924088561428465e-296, 1, 4e-15);
  EXPECT_EQ(Erfc(40), 0);
  EXPECT_EQ(Erfc(-40), 2);
}

TEST(NormalCdf, HasThePublishedValues) {
  EXPECT_NEAR(NormalCdf(-30) / 4.90671392714818706e-198, 1, 1e-13);
  EXPECT_NEAR(NormalCdf(-8) / 6.22096057427178412e-16, 1, 1e-14);
  EXPECT_NEAR(NormalCdf(-1), 0.158655253931457051, 1e-16);
  EXPECT_EQ(NormalCdf(0), 0.5);
  EXPECT_NEAR(NormalCdf(3), 0.998650101968369905, 2e-16);
}

TEST(NormalQuantile, IsTheInverse) {
  EXPECT_EQ(NormalQuantile(0.5), 0);
  EXPECT_NEAR(NormalQuantile(0.025), -1.959963984540054, 1e-14);
  EXPECT_NEAR(NormalQuantile(0.9), 1.2815515655446004, 1e-14);
  EXPECT_NEAR(NormalQuantile(0.3), -0.5244005127080407, 1e-14);
  for (double p = 1e-300; p < 0.5; p *= 1.9) {
    EXPECT_NEAR(NormalCdf(NormalQuantile(p)) / p, 1, 1e-12) << p;
  }
  for (double p = 0.001; p < 1; p += 0.001) {
    EXPECT_NEAR(NormalCdf(NormalQuantile(p)), p, 1e-15) << p;
  }
}

}  // namespace
}  // namespace coppice
