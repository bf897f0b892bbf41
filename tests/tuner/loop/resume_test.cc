#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "base/error.h"
#include "base/random.h"
#include "tests/tuner/loop/world.h"
#include "tuner/loop/extension.h"

namespace coppice::tuner::testing {
namespace {

using study::StopReason;
using study::TrialId;

void Add(results::TrialStore& store, const study::StudyEvent& event) {
  store.Append(std::vector<study::StudyEvent>{event}, store.ElapsedSeconds());
}

LoopSetup CrashSetup() {
  LoopSetup setup = SetupFor(3, 14);
  setup.stop.no_gain_trials = 12;
  return setup;
}

TEST(Resume, AfterACrashAtAnyEventEndsAsTheStudyThatDidNotCrash) {
  results::MemoryStore whole = NewStore();
  const LoopResult result = World(CrashSetup(), ShuffledPlan(0)).Run(whole);
  const std::size_t n_events = whole.Events().size();
  ASSERT_GT(n_events, 40U);
  for (std::size_t n = 0; n <= n_events; ++n) {
    results::MemoryStore store = FirstEvents(whole, n);
    const LoopResult resumed = World(CrashSetup(), ShuffledPlan(n)).Run(store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << "crash after event " << n;
    EXPECT_EQ(resumed.stopped->text, result.stopped->text) << "crash after event " << n;
  }
}

TEST(Resume, AfterManyCrashesEndsAsTheStudyThatDidNotCrash) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(4, 40), ShuffledPlan(0)).Run(whole);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, {Purpose::kSynth});
    auto store = std::make_unique<results::MemoryStore>(NewStore());
    for (std::size_t kept = 0;;) {
      World(SetupFor(4, 40), ShuffledPlan(random.Next64())).Run(*store);
      const std::size_t n = store->Events().size();
      kept += 1 + random.Below(25);
      if (kept >= n) break;
      store = std::make_unique<results::MemoryStore>(FirstEvents(*store, kept));
    }
    EXPECT_EQ(ResultsOf(*store), ResultsOf(whole)) << "seed " << seed;
  }
}

// Refuses one append and all after it, as a full disk does.
class FullStore : public results::MemoryStore {
 public:
  explicit FullStore(int n_appends) : MemoryStore(results::StudyRecord{}), left_(n_appends) {}
  void Append(std::span<const study::StudyEvent> events, double elapsed_seconds) override {
    if (left_-- <= 0) throw Error(ErrorKind::kStore, "the disk is full");
    MemoryStore::Append(events, elapsed_seconds);
  }

 private:
  int left_;
};

TEST(Resume, AfterAStoreThatFailedAtAnyAppendEndsAsIfItHadNot) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(3, 10), ShuffledPlan(0)).Run(whole);
  const int n_appends = 21;  // two a trial and the stop
  for (int n = 0; n < n_appends; ++n) {
    FullStore full(n);
    World world(SetupFor(3, 10), ShuffledPlan(0));
    EXPECT_THROW(world.Run(full), Error) << n;
    results::MemoryStore store = FirstEvents(full, full.Events().size());
    World(SetupFor(3, 10), ShuffledPlan(5)).Run(store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << "full after " << n << " appends";
  }
  FullStore enough(n_appends);
  EXPECT_TRUE(World(SetupFor(3, 10), ShuffledPlan(0)).Run(enough).stopped);
}

TEST(Resume, RequeuesWhatRanAndStartsWhatNeverDid) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(2, 2), SteadyPlan(1)).Run(whole);
  // created 0, started 0, created 1: the process died before trial 1 was started.
  results::MemoryStore store = FirstEvents(whole, 3);
  World world(SetupFor(2, 2), SteadyPlan(1));
  world.Run(store);
  const auto log = LogOf(store);
  EXPECT_EQ(Lines(log.begin() + 3, log.end()),
            (Lines{"requeued 0", "started 0", "started 1", "finished 0 completed", "stopped trials",
                   "finished 1 completed"}));
  EXPECT_EQ(store.Trials()[0].attempts, 2);
  EXPECT_EQ(store.Trials()[1].attempts, 1);
}

