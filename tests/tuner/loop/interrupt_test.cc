#include <gtest/gtest.h>

#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

TEST(Interrupt, ParksRunningTrialsSoThatALaterRunStartsThemAgain) {
  results::MemoryStore store = NewStore();
  World first(SetupFor(2, 4), ScoresPlan({4, 3, 2, 1}));
  first.progress.on_finished = [&first](study::TrialId) { first.interrupt.Cancel(); };
  // Both slots end at the same time: trial 1 has nothing left to cancel.
  const LoopResult result = first.Run(store);
  EXPECT_TRUE(result.interrupted);
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(LogOf(store), (Lines{"created 0", "started 0", "created 1", "started 1",
                                 "finished 0 completed", "finished 1 completed"}));
}

TEST(Interrupt, RequeuesWhatIsCancelledAndRecordsWhatEndsByItself) {
  // At 1 s trial 0 ends and the run is interrupted; a round takes 2 s, so that trial 1 still ends
  // by itself at 3 s and trial 2, with 10 s to go, does not.
  const auto plan = [](const TrialRequest& request, int) {
    const double seconds[] = {1, 3, 11, 1};
    return SimulatedTrial{seconds[ToIndex(request.trial)], Score(1), {}, 2};
  };
  results::MemoryStore store = NewStore();
  World first(SetupFor(3, 4), plan);
  first.progress.on_finished = [&first](study::TrialId) { first.interrupt.Cancel(); };
  EXPECT_TRUE(first.Run(store).interrupted);
  auto log = LogOf(store);
  EXPECT_EQ(Lines(log.begin() + 6, log.end()),
            (Lines{"finished 0 completed", "finished 1 completed", "requeued 2"}));

  World second(SetupFor(3, 4), plan);
  EXPECT_TRUE(second.Run(store).stopped);
  log = LogOf(store);
  EXPECT_EQ(Lines(log.begin() + 9, log.end()),
            (Lines{"started 2", "created 3", "started 3", "stopped trials", "finished 3 completed",
                   "finished 2 completed"}));
  EXPECT_EQ(store.Trials()[2].attempts, 2);
}

TEST(Interrupt, IsSeenWhileEveryTrialIsStillLongFromItsEnd) {
  // The token is tripped from outside, as by a signal, while the loop waits.
  class Tripping : public SimulatedExecutor {
   public:
    Tripping(VirtualClock& clock, CancelToken& token)
        : SimulatedExecutor(clock, SteadyPlan(1e6)), token_(token) {}
    std::optional<TrialResult> Next(double deadline) override {
      token_.Cancel();
      return SimulatedExecutor::Next(deadline);
    }

   private:
    CancelToken& token_;
  };
  results::MemoryStore store = NewStore();
  World world(SetupFor(1, 1), SteadyPlan(1));
  Tripping executor(world.clock, world.interrupt);
  TuningLoop loop(world.setup, world.strategy, executor, store, world.clock, world.progress);
  EXPECT_TRUE(loop.Run(world.interrupt).interrupted);
  EXPECT_LE(world.clock.Now(), 0.2);
  EXPECT_EQ(LogOf(store), (Lines{"created 0", "started 0", "requeued 0"}));
}

TEST(Interrupt, MakesNothingWhenItWasTrippedBefore) {
  results::MemoryStore store = NewStore();
  World world(SetupFor(2, 4), SteadyPlan(1));
  world.interrupt.Cancel();
  const LoopResult result = world.Run(store);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.trials, 0);
  EXPECT_TRUE(LogOf(store).empty());
}

TEST(Interrupt, DoesNotTakeBackAStudyThatIsDone) {
  results::MemoryStore store = NewStore();
  World world(SetupFor(2, 2), ScoresPlan({2, 1}));
  world.progress.on_finished = [&world](study::TrialId trial) {
    if (ToIndex(trial) == 1) world.interrupt.Cancel();
  };
  const LoopResult result = world.Run(store);
  EXPECT_FALSE(result.interrupted);
  EXPECT_TRUE(result.stopped);
}

TEST(Interrupt, DoesNotTakeBackAStopForTime) {
  LoopSetup setup = SetupFor(2, std::nullopt);
  setup.stop.seconds = 5;
  results::MemoryStore store = NewStore();
  World world(setup, SteadyPlan(10, 2));
  world.progress.on_finished = [&world](study::TrialId) { world.interrupt.Cancel(); };
  const LoopResult result = world.Run(store);
  EXPECT_FALSE(result.interrupted);
  EXPECT_TRUE(result.stopped);
  const auto log = LogOf(store);
  EXPECT_EQ(Lines(log.begin() + 4, log.end()),
            (Lines{"stopped seconds", "finished 0 cancelled", "finished 1 cancelled"}));
}

TEST(Interrupt, LeavesTheSameStudyAsNoInterruptWheneverItComes) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(3, 20), ShuffledPlan(0)).Run(whole);
  for (int n = 1; n <= 20; ++n) {
    results::MemoryStore store = NewStore();
    World first(SetupFor(3, 20), ShuffledPlan(1));
    int finished = 0;
    first.progress.on_finished = [&](study::TrialId) {
      if (++finished == n) first.interrupt.Cancel();
    };
    first.Run(store);
    EXPECT_TRUE(World(SetupFor(3, 20), ShuffledPlan(2)).Run(store).stopped);
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << "interrupted after " << n << " trials";
  }
}

}  // namespace
}  // namespace coppice::tuner::testing
