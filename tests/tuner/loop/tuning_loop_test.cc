#include "tuner/loop/tuning_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::StopReason;

const double kFails = std::nan("");

TEST(TuningLoop, AppendsFirstAndTellsSecondBehindTheHorizon) {
  results::MemoryStore store = NewStore();
  World world(SetupFor(2, 3), ScoresPlan({0.5, 0.25, 0.75}));
  const LoopResult result = world.Run(store);
  EXPECT_EQ(LogOf(store),
            (Lines{"created 0", "started 0", "created 1", "started 1", "finished 0 completed",
                   "created 2", "started 2", "finished 1 completed", "stopped trials",
                   "finished 2 completed"}));
  EXPECT_EQ(world.strategy.heard(),
            (Lines{"created 0", "created 1", "finished 0 completed 0.5", "created 2",
                   "finished 1 completed 0.25", "finished 2 completed 0.75"}));
  ASSERT_TRUE(result.stopped);
  EXPECT_EQ(result.stopped->reason, StopReason::kTrials);
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(result.trials, 3);
}

TEST(TuningLoop, TellsNothingThatIsNotInTheStore) {
  class Watching : public results::MemoryStore {
   public:
    explicit Watching(const ListeningStrategy*& strategy)
        : MemoryStore(results::StudyRecord{}), strategy_(strategy) {}
    void Append(std::span<const study::StudyEvent> events, double elapsed) override {
      for (const study::StudyEvent& event : events) {
        const auto* created = std::get_if<study::TrialCreated>(&event);
        if (created == nullptr) continue;
        EXPECT_EQ(std::ranges::count(strategy_->heard(),
                                     "created " + std::to_string(ToIndex(created->trial))),
                  0);
      }
      MemoryStore::Append(events, elapsed);
    }

   private:
    const ListeningStrategy*& strategy_;
  };
  const ListeningStrategy* strategy = nullptr;
  Watching store(strategy);
  World world(SetupFor(2, 5), SteadyPlan(1));
  strategy = &world.strategy;
  EXPECT_EQ(world.Run(store).trials, 5);
}

TEST(TuningLoop, TurnsAScoreToBeMaximisedIntoALossOnce) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(1, 1);
  setup.goal = study::Goal::kMaximize;
  World world(setup, ScoresPlan({0.75}));
  world.Run(store);
  EXPECT_EQ(world.strategy.heard(), (Lines{"created 0", "finished 0 completed -0.75"}));
  EXPECT_EQ(std::get<study::Completed>(*store.Trials()[0].outcome).score, 0.75);
}

TEST(TuningLoop, RunsNoMoreTrialsAtOnceThanThereAreSlots) {
  for (CommitRule order : {CommitRule::kDeterministic, CommitRule::kAsap}) {
    results::MemoryStore store = NewStore();
    LoopSetup setup = SetupFor(3, 30);
    setup.order = order;
    World world(setup, ShuffledPlan(1));
    world.Run(store);
    EXPECT_EQ(world.executor.most_running(), 3);
  }
}

TEST(TuningLoop, TakesAScoreThatIsNotFiniteAsAFailureOfTheTrial) {
  for (double score : {std::nan(""), std::numeric_limits<double>::infinity(),
                       -std::numeric_limits<double>::infinity()}) {
    results::MemoryStore store = NewStore();
    World world(SetupFor(1, 1), [score](const TrialRequest&, int) {
      return SimulatedTrial{.outcome = Score(score)};
    });
    world.Run(store);
    const std::vector<study::Trial> trials = store.Trials();
    const auto* failed = std::get_if<study::Failed>(&*trials[0].outcome);
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->kind, study::FailureKind::kBadMetric);
    EXPECT_NE(failed->reason.find("not a finite number"), std::string::npos);
    EXPECT_EQ(world.strategy.heard(), (Lines{"created 0", "finished 0 failed nan"}));
  }
}

