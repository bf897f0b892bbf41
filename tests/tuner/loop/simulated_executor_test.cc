#include "tuner/run/simulated_executor.h"

#include <gtest/gtest.h>

#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::TrialId;

TrialRequest Request(int trial) { return {TrialId{trial}, {}}; }

SimulatedExecutor::Plan Durations(std::vector<double> seconds, double round_seconds = 0) {
  return [=](const TrialRequest& request, int) {
    return SimulatedTrial{
        seconds.at(static_cast<std::size_t>(ToIndex(request.trial))), Score(1), {}, round_seconds};
  };
}

TEST(SimulatedExecutor, GivesTheTrialThatEndsFirstAndMovesTheClockThere) {
  VirtualClock clock;
  SimulatedExecutor executor(clock, Durations({5, 2, 2}));
  for (int i : {0, 1, 2}) executor.Start(Request(i));
  EXPECT_EQ(executor.Running(), 3);
  EXPECT_EQ(executor.Next(100)->trial, TrialId{1});
  EXPECT_EQ(clock.Now(), 2);
  EXPECT_EQ(executor.Next(100)->trial, TrialId{2});
  EXPECT_EQ(executor.Next(100)->trial, TrialId{0});
  EXPECT_EQ(clock.Now(), 5);
  EXPECT_EQ(executor.Running(), 0);
  EXPECT_EQ(executor.most_running(), 3);
}

TEST(SimulatedExecutor, WaitsNoLongerThanTheDeadline) {
  VirtualClock clock;
  SimulatedExecutor executor(clock, Durations({5}));
  executor.Start(Request(0));
  EXPECT_FALSE(executor.Next(4));
  EXPECT_EQ(clock.Now(), 4);
  EXPECT_FALSE(executor.Next(3));
  EXPECT_EQ(clock.Now(), 4);
  EXPECT_TRUE(executor.Next(5));
}

TEST(SimulatedExecutor, DoesNotWaitWhenNothingRuns) {
  VirtualClock clock;
  SimulatedExecutor executor(clock, Durations({}));
  EXPECT_FALSE(executor.Next(100));
  EXPECT_EQ(clock.Now(), 0);
}

TEST(SimulatedExecutor, EndsCancelledTrialsAfterTheirRound) {
  VirtualClock clock;
  SimulatedExecutor executor(clock, Durations({1.5, 9}, 2));
  executor.Start(Request(0));
  executor.Start(Request(1));
  EXPECT_FALSE(executor.Next(1));
  executor.CancelAll("enough");
  const auto by_itself = executor.Next(100);
  EXPECT_EQ(by_itself->trial, TrialId{0});
  EXPECT_TRUE(std::holds_alternative<study::Completed>(by_itself->outcome));
  const auto cancelled = executor.Next(100);
  EXPECT_EQ(cancelled->trial, TrialId{1});
  EXPECT_EQ(std::get<study::Cancelled>(cancelled->outcome).reason, "enough");
  EXPECT_EQ(cancelled->seconds, 3);
  EXPECT_EQ(clock.Now(), 3);
}

TEST(SimulatedExecutor, EndsAbandonedTrialsAtOnce) {
  VirtualClock clock;
  SimulatedExecutor executor(clock, Durations({9}, 4));
  executor.Start(Request(0));
  EXPECT_FALSE(executor.Next(1));
  executor.CancelAll("enough");
  EXPECT_FALSE(executor.Next(2));
  executor.AbandonAll();
  EXPECT_EQ(executor.Next(100)->seconds, 2);
  EXPECT_EQ(clock.Now(), 2);
}

TEST(SimulatedExecutor, CountsTheAttemptsOfATrial) {
  VirtualClock clock;
  std::vector<int> attempts;
  SimulatedExecutor executor(clock, [&attempts](const TrialRequest&, int attempt) {
    attempts.push_back(attempt);
    return SimulatedTrial{.outcome = Score(1)};
  });
  for (int i : {0, 1, 0}) executor.Start(Request(i));
  EXPECT_EQ(attempts, (std::vector<int>{1, 1, 2}));
}

}  // namespace
}  // namespace coppice::tuner::testing
