#include "tuner/loop/time_left.h"

#include <gtest/gtest.h>

namespace coppice::tuner {
namespace {

TEST(TimeLeft, IsNotForecastOfTwoTrials) {
  WorkSoFar work;
  work.ended_seconds = {2, 2};
  work.not_started = 10;
  work.elapsed_seconds = 2;
  EXPECT_EQ(ForecastTimeLeft(work).state, ForecastState::kTooEarly);
}

// Four trials of 2 s in 4 s: two at once. Ten are left: 20 s of work, 10 s for two at once.
TEST(TimeLeft, OfEqualTrialsIsOneNumber) {
  WorkSoFar work;
  work.ended_seconds = {2, 2, 2, 2};
  work.not_started = 10;
  work.elapsed_seconds = 4;
  const Forecast forecast = ForecastTimeLeft(work);
  ASSERT_EQ(forecast.state, ForecastState::kKnown);
  EXPECT_DOUBLE_EQ(forecast.left.low, 10);
  EXPECT_DOUBLE_EQ(forecast.left.high, 10);
}

// Of the running trials one has half its work before it, and one should have ended already.
TEST(TimeLeft, CountsWhatRunningTrialsStillHaveToDo) {
  WorkSoFar work;
  work.ended_seconds = {2, 2, 2, 2};
  work.running_ages = {1, 3};
  work.elapsed_seconds = 6;  // (8 + 4) / 6 = 2 at once
  const Forecast forecast = ForecastTimeLeft(work);
  EXPECT_DOUBLE_EQ(forecast.left.low, 0.5);
  EXPECT_DOUBLE_EQ(forecast.left.high, 0.5);
}

// Mean 2, variance 1 for {1, 2, 3}; three more: 6 s of work with a deviation of
// sqrt(1 * (3 + 9 / 3)) = sqrt(6), one at a time.
TEST(TimeLeft, IsARangeWhereTrialsDiffer) {
  WorkSoFar work;
  work.ended_seconds = {1, 2, 3};
  work.not_started = 3;
  work.elapsed_seconds = 6;
  const Forecast forecast = ForecastTimeLeft(work);
  EXPECT_NEAR(forecast.left.low, 6 - 2 * 2.449490, 1e-5);
  EXPECT_NEAR(forecast.left.high, 6 + 2 * 2.449490, 1e-5);
}

TEST(TimeLeft, IsNeverMoreThanTheLimitOnTime) {
  WorkSoFar work;
  work.ended_seconds = {1, 2, 3};
  work.not_started = 3;
  work.elapsed_seconds = 6;
  work.seconds_left = 4;
  const Forecast forecast = ForecastTimeLeft(work);
  EXPECT_NEAR(forecast.left.low, 6 - 2 * 2.449490, 1e-5);
  EXPECT_DOUBLE_EQ(forecast.left.high, 4);
}

TEST(TimeLeft, IsThatOfTheLimitOnTimeWhereTrialsHaveNone) {
  WorkSoFar work;
  work.has_trial_limit = false;
  EXPECT_EQ(ForecastTimeLeft(work).state, ForecastState::kNone);
  work.seconds_left = 30;
  const Forecast forecast = ForecastTimeLeft(work);
  ASSERT_EQ(forecast.state, ForecastState::kKnown);
  EXPECT_DOUBLE_EQ(forecast.left.low, 30);
  EXPECT_DOUBLE_EQ(forecast.left.high, 30);
}

// How often trials of a rung come back is the strategy's to say.
TEST(TimeLeft, IsNotForecastFromTrialsOfRungs) {
  WorkSoFar work;
  work.ended_seconds = {2, 2, 2, 2};
  work.elapsed_seconds = 4;
  work.goes_on_in_rungs = true;
  EXPECT_EQ(ForecastTimeLeft(work).state, ForecastState::kNone);
}

}  // namespace
}  // namespace coppice::tuner