TEST(Resume, TellsTheLogInTheOrderInWhichItWasLived) {
  for (CommitRule order : {CommitRule::kDeterministic, CommitRule::kAsap}) {
    LoopSetup setup = SetupFor(4, 40);
    setup.order = order;
    results::MemoryStore store = NewStore();
    World live(setup, ShuffledPlan(0));
    live.Run(store);
    World replayed(setup, ShuffledPlan(0));
    replayed.Run(store);
    EXPECT_EQ(replayed.strategy.heard(), live.strategy.heard());
  }
}

TEST(Resume, WithoutAnOrderGoesOnFromWhatEndedInTheOrderOfTheLog) {
  LoopSetup setup = SetupFor(4, 40);
  setup.order = CommitRule::kAsap;
  results::MemoryStore whole = NewStore();
  World live(setup, ShuffledPlan(0));
  live.Run(whole);
  for (std::size_t n = 0; n <= whole.Events().size(); n += 5) {
    results::MemoryStore store = FirstEvents(whole, n);
    World resumed(setup, ShuffledPlan(n + 1));
    EXPECT_EQ(resumed.Run(store).trials, 40);
    World again(setup, ShuffledPlan(0));
    again.Run(store);
    EXPECT_EQ(again.strategy.heard(), resumed.strategy.heard());
    EXPECT_EQ(
        std::set<std::string>(again.strategy.heard().begin(), again.strategy.heard().end()).size(),
        80U);
  }
}

TEST(Resume, OfAStoppedStudyReturnsItsStopAtOnce) {
  results::MemoryStore store = NewStore();
  World(SetupFor(2, 3), SteadyPlan(1)).Run(store);
  const auto log = LogOf(store);
  World world(SetupFor(2, 3), SteadyPlan(1));
  const LoopResult result = world.Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kTrials);
  EXPECT_EQ(result.trials, 3);
  EXPECT_EQ(LogOf(store), log);
  EXPECT_TRUE(world.progress.lines.empty());
}

TEST(Resume, OfAStoppedStudyFinishesTheTrialsThatRanAtTheStop) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(2, 3), SteadyPlan(1)).Run(whole);
  // The last event is the end of trial 2, after the stop.
  results::MemoryStore store = FirstEvents(whole, whole.Events().size() - 1);
  ASSERT_EQ(LogOf(store).back(), "stopped trials");
  World(SetupFor(2, 3), SteadyPlan(1)).Run(store);
  const auto log = LogOf(store);
  EXPECT_EQ(Lines(log.end() - 4, log.end()),
            (Lines{"stopped trials", "requeued 2", "started 2", "finished 2 completed"}));
}

TEST(Resume, OfAStudyWhoseTimeIsUpCancelsWhatWasToBeCancelled) {
  LoopSetup setup = SetupFor(2, std::nullopt);
  setup.stop.seconds = 5;
  results::MemoryStore whole = NewStore();
  World(setup, SteadyPlan(10)).Run(whole);
  const auto log = LogOf(whole);
  ASSERT_EQ(log[4], "stopped seconds");
  for (std::size_t n : {5U, 6U}) {
    results::MemoryStore store = FirstEvents(whole, n);
    EXPECT_EQ(World(setup, SteadyPlan(10)).Run(store).stopped->reason, StopReason::kSeconds);
    EXPECT_EQ(LogOf(store), log);
  }
}

TEST(Resume, CountsTheSecondsOfEarlierRuns) {
  LoopSetup setup = SetupFor(1, std::nullopt);
  setup.stop.seconds = 25;
  results::MemoryStore store = NewStore();
  World first(setup, SteadyPlan(10));
  first.progress.on_finished = [&first](TrialId) { first.interrupt.Cancel(); };
  EXPECT_TRUE(first.Run(store).interrupted);
  World second(setup, SteadyPlan(10));
  EXPECT_EQ(second.Run(store).stopped->reason, StopReason::kSeconds);
  EXPECT_EQ(second.clock.Now(), 15);
  EXPECT_EQ(store.ElapsedSeconds(), 25);
}

TEST(Extension, IsTheStudyThatALargerLimitWouldHaveMade) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(3, 20), ShuffledPlan(0)).Run(whole);
  results::MemoryStore store = NewStore();
  World(SetupFor(3, 12), ShuffledPlan(1)).Run(store);
  Add(store, study::StudyExtended{8, 0});
  World world(SetupFor(3, 12), ShuffledPlan(2));
  EXPECT_EQ(world.Run(store).trials, 20);
  EXPECT_EQ(ResultsOf(store), ResultsOf(whole));
}

