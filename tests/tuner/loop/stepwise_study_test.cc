#include "tuner/loop/stepwise_study.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

#include "base/error.h"
#include "base/random.h"
#include "strategies/registry.h"
#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::StopReason;
using study::ToIndex;
using study::TrialId;

// One command: a strategy that knows nothing yet, told the log of `store`.
struct Command {
  Command(const LoopSetup& setup, results::TrialStore& store, const Clock& clock,
          std::unique_ptr<strategies::Strategy> of = std::make_unique<ListeningStrategy>())
      : strategy(std::move(of)), study(setup, *strategy, store, clock, progress) {}

  std::unique_ptr<strategies::Strategy> strategy;
  RecordingProgress progress;
  StepwiseStudy study;
};

using MakeStrategy = std::function<std::unique_ptr<strategies::Strategy>()>;

// Suggests as much as there is, then tells of one running trial that chance picks, until there is
// nothing left: each time by a new command.
void RunByCommands(const LoopSetup& setup, const MakeStrategy& make,
                   const SimulatedExecutor::Plan& plan, std::uint64_t seed,
                   results::TrialStore& store) {
  const VirtualClock clock;
  RandomStream random(seed, {Purpose::kSynth});
  while (true) {
    while (Command(setup, store, clock, make()).study.Suggest()) {
    }
    Command command(setup, store, clock, make());
    const auto& running = command.study.running();
    if (running.empty()) break;
    const auto picked =
        std::next(running.begin(), static_cast<std::ptrdiff_t>(random.Below(running.size())));
    const TrialId trial = *picked;
    const TrialRequest request{trial, command.study.created(trial).configuration, nullptr,
                               command.study.rounds(trial)};
    command.study.Tell(trial, plan(request, 1).outcome);
  }
}

TEST(StepwiseStudy, MakesTheTrialsThatALoopMakesInWhateverOrderTheyAreTold) {
  LoopSetup setup = SetupFor(3, 25);
  setup.stop.no_gain_trials = 20;
  results::MemoryStore expected = NewStore();
  World(setup, ShuffledPlan(0)).Run(expected);
  const MakeStrategy make = [] { return std::make_unique<ListeningStrategy>(3); };
  for (std::uint64_t seed : {1U, 2U, 3U}) {
    results::MemoryStore store = NewStore();
    RunByCommands(setup, make, ShuffledPlan(0), seed, store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(expected)) << seed;
  }
}

// Trials that are paused after 1, 3 and 9 rounds.
SimulatedExecutor::Plan ClimbPlan() {
  return [](const TrialRequest& request, int) {
    const double x = AsDouble(*request.configuration.Find("x"));
    const study::Completed result{x + 1.0 / request.rounds, std::nullopt, request.rounds,
                                  request.rounds};
    SimulatedTrial trial;
    trial.outcome = result;
    if (request.rounds < 9) trial.outcome = study::Paused{result};
    return trial;
  };
}

TEST(StepwiseStudy, PromotesPausedTrialsAsALoopDoes) {
  study::RangeSpec x;
  x.name = "x";
  x.max = 1;
  for (const std::string kind : {"hyperband", "asha"}) {
    const MakeStrategy make = [&] {
      return strategies::MakeStrategy({kind, {}}, study::SearchSpace({study::ParameterRange(x)}), 5,
                                      {}, 9);
    };
    results::MemoryStore expected = NewStore();
    const auto strategy = make();
    VirtualClock clock;
    SimulatedExecutor executor(clock, ClimbPlan());
    RecordingProgress progress;
    const CancelToken never;
    TuningLoop(SetupFor(3, 20), *strategy, executor, expected, clock, progress).Run(never);
    results::MemoryStore store = NewStore();
    RunByCommands(SetupFor(3, 20), make, ClimbPlan(), 1, store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(expected)) << kind;
  }
}

TEST(StepwiseStudy, SuggestsNoMoreThanMayRunAtOnce) {
  for (const CommitRule order : {CommitRule::kDeterministic, CommitRule::kAsap}) {
    LoopSetup setup = SetupFor(2, 10);
    setup.order = order;
    results::MemoryStore store = NewStore();
    const VirtualClock clock;
    Command command(setup, store, clock);
    EXPECT_EQ(command.study.Suggest(), TrialId{0});
    EXPECT_EQ(command.study.Suggest(), TrialId{1});
    EXPECT_FALSE(command.study.Suggest());
    EXPECT_FALSE(command.study.stopped());
    EXPECT_EQ(command.study.running(), (std::set<TrialId>{TrialId{0}, TrialId{1}}));
    command.study.Tell(TrialId{1}, Score(1));
    // In order, trial 2 may know of trial 0 and has to wait for it.
    EXPECT_EQ(command.study.Suggest().has_value(), order == CommitRule::kAsap);
  }
}

