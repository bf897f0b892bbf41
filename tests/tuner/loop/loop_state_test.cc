#include "tuner/loop/loop_state.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/tuner/loop/world.h"

namespace coppice::tuner::testing {
namespace {

using study::TrialId;

study::TrialCreated Created(int trial) {
  return {TrialId{trial}, study::Configuration({{"x", 0.5}}), "by hand"};
}

std::string ErrorOf(const std::vector<study::StudyEvent>& events) {
  ListeningStrategy strategy;
  LoopState state({}, CommitRule::kDeterministic, 1, strategy);
  try {
    for (const study::StudyEvent& event : events) state.Apply(event, 0);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore);
    return error.what();
  }
  return "";
}

TEST(LoopState, RefusesALogThatContradictsItself) {
  const std::string prefix = "the study's event log contradicts itself: ";
  EXPECT_EQ(ErrorOf({Created(0)}), "");
  EXPECT_EQ(ErrorOf({Created(1)}), prefix + "trial `1` comes where trial `0` should");
  EXPECT_EQ(ErrorOf({Created(0), Created(1)}),
            prefix + "trial `1` was proposed before the trials that it follows had ended");
  EXPECT_EQ(ErrorOf({study::TrialStarted{TrialId{0}}}), prefix + "trial `0` was never created");
  EXPECT_EQ(ErrorOf({Created(0), study::TrialFinished{TrialId{0}, Score(1), {}, 0}}),
            prefix + "trial `0` went from waiting to completed");
}

TEST(LoopState, KnowsTheBestScoreBeforeItIsTold) {
  ListeningStrategy strategy;
  LoopState state({}, CommitRule::kDeterministic, 2, strategy);
  EXPECT_FALSE(state.best_score());
  for (int i : {0, 1}) {
    state.Apply(Created(i), 0);
    state.Apply(study::TrialStarted{TrialId{i}}, 0);
  }
  state.Apply(study::TrialFinished{TrialId{1}, Score(0.5), {}, 0}, 0);
  EXPECT_EQ(state.best_score(), 0.5);
  state.Apply(study::TrialFinished{TrialId{0}, Score(0.75), {}, 0}, 0);
  EXPECT_EQ(state.best_score(), 0.5);
  EXPECT_EQ(strategy.heard().size(), 2U);
}

// Keeps what it was shown last.
class ListeningRule : public strategies::PruneRule {
 public:
  explicit ListeningRule(strategies::EndedCurves* shown) : shown_(shown) {}
  bool LooksAt(std::size_t) const override { return true; }
  std::optional<std::string> Stop(const strategies::EndedCurves& known, const study::Configuration&,
                                  std::span<const double>) const override {
    *shown_ = known;
    return std::nullopt;
  }

 private:
  strategies::EndedCurves* shown_;
};

TEST(LoopState, TellsThePrunerTheMeanOverFoldsAndTheFirst) {
  ListeningStrategy strategy;
  strategies::EndedCurves shown;
  strategies::Pruner pruner(std::make_unique<ListeningRule>(&shown));
  LoopState state({}, CommitRule::kDeterministic, 1, strategy, &pruner, "mae");
  const auto run = [&](int trial, std::vector<study::Curve> curves) {
    state.Apply(Created(trial), 0);
    state.Apply(study::TrialStarted{TrialId{trial}}, 0);
    state.Apply(study::TrialFinished{TrialId{trial}, Score(1), std::move(curves), 0}, 0);
  };
  run(0, {{0, "validation", "mae", {4, 2}}, {1, "validation", "mae", {2, 1}}});
  // Ended in its first fold: that is no mean.
  run(1, {{0, "validation", "mae", {0.5, 0.25}}});
  run(2, {{0, "validation", "mae", {3}}, {1, "validation", "mae", {5}}});
  state.Apply(Created(3), 0);
  state.stop_test(TrialId{3})->Stop(std::vector<double>{1});
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0]->trial, TrialId{0});
  EXPECT_EQ(shown[0]->loss, (std::vector<double>{3, 1.5}));
  EXPECT_EQ(shown[0]->leading_loss, (std::vector<double>{4, 2}));
  EXPECT_EQ(shown[1]->trial, TrialId{2});
}

// With two slots trial 2 is proposed, and measured, knowing trial 0 only.
TEST(LoopState, MakesAStopTestOfWhatTheProposalKnew) {
  ListeningStrategy strategy;
  strategies::Pruner pruner(strategies::MakeMedianRule({1, 1}, study::Goal::kMaximize));
  StopLimits limits;
  limits.goal = study::Goal::kMaximize;
  LoopState state(limits, CommitRule::kDeterministic, 2, strategy, &pruner, "auc");
  const auto finish = [&](int trial, double auc) {
    state.Apply(study::TrialFinished{TrialId{trial},
                                     Score(auc),
                                     {{0, "validation", "loss", {0.1}},
                                      {0, "validation", "auc", {auc - 0.125}},
                                      {1, "validation", "auc", {auc + 0.125}}},
                                     0},
                0);
  };
  for (int i : {0, 1}) {
    state.Apply(Created(i), 0);
    state.Apply(study::TrialStarted{TrialId{i}}, 0);
  }
  EXPECT_EQ(state.stop_test(TrialId{1})->Stop(std::vector<double>{0}), std::nullopt);
  finish(1, 0.75);
  finish(0, 0.5);
  state.Apply(Created(2), 0);
  const auto test = state.stop_test(TrialId{2});
  EXPECT_EQ(test->Stop(std::vector<double>{-0.625}), std::nullopt);
  EXPECT_EQ(test->Stop(std::vector<double>{-0.25}),
            "At round 1 the score 0.25 is worse than the median of other trials, 0.5.");
  state.Apply(study::TrialStarted{TrialId{2}}, 0);
  finish(2, 0.25);
  EXPECT_EQ(state.stop_test(TrialId{2}), nullptr);
}