TEST(Extension, AfterExhaustedTimeGoesOnForTheSecondsAdded) {
  LoopSetup setup = SetupFor(1, std::nullopt);
  setup.stop.seconds = 25;
  results::MemoryStore store = NewStore();
  World(setup, SteadyPlan(10)).Run(store);
  Add(store, study::StudyExtended{0, 20});
  World world(setup, SteadyPlan(10));
  EXPECT_EQ(world.Run(store).stopped->text, "The time limit of 45 seconds is reached.");
  EXPECT_EQ(world.clock.Now(), 20);
}

// What `resume --seconds` appends.
void AddSeconds(results::TrialStore& store, double seconds) {
  store.Append(ExtensionEvents(store.Trials(), {0, seconds}), store.ElapsedSeconds());
}

// Trials 2 and 3 are 5 s from their end when the time is up.
LoopSetup ShortOfTime() {
  LoopSetup setup = SetupFor(2, 6);
  setup.stop.seconds = 15;
  return setup;
}

TEST(Extension, OfTimeRunsTheTrialsAgainThatItsLimitCutShort) {
  results::MemoryStore store = NewStore();
  World(ShortOfTime(), SteadyPlan(10)).Run(store);
  const auto before = LogOf(store);
  ASSERT_EQ(before.back(), "finished 3 cancelled");
  AddSeconds(store, 100);
  EXPECT_EQ(World(ShortOfTime(), SteadyPlan(10)).Run(store).stopped->reason, StopReason::kTrials);
  const auto log = LogOf(store);
  EXPECT_EQ(Lines(log.begin() + static_cast<std::ptrdiff_t>(before.size()),
                  log.begin() + static_cast<std::ptrdiff_t>(before.size()) + 7),
            (Lines{"requeued 2", "requeued 3", "extended 0 100", "started 2", "started 3",
                   "finished 2 completed", "created 4"}));
  EXPECT_EQ(store.Trials().size(), 6U);
  for (const study::Trial& trial : store.Trials()) {
    EXPECT_EQ(trial.state, study::TrialState::kCompleted);
  }
}