TEST(StepwiseStudy, StopsAndStillHearsOfWhatRuns) {
  results::MemoryStore store = NewStore();
  const VirtualClock clock;
  Command command(SetupFor(2, 2), store, clock);
  command.study.Suggest();
  command.study.Suggest();
  command.study.Tell(TrialId{0}, Score(1));
  EXPECT_FALSE(command.study.Suggest());
  ASSERT_TRUE(command.study.stopped());
  EXPECT_EQ(command.study.stopped()->reason, StopReason::kTrials);
  Command later(SetupFor(2, 2), store, clock);
  EXPECT_TRUE(later.study.stopped());
  EXPECT_FALSE(later.study.Suggest());
  later.study.Tell(TrialId{1}, Score(0.5));
  EXPECT_EQ(LogOf(store),
            (Lines{"created 0", "started 0", "created 1", "started 1", "finished 0 completed",
                   "stopped trials", "finished 1 completed"}));
}

TEST(StepwiseStudy, RefusesATrialThatDoesNotRun) {
  results::MemoryStore store = NewStore();
  const VirtualClock clock;
  Command command(SetupFor(2, 9), store, clock);
  command.study.Suggest();
  command.study.Tell(TrialId{0}, Score(1));
  for (const int trial : {0, 1, -1}) {
    try {
      command.study.Tell(TrialId{trial}, Score(1));
      FAIL() << trial;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(error.findings()[0].message,
                trial == 0 ? "trial `0` was told already"
                           : "there is no trial `" + std::to_string(trial) + "`");
    }
  }
  EXPECT_EQ(store.Events().size(), 3U);
}

TEST(StepwiseStudy, TakesAScoreThatIsNoNumberForAFailure) {
  results::MemoryStore store = NewStore();
  const VirtualClock clock;
  Command command(SetupFor(1, 9), store, clock);
  command.study.Suggest();
  command.study.Tell(TrialId{0}, Score(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(store.Trials()[0].state, study::TrialState::kFailed);
}

TEST(StepwiseStudy, FailsATrialThatTookTooLong) {
  LoopSetup setup = SetupFor(1, 9);
  setup.trial_seconds = 60;
  results::MemoryStore store = NewStore();
  VirtualClock clock;
  Command(setup, store, clock).study.Suggest();
  clock.AdvanceTo(60);
  Command(setup, store, clock).study.Tell(TrialId{0}, Score(1));
  EXPECT_EQ(store.Trials()[0].state, study::TrialState::kCompleted);
  Command(setup, store, clock).study.Suggest();
  clock.AdvanceTo(121);
  Command(setup, store, clock).study.Tell(TrialId{1}, Score(1));
  const auto failed = std::get<study::Failed>(*store.Trials()[1].outcome);
  EXPECT_EQ(failed.kind, study::FailureKind::kTimeout);
  EXPECT_EQ(failed.reason, "over `limits.trial_seconds` (60 s)");
}

TEST(StepwiseStudy, CountsTheSecondsFromTheSuggestionAndFromItsOwnBeginning) {
  LoopSetup setup = SetupFor(1, std::nullopt);
  setup.stop.seconds = 100;
  results::MemoryStore store = NewStore();
  VirtualClock clock;
  clock.AdvanceTo(10);
  Command(setup, store, clock).study.Suggest();
  clock.AdvanceTo(35);
  Command(setup, store, clock).study.Tell(TrialId{0}, Score(1));
  EXPECT_EQ(store.Trials()[0].seconds, 25);
  clock.AdvanceTo(std::nextafter(100, 0));
  Command(setup, store, clock).study.Suggest();
  clock.AdvanceTo(100);
  Command command(setup, store, clock);
  command.study.Tell(TrialId{1}, Score(1));
  EXPECT_FALSE(command.study.Suggest());
  EXPECT_EQ(command.study.stopped()->reason, StopReason::kSeconds);
}

}  // namespace
}  // namespace coppice::tuner::testing
