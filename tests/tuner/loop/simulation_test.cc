// Whole studies on virtual time: what they come to must not depend on which trial ends when.

#include <gtest/gtest.h>

#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

TEST(Simulation, ComesToTheSameStudyInAnyOrderOfCompletion) {
  for (int slots : {1, 2, 8}) {
    LoopSetup setup = SetupFor(slots, 200);
    setup.stop.no_gain_trials = 150;
    results::MemoryStore expected = NewStore();
    const LoopResult result = World(setup, ShuffledPlan(0)).Run(expected);
    for (std::uint64_t shuffle = 1; shuffle <= 5; ++shuffle) {
      results::MemoryStore store = NewStore();
      const LoopResult shuffled = World(setup, ShuffledPlan(shuffle)).Run(store);
      EXPECT_EQ(ResultsOf(store), ResultsOf(expected)) << slots << " slots, " << shuffle;
      EXPECT_EQ(shuffled.stopped->text, result.stopped->text);
    }
  }
}

TEST(Simulation, EndsInAnotherOrderForAnotherShuffle) {
  results::MemoryStore a = NewStore();
  World(SetupFor(8, 50), ShuffledPlan(0)).Run(a);
  results::MemoryStore b = NewStore();
  World(SetupFor(8, 50), ShuffledPlan(1)).Run(b);
  EXPECT_NE(LogOf(a), LogOf(b));
}

TEST(Simulation, ComesToAnotherStudyWithOtherSlots) {
  results::MemoryStore a = NewStore();
  World(SetupFor(2, 20), ShuffledPlan(0)).Run(a);
  results::MemoryStore b = NewStore();
  World(SetupFor(3, 20), ShuffledPlan(0)).Run(b);
  EXPECT_NE(ResultsOf(a), ResultsOf(b));
}

TEST(Simulation, RunsTenThousandTrialsWithFailuresAndStragglersToTheSameEnd) {
  constexpr int kTrials = 10000;
  results::MemoryStore whole = NewStore();
  World first(SetupFor(16, kTrials), ShuffledPlan(0));
  EXPECT_EQ(first.Run(whole).trials, kTrials);
  EXPECT_EQ(first.executor.most_running(), 16);

  results::MemoryStore store = FirstEvents(whole, whole.Events().size() / 2);
  EXPECT_EQ(World(SetupFor(16, kTrials), ShuffledPlan(1)).Run(store).trials, kTrials);
  EXPECT_TRUE(ResultsOf(store) == ResultsOf(whole));
}

}  // namespace
}  // namespace coppice::tuner::testing