TEST(Extension, OfTimeIsTheStudyThatALargerLimitWouldHaveMade) {
  LoopSetup enough = SetupFor(3, 14);
  enough.stop.seconds = 1e6;
  results::MemoryStore whole = NewStore();
  World(enough, ShuffledPlan(0)).Run(whole);
  for (double seconds = 2; seconds < 90; seconds += 7) {
    LoopSetup setup = SetupFor(3, 14);
    setup.stop.seconds = seconds;
    results::MemoryStore store = NewStore();
    World(setup, ShuffledPlan(1)).Run(store);
    AddSeconds(store, seconds);  // may be too short again
    World(setup, ShuffledPlan(2)).Run(store);
    AddSeconds(store, 1e6);
    const std::size_t asked = store.Events().size();
    World(setup, ShuffledPlan(3)).Run(store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << seconds << " s";
    // And when that run dies on its way.
    const std::size_t n = asked + (store.Events().size() - asked) / 2;
    results::MemoryStore crashed = FirstEvents(store, n);
    World(setup, ShuffledPlan(4)).Run(crashed);
    EXPECT_EQ(ResultsOf(crashed), ResultsOf(whole)) << seconds << " s, and a crash";
  }
}

TEST(Extension, OfTrialsAloneDoesNotRunWhatTheTimeCutShort) {
  results::MemoryStore store = NewStore();
  World(ShortOfTime(), SteadyPlan(10)).Run(store);
  EXPECT_EQ(ExtensionEvents(store.Trials(), {3, 0}).size(), 1U);
  EXPECT_TRUE(ExtensionEvents(store.Trials(), {0, 0}).empty());
}

TEST(Extension, GetsPastATargetThatWasReached) {
  LoopSetup setup = SetupFor(1, std::nullopt);
  setup.stop.target = 0.5;
  results::MemoryStore store = NewStore();
  EXPECT_EQ(World(setup, ScoresPlan({1, 0.5})).Run(store).stopped->reason, StopReason::kTarget);
  Add(store, study::StudyExtended{2, 0});
  const LoopResult result = World(setup, ScoresPlan({1, 0.5, 0.25, 1})).Run(store);
  EXPECT_EQ(result.stopped->reason, StopReason::kTrials);
  EXPECT_EQ(result.trials, 4);
}

TEST(Extension, ThatIsTooShortForAnotherRuleStopsAgainAtOnce) {
  results::MemoryStore store = NewStore();
  World(SetupFor(1, 2), SteadyPlan(1)).Run(store);
  Add(store, study::StudyExtended{0, 100});
  const LoopResult result = World(SetupFor(1, 2), SteadyPlan(1)).Run(store);
  EXPECT_EQ(result.trials, 2);
  EXPECT_EQ(LogOf(store).back(), "stopped trials");
}

// Fails as ShuffledPlan does, but with what failed for memory now going well.
SimulatedExecutor::Plan HealedPlan(std::uint64_t shuffle) {
  return [plan = ShuffledPlan(shuffle)](const TrialRequest& request, int attempt) {
    SimulatedTrial trial = plan(request, attempt);
    const bool failed = std::holds_alternative<study::Failed>(trial.outcome);
    if (failed) trial.outcome = Score(0.125);
    return trial;
  };
}

TEST(Retry, RunsOnlyTheTrialsThatWereRequeued) {
  results::MemoryStore store = NewStore();
  World(SetupFor(2, 12), ShuffledPlan(0)).Run(store);
  Add(store, study::TrialRequeued{TrialId{3}, "asked for"});
  const auto before = LogOf(store);
  World world(SetupFor(2, 12), HealedPlan(0));
  EXPECT_EQ(world.Run(store).stopped->reason, StopReason::kTrials);
  const auto log = LogOf(store);
  EXPECT_EQ(Lines(log.begin() + static_cast<std::ptrdiff_t>(before.size()), log.end()),
            (Lines{"started 3", "finished 3 completed"}));
  EXPECT_EQ(store.Trials()[10].state, study::TrialState::kFailed);
}

TEST(Retry, OfManyKeepsToTheSlots) {
  results::MemoryStore store = NewStore();
  World(SetupFor(2, 5), ScoresPlan(std::vector<double>(5, std::nan("")))).Run(store);
  for (int i = 0; i < 5; ++i) Add(store, study::TrialRequeued{TrialId{i}, "asked for"});
  World world(SetupFor(2, 5), SteadyPlan(1));
  world.Run(store);
  EXPECT_EQ(world.executor.most_running(), 2);
  for (const study::Trial& trial : store.Trials()) {
    EXPECT_EQ(trial.state, study::TrialState::kCompleted);
  }
}

TEST(Retry, IsToldBeforeTheNextProposal) {
  results::MemoryStore store = NewStore();
  World(SetupFor(1, 2), ScoresPlan({std::nan(""), 1})).Run(store);
  Add(store, study::TrialRequeued{TrialId{0}, "asked for"});
  Add(store, study::StudyExtended{1, 0});
  World world(SetupFor(1, 2), ScoresPlan({0.5, 1, 2}));
  world.Run(store);
  EXPECT_EQ(world.strategy.heard(),
            (Lines{"created 0", "finished 0 failed nan", "created 1", "finished 0 completed 0.5",
                   "finished 1 completed 1", "created 2", "finished 2 completed 2"}));
}

TEST(Retry, TakesBackTheFailureFromTheCount) {
  LoopSetup setup = SetupFor(1, 4);
  setup.failures_limit = 2;
  results::MemoryStore store = NewStore();
  EXPECT_EQ(World(setup, ScoresPlan({std::nan(""), 1, std::nan("")})).Run(store).stopped->reason,
            StopReason::kFailures);
  Add(store, study::TrialRequeued{TrialId{0}, "asked for"});
  Add(store, study::StudyExtended{0, 0});
  EXPECT_EQ(World(setup, ScoresPlan({1, 1, 1, std::nan("")})).Run(store).stopped->reason,
            StopReason::kTrials);
  EXPECT_EQ(store.Trials().size(), 4U);
}

TEST(Retry, OfAStudyWhoseTimeIsUpRunsAllTheSame) {
  LoopSetup setup = SetupFor(1, std::nullopt);
  setup.stop.seconds = 5;
  results::MemoryStore store = NewStore();
  World(setup, SteadyPlan(10)).Run(store);
  Add(store, study::TrialRequeued{TrialId{0}, "asked for"});
  results::MemoryStore crashed = FirstEvents(store, store.Events().size());
  World(setup, SteadyPlan(10)).Run(store);
  EXPECT_EQ(store.Trials()[0].state, study::TrialState::kCompleted);

  Add(crashed, study::TrialStarted{TrialId{0}});
  World(setup, SteadyPlan(10)).Run(crashed);
  EXPECT_EQ(crashed.Trials()[0].state, study::TrialState::kCompleted);
}

TEST(Retry, WithACrashAtAnyEventEndsAsWithoutIt) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(3, 12), ShuffledPlan(0)).Run(whole);
  Add(whole, study::TrialRequeued{TrialId{3}, "asked for"});
  Add(whole, study::TrialRequeued{TrialId{10}, "asked for"});
  Add(whole, study::StudyExtended{6, 0});
  const std::size_t asked = whole.Events().size();
  World(SetupFor(3, 12), HealedPlan(1)).Run(whole);
  ASSERT_EQ(whole.Trials().size(), 18U);
  for (std::size_t n = asked; n <= whole.Events().size(); ++n) {
    results::MemoryStore store = FirstEvents(whole, n);
    World(SetupFor(3, 12), HealedPlan(n)).Run(store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << "crash after event " << n;
  }
}