TEST(TuningLoop, KeepsCurvesAndSeconds) {
  results::MemoryStore store = NewStore();
  const study::Curve curve{0, "validation", "auc", {0.5, 0.625}};
  World world(SetupFor(1, 1), [&curve](const TrialRequest&, int) {
    return SimulatedTrial{2.5, Score(1), {curve}, 0};
  });
  world.Run(store);
  EXPECT_EQ(store.Curves(study::TrialId{0}), (std::vector<study::Curve>{curve}));
  EXPECT_EQ(store.Trials()[0].seconds, 2.5);
  EXPECT_EQ(store.ElapsedSeconds(), 2.5);
}

TEST(TuningLoop, StopsWhenTheStrategyHasNothingLeft) {
  results::MemoryStore store = NewStore();
  World world(SetupFor(2, std::nullopt), SteadyPlan(1), /*n_configurations=*/3);
  const LoopResult result = world.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kExhausted);
  EXPECT_EQ(result.trials, 3);
  EXPECT_EQ(ResultsOf(store).size(), 3U);
}

TEST(TuningLoop, MakesNoTrialAfterTheTargetIsKnownToBeReached) {
  // With two slots trial 3 is made knowing trials 0 and 1, trial 4 knowing trial 2.
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, 10);
  setup.stop.target = 0.25;
  World world(setup, ScoresPlan({0.5, 0.375, 0.25, 0.125}));
  const LoopResult result = world.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kTarget);
  EXPECT_EQ(result.stopped->text, "Trial 2 reached the target of 0.25 with a score of 0.25.");
  EXPECT_EQ(result.trials, 4);
}

TEST(TuningLoop, DoesNotLetATrialBeyondTheHorizonStopTheStudy) {
  // Trial 1 reaches the target long before trial 0 ends, and still only trial 3 may know.
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, 10);
  setup.stop.target = 0.25;
  World world(setup, [](const TrialRequest& request, int) {
    const bool first = ToIndex(request.trial) == 0;
    return SimulatedTrial{.seconds = first ? 100.0 : 1.0, .outcome = Score(first ? 0.5 : 0.125)};
  });
  EXPECT_EQ(world.Run(store).trials, 3);
}

TEST(TuningLoop, StopsAfterSoManyFailures) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(1, 10);
  setup.failures_limit = 2;
  World world(setup, ScoresPlan({kFails, 0.5, kFails}));
  const LoopResult result = world.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kFailures);
  EXPECT_EQ(result.trials, 3);
}

TEST(TuningLoop, StopsAfterSoManyTrialsWithoutGain) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(1, 10);
  setup.stop.no_gain_trials = 2;
  World world(setup, ScoresPlan({0.5, 0.5, 0.25, 0.25, kFails}));
  const LoopResult result = world.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kNoGain);
  EXPECT_EQ(result.trials, 5);
}

TEST(TuningLoop, CancelsWhatRunsWhenTheTimeIsUp) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, std::nullopt);
  setup.stop.seconds = 25;
  World world(setup, SteadyPlan(10));
  const LoopResult result = world.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kSeconds);
  EXPECT_FALSE(result.interrupted);
  const auto log = LogOf(store);
  EXPECT_EQ(Lines(log.end() - 3, log.end()),
            (Lines{"stopped seconds", "finished 4 cancelled", "finished 5 cancelled"}));
  EXPECT_EQ(store.ElapsedSeconds(), 25);
  EXPECT_EQ(world.strategy.heard().back(), "finished 5 cancelled nan");
}

TEST(TuningLoop, LeavesTheConfirmationItsTimeOnceThereIsSomethingToConfirm) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(1, std::nullopt);
  setup.stop.seconds = 100;
  setup.confirm_share = 0.25;
  // Of eight trials two are confirmed: the study stops at 75 s.
  World enough(setup, SteadyPlan(9));
  const LoopResult result = enough.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kSeconds);
  EXPECT_EQ(result.seconds, 100);
  EXPECT_EQ(store.ElapsedSeconds(), 75);
  EXPECT_EQ(result.stopped->text,
            "The time limit of 100 seconds is reached: 75 s, and 25 s for the confirmation.");
  // The eighth ends at 88 s.
  results::MemoryStore later = NewStore();
  World late(setup, SteadyPlan(11));
  EXPECT_EQ(late.Run(later).trials, 8);
  EXPECT_EQ(later.ElapsedSeconds(), 88);
  // Fewer trials have all of the time.
  results::MemoryStore slow = NewStore();
  World few(setup, SteadyPlan(30));
  few.Run(slow);
  EXPECT_EQ(slow.ElapsedSeconds(), 100);
}

