#include "results/report/score_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace coppice::results {
namespace {

TEST(ScoreText, GivesScoreAndErrorTheSameDecimals) {
  EXPECT_EQ(ScoreText(48545.1234, 710.29), "48545.1 +- 710.3");
  EXPECT_EQ(ScoreText(0.8512345678, 0.0123), "0.851235 +- 0.012300");
  EXPECT_EQ(ScoreText(-12.5, 3.0), "-12.5000 +- 3.0000");
}

TEST(ScoreText, CountsTheDigitsAfterRounding) {
  EXPECT_EQ(ScoreText(99999.99, 1.0), "100000 +- 1");
}

TEST(ScoreText, WritesThePartBeforeThePointWhole) {
  EXPECT_EQ(ScoreText(123456789.4, 1000.0), "123456789 +- 1000");
}

TEST(ScoreText, ShowsASmallErrorAsMoreThanZero) {
  EXPECT_EQ(ScoreText(48545.1234, 0.0042), "48545.123 +- 0.004");
}

TEST(ScoreText, LeavesAnAbsentErrorOut) { EXPECT_EQ(ScoreText(0.85, {}), "0.85"); }

TEST(ScoreText, KeepsPowersOfTenForNumbersThatNeedThem) {
  EXPECT_EQ(ScoreText(1.5e-20, 1e-21), "1.5e-20 +- 1e-21");
  EXPECT_EQ(ScoreText(std::numeric_limits<double>::infinity(), 1.0), "inf +- 1");
}

}  // namespace
}  // namespace coppice::results
