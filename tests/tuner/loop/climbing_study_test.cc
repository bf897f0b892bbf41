// Studies whose trials are paused and promoted.

#include <gtest/gtest.h>

#include <algorithm>

#include "strategies/registry.h"
#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::ToIndex;

constexpr int kMaxRounds = 27;
constexpr int kTrials = 40;

study::SearchSpace OneFloat() {
  study::RangeSpec x;
  x.name = "x";
  x.max = 1;
  return study::SearchSpace({study::ParameterRange(x)});
}

// The score gets better with the rounds; some trials fail. `shuffle` changes only the time that
// each stint takes.
SimulatedExecutor::Plan CurvePlan(std::uint64_t shuffle) {
  return [shuffle](const TrialRequest& request, int) {
    const double x = AsDouble(*request.configuration.Find("x"));
    const int rounds = request.rounds > 0 ? std::min(request.rounds, kMaxRounds) : kMaxRounds;
    SimulatedTrial plan;
    const auto mixed = shuffle * 7919 + static_cast<std::uint64_t>(ToIndex(request.trial)) * 31;
    plan.seconds = 1 + static_cast<double>((mixed + static_cast<std::uint64_t>(rounds)) % 17);
    const study::Completed result{x + 1.0 / rounds, std::nullopt, rounds, rounds};
    plan.outcome = result;
    if (rounds < kMaxRounds) plan.outcome = study::Paused{result};
    if (ToIndex(request.trial) % 9 == 4) {
      plan.outcome = study::Failed{study::FailureKind::kCrash, "as planned"};
    }
    return plan;
  };
}

struct Climb {
  std::string kind;
  std::string proposals;
};

// Continues what is in the store.
LoopResult RunClimb(const Climb& climb, std::uint64_t shuffle, results::TrialStore& store,
                    CommitRule order = CommitRule::kDeterministic) {
  const auto strategy = strategies::MakeStrategy(
      {climb.kind, {{"min_rounds", std::int64_t{1}}, {"proposals", Value(climb.proposals)}}},
      OneFloat(), 5, {}, kMaxRounds);
  VirtualClock clock;
  SimulatedExecutor executor(clock, CurvePlan(shuffle));
  RecordingProgress progress;
  LoopSetup setup = SetupFor(4, kTrials);
  setup.order = order;
  const CancelToken never;
  return TuningLoop(setup, *strategy, executor, store, clock, progress).Run(never);
}

class ClimbingStudy : public ::testing::TestWithParam<Climb> {};

TEST_P(ClimbingStudy, PromotesToTheLastRoundAndStopsAtTheLimitOfTrials) {
  results::MemoryStore store = NewStore();
  const LoopResult result = RunClimb(GetParam(), 1, store);
  EXPECT_EQ(result.trials, kTrials);
  ASSERT_TRUE(result.stopped);
  EXPECT_EQ(result.stopped->reason, study::StopReason::kTrials);
  int completed = 0;
  int paused = 0;
  int failed = 0;
  for (const study::Trial& trial : store.Trials()) {
    completed += trial.state == study::TrialState::kCompleted;
    paused += trial.state == study::TrialState::kPaused;
    failed += trial.state == study::TrialState::kFailed;
  }
  EXPECT_EQ(completed + paused + failed, kTrials);
  EXPECT_EQ(failed, 4);
  EXPECT_GT(completed, 0);
  EXPECT_GT(paused, completed) << "most are left behind";
}

TEST_P(ClimbingStudy, IsTheSameInWhateverOrderStintsEnd) {
  results::MemoryStore first = NewStore();
  RunClimb(GetParam(), 1, first);
  const bool is_costly = GetParam().proposals == "bayesian";
  for (std::uint64_t shuffle = 2; shuffle <= (is_costly ? 2U : 4U); ++shuffle) {
    results::MemoryStore other = NewStore();
    RunClimb(GetParam(), shuffle, other);
    EXPECT_EQ(ResultsOf(other), ResultsOf(first)) << shuffle;
  }
}

TEST_P(ClimbingStudy, ResumesToTheSameAfterACrashAtAnyEvent) {
  results::MemoryStore whole = NewStore();
  RunClimb(GetParam(), 1, whole);
  const std::size_t n = whole.Events().size();
  const std::size_t step = GetParam().proposals == "bayesian" ? n / 4 : 3;
  for (std::size_t crash = step / 3; crash < n; crash += step) {
    results::MemoryStore resumed = FirstEvents(whole, crash);
    RunClimb(GetParam(), 2, resumed);
    EXPECT_EQ(ResultsOf(resumed), ResultsOf(whole)) << crash;
  }
}

TEST_P(ClimbingStudy, EndsWithoutAnOrderToo) {
  results::MemoryStore store = NewStore();
  const LoopResult result = RunClimb(GetParam(), 1, store, CommitRule::kAsap);
  EXPECT_EQ(result.trials, kTrials);
  EXPECT_TRUE(result.stopped);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ClimbingStudy,
                         ::testing::Values(Climb{"hyperband", "random"}, Climb{"asha", "random"},
                                           Climb{"hyperband", "bayesian"},
                                           Climb{"asha", "bayesian"}),
                         [](const auto& test) {
                           return test.param.kind + "_" + test.param.proposals;
                         });

}  // namespace
}  // namespace coppice::tuner::testing