// With the slots and rules of now; the log says which there were before.
LoopSetup ChangedSetup() {
  LoopSetup setup = SetupFor(5, 30);
  setup.first_slots = 2;
  return setup;
}

study::StudyChanged SomeChange() {
  return {{{"parallel.slots", "5"}, {"stop.trials", "30"}, {"search.eta", "{}"}}};
}

TEST(ChangedStudy, GoesOnUnderItsNewRulesAndSlots) {
  results::MemoryStore store = NewStore();
  World(SetupFor(2, 10), ShuffledPlan(0)).Run(store);
  Add(store, SomeChange());
  World changed(ChangedSetup(), ShuffledPlan(1));
  const LoopResult result = changed.Run(store);
  EXPECT_EQ(result.trials, 30);
  EXPECT_EQ(result.stopped->text, "The limit of 30 trials is reached.");
  EXPECT_EQ(changed.executor.most_running(), 5);
}

TEST(ChangedStudy, AfterACrashAtAnyEventEndsAsIfItHadNotCrashed) {
  results::MemoryStore whole = NewStore();
  World(SetupFor(2, 10), ShuffledPlan(0)).Run(whole);
  const std::size_t n_before = whole.Events().size();
  Add(whole, SomeChange());
  World(ChangedSetup(), ShuffledPlan(1)).Run(whole);
  for (std::size_t n = n_before + 1; n <= whole.Events().size(); ++n) {
    results::MemoryStore store = FirstEvents(whole, n);
    World(ChangedSetup(), ShuffledPlan(n)).Run(store);
    EXPECT_EQ(ResultsOf(store), ResultsOf(whole)) << "crash after event " << n;
  }
}

TEST(ChangedStudy, StopsAgainByARuleThatStillHolds) {
  results::MemoryStore store = NewStore();
  World(SetupFor(2, 10), ShuffledPlan(0)).Run(store);
  Add(store, study::StudyChanged{{{"limits.trial_seconds", "9.0"}}});
  const LoopResult result = World(SetupFor(2, 10), ShuffledPlan(0)).Run(store);
  EXPECT_EQ(result.trials, 10);
  EXPECT_EQ(result.stopped->reason, StopReason::kTrials);
}

TEST(ChangedStudy, GoesOnPastATargetThatIsTakenAway) {
  LoopSetup setup = SetupFor(1, 5);
  setup.stop.target = 3;
  const auto plan = [] { return ScoresPlan({5, 2, 1, 1, 1}); };
  results::MemoryStore store = NewStore();
  EXPECT_EQ(World(setup, plan()).Run(store).stopped->reason, StopReason::kTarget);
  Add(store, study::StudyChanged{{{"stop.target", "null"}}});
  setup.stop.target.reset();
  EXPECT_EQ(World(setup, plan()).Run(store).trials, 5);
}

TEST(ChangedStudy, WithAValueThatNoSuchFieldHasIsDamaged) {
  results::MemoryStore store = NewStore();
  Add(store, study::StudyChanged{{{"stop.trials", R"("many")"}}});
  EXPECT_THROW(World(SetupFor(2, 10), SteadyPlan(1)).Run(store), Error);
}

}  // namespace
}  // namespace coppice::tuner::testing