// Says of any trial that it will come to half of its last loss.
class HalvingRule : public strategies::PruneRule {
 public:
  bool LooksAt(std::size_t round) const override { return round == 2; }
  std::optional<std::string> Stop(const strategies::EndedCurves&, const study::Configuration&,
                                  std::span<const double>) const override {
    return "hopeless";
  }
  std::optional<strategies::StoppedForecast> ForecastOf(
      const strategies::EndedCurves& known, const study::Configuration&,
      std::span<const double> loss) const override {
    return strategies::StoppedForecast{loss.back() / 2, 0.25 * static_cast<double>(known.size())};
  }
};

// With two slots trial 2 knew trial 0 alone, whatever is known when it ends.
TEST(LoopState, TellsOfAPrunedTrialWhatItWouldHaveComeTo) {
  ListeningStrategy strategy;
  strategies::Pruner pruner(std::make_unique<HalvingRule>());
  LoopState state({}, CommitRule::kDeterministic, 2, strategy, &pruner, "loss");
  const auto start = [&](int trial) {
    state.Apply(Created(trial), 0);
    state.Apply(study::TrialStarted{TrialId{trial}}, 0);
  };
  const auto finish = [&](int trial, study::TrialOutcome outcome) {
    state.Apply(
        study::TrialFinished{
            TrialId{trial}, std::move(outcome), {{0, "validation", "loss", {3, 1}}}, 0},
        0);
  };
  start(0);
  start(1);
  finish(0, Score(1));
  start(2);
  finish(1, Score(1));
  finish(2, study::Pruned{Score(1), "hopeless"});
  start(3);
  start(4);
  EXPECT_EQ(strategy.heard(), (Lines{"created 0", "created 1", "finished 0 completed 1",
                                     "created 2", "finished 1 completed 1", "created 3",
                                     "finished 2 pruned 0.5 +- 0.25", "created 4"}));
  EXPECT_EQ(state.best_score(), 1);
}

// `resume --trials +N --set ...`: the change comes first.
TEST(LoopState, LiftsTheStopByAnExtensionBehindAChangeToo) {
  ListeningStrategy strategy;
  StopLimits limits;
  limits.target = 0.5;
  LoopState state(limits, CommitRule::kDeterministic, 1, strategy);
  state.Apply(Created(0), 0);
  state.Apply(study::TrialStarted{TrialId{0}}, 0);
  state.Apply(study::TrialFinished{TrialId{0}, Score(0.25), {}, 0}, 0);
  state.Apply(study::StudyStopped{study::StopReason::kTarget, "reached"}, 0);
  state.Apply(study::StudyChanged{{{"limits.failures", "20"}}}, 0);
  EXPECT_EQ(state.limits().target, 0.5);
  state.Apply(study::StudyExtended{10, 0}, 0);
  EXPECT_EQ(state.limits().target, std::nullopt);
}

TEST(LoopState, CountsNoTrialsThatWereTakenOverInAChangedLimit) {
  ListeningStrategy strategy;
  LoopState state({}, CommitRule::kDeterministic, 1, strategy);
  study::TrialCreated taken = Created(0);
  taken.seed_trial = 3;
  state.Apply(taken, 0);
  state.Apply(study::StudyChanged{{{"stop.trials", "5"}}}, 0);
  EXPECT_EQ(state.limits().trials, 6);
}

// One that was stopped says little of what the whole would have cost.
TEST(LoopState, TellsWhatCompletedTrialsCost) {
  ListeningStrategy strategy;
  LoopState state({}, CommitRule::kDeterministic, 1, strategy);
  study::Completed costly = Score(1);
  costly.cost = 3;
  const std::vector<study::TrialOutcome> outcomes = {costly, study::Pruned{costly, "hopeless"}};
  for (int i : {0, 1}) {
    state.Apply(Created(i), 0);
    state.Apply(study::TrialStarted{TrialId{i}}, 0);
    state.Apply(study::TrialFinished{TrialId{i}, outcomes[static_cast<std::size_t>(i)], {}, 0}, 0);
  }
  state.Apply(Created(2), 0);
  EXPECT_EQ(strategy.heard(), (Lines{"created 0", "finished 0 completed 1 for 3", "created 1",
                                     "finished 1 pruned 1", "created 2"}));
}

// What it was expected to come to is its score, with the error of that.
TEST(LoopState, TellsOfATrialThatItsFirstFoldEndedHowSureItsScoreIs) {
  ListeningStrategy strategy;
  strategies::Pruner pruner(std::make_unique<HalvingRule>());
  LoopState state({}, CommitRule::kDeterministic, 1, strategy, &pruner, "loss");
  const auto run = [&](int trial, study::TrialOutcome outcome, std::vector<study::Curve> curves) {
    state.Apply(Created(trial), 0);
    state.Apply(study::TrialStarted{TrialId{trial}}, 0);
    state.Apply(study::TrialFinished{TrialId{trial}, std::move(outcome), std::move(curves), 0}, 0);
  };
  run(0, Score(1), {{0, "validation", "loss", {3, 1}}, {1, "validation", "loss", {3, 1}}});
  run(1, study::Pruned{{4, 0.5, 2, 2}, "hopeless"}, {{0, "validation", "loss", {4, 3}}});
  state.Apply(Created(2), 0);
  EXPECT_EQ(strategy.heard(), (Lines{"created 0", "finished 0 completed 1", "created 1",
                                     "finished 1 pruned 4 +- 0.25", "created 2"}));
}

}  // namespace
}  // namespace coppice::tuner::testing