TEST(TuningLoop, KeepsItsTimeToFivePercentHoweverLongARoundTakes) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, std::nullopt);
  setup.stop.seconds = 20;
  World world(setup, [](const TrialRequest& request, int) {
    const double round = ToIndex(request.trial) == 0 ? 0.25 : 7.0;
    return SimulatedTrial{.seconds = 100, .outcome = Score(1), .round_seconds = round};
  });
  EXPECT_EQ(world.Run(store).stopped->reason, StopReason::kSeconds);
  EXPECT_EQ(LogOf(store).back(), "finished 1 cancelled");
  EXPECT_EQ(store.ElapsedSeconds(), 20.5) << "half of what it may take longer";
}

TEST(TuningLoop, MakesNoTrialAtTheVeryMomentTheTimeIsUp) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, std::nullopt);
  setup.stop.seconds = 20;
  World world(setup, SteadyPlan(10));
  EXPECT_EQ(world.Run(store).trials, 4);
  for (const study::Trial& trial : store.Trials()) {
    EXPECT_EQ(trial.state, study::TrialState::kCompleted);
  }
}

TEST(TuningLoop, LooksAtTheTimeToTheEndOfTheLastTrial) {
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, 2);
  setup.stop.seconds = 5;
  World world(setup, [](const TrialRequest& request, int) {
    return SimulatedTrial{.seconds = ToIndex(request.trial) == 0 ? 1.0 : 10.0, .outcome = Score(1)};
  });
  EXPECT_EQ(world.Run(store).stopped->reason, StopReason::kTrials);
  EXPECT_EQ(LogOf(store),
            (Lines{"created 0", "started 0", "created 1", "started 1", "finished 0 completed",
                   "stopped trials", "finished 1 cancelled"}));
}

TEST(TuningLoop, KnowsEverythingThatHasEndedWhenOrderDoesNotMatter) {
  // Trial 1 ends first: trial 2 is made knowing it, while trial 0 still runs.
  results::MemoryStore store = NewStore();
  LoopSetup setup = SetupFor(2, 3);
  setup.order = CommitRule::kAsap;
  World world(setup, [](const TrialRequest& request, int) {
    const double seconds[] = {10, 1, 2};
    const int trial = ToIndex(request.trial);
    return SimulatedTrial{.seconds = seconds[trial], .outcome = Score(trial)};
  });
  world.Run(store);
  EXPECT_EQ(world.strategy.heard(),
            (Lines{"created 0", "created 1", "finished 1 completed 1", "created 2",
                   "finished 2 completed 2", "finished 0 completed 0"}));
}

TEST(TuningLoop, SaysWhatHappensAsItHappens) {
  results::MemoryStore store = NewStore();
  World world(SetupFor(2, 3), ScoresPlan({0.5, kFails, 0.25}));
  world.Run(store);
  EXPECT_EQ(world.progress.lines,
            (Lines{"0 started, 1 running", "1 started, 2 running",
                   "0 completed best, best 0.5, 1+0 done, 1 running", "2 started, 2 running",
                   "1 failed, best 0.5, 1+1 done, 1 running",
                   "The limit of 3 trials is reached. At 1 s, 1 running, limit 3.",
                   "2 completed best, best 0.25, 2+1 done, 0 running"}));
}

TEST(TuningLoop, SparesSilentProgress) {
  results::MemoryStore store = NewStore();
  World world(SetupFor(2, 3), SteadyPlan(1));
  SilentProgress silent;
  TuningLoop loop(world.setup, world.strategy, world.executor, store, world.clock, silent);
  EXPECT_EQ(loop.Run(world.interrupt).trials, 3);
}

}  // namespace
}  // namespace coppice::tuner::testing
