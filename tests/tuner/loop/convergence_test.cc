// Studies that end because nothing more is expected of them.

#include <gtest/gtest.h>

#include <cmath>

#include "strategies/registry.h"
#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::ToIndex;
using study::TrialId;

constexpr double kErrorFactor = 1.5;

// Expects a gain of 1 before trials below `small_from`, and of 0.25 from there on.
class ScriptedForesight : public strategies::Strategy {
 public:
  explicit ScriptedForesight(int small_from) : small_from_(small_from) {}

  strategies::Suggestion Ask(TrialId next) const override {
    return strategies::NewTrial{study::Configuration({{"x", 1.0 * ToIndex(next)}}), "next"};
  }
  std::optional<strategies::Outlook> LookAhead(TrialId next) const override {
    ++n_asked;
    return strategies::Outlook{best_, ToIndex(next) < small_from_ ? 1 : 0.25};
  }
  void TellCreated(TrialId, const study::Configuration&) override {}
  void TellFinished(TrialId trial, const strategies::Observation& observation) override {
    if (!std::isnan(observation.loss)) best_ = trial;
  }

  mutable int n_asked = 0;

 private:
  int small_from_;
  TrialId best_{};
};

// Every trial has a standard error of 1; 0.25 is less than 0.2 of 1.5 times that, and 1 is not.
// `shuffle` changes only how long trials take.
SimulatedExecutor::Plan PlanWithErrors(int shuffle) {
  return [shuffle](const TrialRequest& request, int) {
    SimulatedTrial plan;
    plan.seconds = 1 + (ToIndex(request.trial) * 7 + shuffle * 5) % 11;
    const double x = AsDouble(*request.configuration.Find("x"));
    plan.outcome = study::Completed{(x - 0.4) * (x - 0.4), 1.0, 1, 1};
    return plan;
  };
}

LoopSetup Converging(int slots) {
  LoopSetup setup = SetupFor(slots, 100);
  setup.stop.converged = true;
  setup.error_factor = kErrorFactor;
  return setup;
}

LoopResult RunWith(const LoopSetup& setup, strategies::Strategy& strategy,
                   results::TrialStore& store, int shuffle = 0) {
  VirtualClock clock;
  SimulatedExecutor executor(clock, PlanWithErrors(shuffle));
  RecordingProgress progress;
  const CancelToken never;
  return TuningLoop(setup, strategy, executor, store, clock, progress).Run(never);
}

TEST(ConvergedStudy, EndsBeforeTheTrialWithTheTenthSmallExpectationInARow) {
  ScriptedForesight strategy(35);
  results::MemoryStore store = NewStore();
  const LoopResult result = RunWith(Converging(1), strategy, store);
  EXPECT_EQ(result.stopped->reason, study::StopReason::kConverged);
  EXPECT_EQ(result.trials, 44);
  EXPECT_EQ(strategy.n_asked, 15) << "from the 30th score on, before trials 30 to 44";
}

TEST(ConvergedStudy, DoesNotEndBeforeThirtyScoresAndTenExpectations) {
  ScriptedForesight strategy(0);
  results::MemoryStore store = NewStore();
  EXPECT_EQ(RunWith(Converging(1), strategy, store).trials, 39);
}

TEST(ConvergedStudy, CountsScoresThatTheProposalMayKnow) {
  ScriptedForesight strategy(0);
  results::MemoryStore store = NewStore();
  EXPECT_EQ(RunWith(Converging(4), strategy, store).trials, 42);
}

TEST(ConvergedStudy, WritesWhatItExpectedInStandardErrors) {
  ScriptedForesight strategy(35);
  results::MemoryStore store = NewStore();
  RunWith(Converging(1), strategy, store);
  for (const results::LoggedEvent& e : store.Events()) {
    const auto* created = std::get_if<study::TrialCreated>(&e.event);
    if (created == nullptr) continue;
    const int trial = ToIndex(created->trial);
    ASSERT_EQ(created->expected_gain.has_value(), trial >= 30) << trial;
    if (trial < 30) continue;
    EXPECT_EQ(*created->expected_gain, (trial < 35 ? 1 : 0.25) / kErrorFactor);
  }
}

TEST(ConvergedStudy, IsAskedNothingAgainThatTheLogHolds) {
  ScriptedForesight strategy(35);
  results::MemoryStore whole = NewStore();
  RunWith(Converging(1), strategy, whole);
  results::MemoryStore store = FirstEvents(whole, whole.Events().size() - 1);
  ScriptedForesight resumed(35);
  EXPECT_EQ(RunWith(Converging(1), resumed, store).trials, 44);
  EXPECT_EQ(resumed.n_asked, 1);
  EXPECT_EQ(LogOf(store), LogOf(whole));
}

TEST(ConvergedStudy, EndsTheSameAfterACrashAtAnyEvent) {
  ScriptedForesight strategy(36);
  results::MemoryStore whole = NewStore();
  const LoopResult result = RunWith(Converging(3), strategy, whole);
  ASSERT_EQ(result.stopped->reason, study::StopReason::kConverged);
  for (std::size_t n = 0; n < whole.Events().size(); ++n) {
    results::MemoryStore store = FirstEvents(whole, n);
    ScriptedForesight resumed(36);
    RunWith(Converging(3), resumed, store, static_cast<int>(n));
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << "crash after event " << n;
  }
}

TEST(ConvergedStudy, GoesOnForTenMoreTrialsWhenItIsExtended) {
  ScriptedForesight strategy(0);
  results::MemoryStore store = NewStore();
  RunWith(Converging(1), strategy, store);
  store.Append(std::vector<study::StudyEvent>{study::StudyExtended{50, 0}}, 0);
  ScriptedForesight resumed(0);
  const LoopResult result = RunWith(Converging(1), resumed, store);
  EXPECT_EQ(result.stopped->reason, study::StopReason::kConverged);
  EXPECT_EQ(result.trials, 39 + 9);
}

// A parabola in one dimension, with errors far above what is left to gain.
TEST(ConvergedStudy, OfTheBayesianStrategyEndsAtTheSameTrialInAnyOrder) {
  study::RangeSpec x;
  x.name = "x";
  x.max = 1;
  const study::SearchSpace space({study::ParameterRange(x)});
  std::vector<Lines> results;
  for (const int shuffle : {0, 1}) {
    const auto strategy = strategies::MakeStrategy({"bayesian", {}}, space, 3, {});
    results::MemoryStore store = NewStore();
    const LoopResult result = RunWith(Converging(2), *strategy, store, shuffle);
    EXPECT_EQ(result.stopped->reason, study::StopReason::kConverged);
    EXPECT_EQ(result.trials, 40) << "30 scores are told before trial 31";
    results.push_back(ResultsOf(store));
  }
  EXPECT_EQ(results[0], results[1]);
}

}  // namespace
}  // namespace coppice::tuner::testing
