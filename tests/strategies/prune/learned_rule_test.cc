#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "strategies/prune/pruner.h"

namespace coppice::strategies {
namespace {

using study::Configuration;
using study::Goal;

study::SearchSpace EtaSpace() {
  study::RangeSpec eta;
  eta.name = "eta";
  eta.min = 0.01;
  eta.max = 0.3;
  eta.scale = study::Scale::kLog;
  return study::SearchSpace({study::ParameterRange(eta)});
}

Configuration WithEta(double eta) { return Configuration({{"eta", eta}}); }

// Falls from 1 to `floor` as fast as eta lets it: the slow are behind for long and end as well.
std::vector<double> Falling(double eta, double floor, int rounds) {
  std::vector<double> loss;
  for (int r = 1; r <= rounds; ++r) loss.push_back(floor + (1 - floor) * std::exp(-eta * r));
  return loss;
}

// Twelve completed trials of all speeds whose floors lie from 0.20 to 0.31.
Pruner TaughtPruner() {
  Pruner pruner(MakeLearnedRule({}, EtaSpace(), Goal::kMinimize));
  for (int i = 0; i < 12; ++i) {
    const double eta = 0.01 * std::pow(30.0, ((i * 5) % 12) / 11.0);
    pruner.Tell({study::TrialId{i}, study::TrialState::kCompleted, WithEta(eta),
                 Falling(eta, 0.20 + 0.01 * i, 800)});
  }
  return pruner;
}

TEST(LearnedRule, LooksAtCheckpointsOnly) {
  const auto rule = MakeLearnedRule({}, EtaSpace(), Goal::kMinimize);
  std::vector<std::size_t> checkpoints;
  for (std::size_t round = 1; round <= 250; ++round) {
    if (rule->LooksAt(round)) checkpoints.push_back(round);
  }
  EXPECT_EQ(checkpoints, (std::vector<std::size_t>{25, 35, 50, 70, 100, 140, 200}));
}

TEST(LearnedRule, WaitsForATrialThatIsOnlySlow) {
  const auto test = TaughtPruner().TestFor(WithEta(0.01));
  // At round 100 it stands at 0.48, behind every known trial's end, and will reach 0.18.
  EXPECT_EQ(test->Stop(Falling(0.01, 0.18, 100)), std::nullopt);
}

TEST(LearnedRule, StopsOneThatIsFastAndBad) {
  const auto test = TaughtPruner().TestFor(WithEta(0.3));
  const auto why = test->Stop(Falling(0.3, 0.9, 100));
  ASSERT_TRUE(why);
  EXPECT_TRUE(why->starts_with("At round 100 it was expected to reach ")) << *why;
}

TEST(LearnedRule, ForecastsWhatItStopped) {
  const Pruner pruner = TaughtPruner();
  const auto test = pruner.TestFor(WithEta(0.3));
  // It stands at 0.9 and will stay there.
  const std::vector<double> loss = Falling(0.3, 0.9, 100);
  const auto forecast = test->ForecastOf(loss);
  ASSERT_TRUE(forecast);
  EXPECT_NEAR(forecast->loss, 0.9, 0.15);
  EXPECT_GT(forecast->variance, 0);
  EXPECT_LT(forecast->variance, 0.1 * 0.1);
  EXPECT_TRUE(test->Stop(loss)->starts_with(
      fmt::format("At round 100 it was expected to reach {:.6g}", forecast->loss)))
      << *test->Stop(loss);
}

TEST(LearnedRule, ForecastsThatASlowTrialComesOn) {
  const auto forecast = TaughtPruner().TestFor(WithEta(0.01))->ForecastOf(Falling(0.01, 0.5, 100));
  ASSERT_TRUE(forecast);
  // It stands at 0.68.
  EXPECT_LT(forecast->loss, 0.6);
}

TEST(LearnedRule, IsSilentBeforeEnoughTrialsCameAsFar) {
  Pruner pruner(MakeLearnedRule({}, EtaSpace(), Goal::kMinimize));
  for (int i = 0; i < 7; ++i) {
    pruner.Tell(
        {study::TrialId{i}, study::TrialState::kCompleted, WithEta(0.1), Falling(0.1, 0.2, 800)});
  }
  // These ended at the checkpoint or before it, or did not end by themselves.
  pruner.Tell(
      {study::TrialId{7}, study::TrialState::kCompleted, WithEta(0.1), Falling(0.1, 0.2, 100)});
  pruner.Tell(
      {study::TrialId{8}, study::TrialState::kPruned, WithEta(0.1), Falling(0.1, 0.2, 400)});
  const std::vector<double> bad = Falling(0.3, 0.99, 100);
  EXPECT_EQ(pruner.TestFor(WithEta(0.3))->Stop(bad), std::nullopt);
  EXPECT_FALSE(pruner.TestFor(WithEta(0.3))->ForecastOf(bad));
  pruner.Tell(
      {study::TrialId{9}, study::TrialState::kCompleted, WithEta(0.1), Falling(0.1, 0.2, 800)});
  EXPECT_NE(pruner.TestFor(WithEta(0.3))->Stop(bad), std::nullopt);
}

// Gains after the checkpoint that nothing tells beforehand: the error is as large as they are.
TEST(LearnedRule, KeepsItsHandsOffWhereCurvesTellNothing) {
  Pruner pruner(MakeLearnedRule({}, EtaSpace(), Goal::kMinimize));
  for (int i = 0; i < 12; ++i) {
    std::vector<double> loss = Falling(0.1, 0.5, 100);
    loss.resize(200, i % 2 == 0 ? 0.5 : 0.1);
    pruner.Tell({study::TrialId{i}, study::TrialState::kCompleted, WithEta(0.1), loss});
  }
  EXPECT_EQ(pruner.TestFor(WithEta(0.1))->Stop(Falling(0.1, 0.55, 100)), std::nullopt);
}

TEST(LearnedRule, BearsCurvesThatAreAllTheSame) {
  Pruner pruner(MakeLearnedRule({}, EtaSpace(), Goal::kMinimize));
  for (int i = 0; i < 10; ++i) {
    pruner.Tell({study::TrialId{i}, study::TrialState::kCompleted, WithEta(0.1),
                 std::vector<double>(200, 0.5)});
  }
  EXPECT_EQ(pruner.TestFor(WithEta(0.1))->Stop(std::vector<double>(100, 0.5)), std::nullopt);
  EXPECT_NE(pruner.TestFor(WithEta(0.1))->Stop(std::vector<double>(100, 0.6)), std::nullopt);
}

// Trial i of `n` ends at 0.20 + i / 100, and its first fold by 0.01 or 0.03 below that, in turn:
// the gap is 0.02 with a standard error of 0.01 sqrt(8 / 7 x 9 / 8) = 0.011339 for a ninth trial.
Pruner PrunerOfFolds(int n, const LearnedOptions& options = {},
                     study::TrialState state = study::TrialState::kCompleted) {
  Pruner pruner(MakeLearnedRule(options, EtaSpace(), Goal::kMinimize));
  for (int i = 0; i < n; ++i) {
    const double end = 0.20 + 0.01 * i;
    pruner.Tell({study::TrialId{i}, state, WithEta(0.1), std::vector<double>(30, end),
                 std::vector<double>(30, end - (i % 2 == 0 ? 0.01 : 0.03))});
  }
  return pruner;
}

TEST(LearnedRule, StopsATrialWhoseFirstFoldEndsFarBehind) {
  const Pruner pruner = PrunerOfFolds(8);
  const auto test = pruner.TestFor(WithEta(0.1));
  ASSERT_TRUE(test->RacesFolds());
  // Less 2.5 errors, 0.02835, 0.23 is behind the best, 0.20, and 0.226 is not.
  const auto verdict = test->StopFolds(std::vector<double>(12, 0.21), true);
  ASSERT_TRUE(verdict);
  EXPECT_NEAR(verdict->loss, 0.23, 1e-12);
  EXPECT_NEAR(verdict->std_error, 0.011339, 1e-6);
  EXPECT_TRUE(verdict->reason.starts_with("At round 12 of its first fold, 0.23 was expected "))
      << verdict->reason;
  EXPECT_FALSE(test->StopFolds(std::vector<double>(12, 0.206), true));
}

// Flat curves gain nothing, so that a checkpoint says what the end does; elsewhere nothing is said.
TEST(LearnedRule, StopsAFirstFoldAtCheckpoints) {
  const Pruner pruner = PrunerOfFolds(8);
  const auto test = pruner.TestFor(WithEta(0.1));
  EXPECT_TRUE(test->StopFolds(std::vector<double>(25, 0.21), false));
  EXPECT_FALSE(test->StopFolds(std::vector<double>(25, 0.206), false));
  EXPECT_FALSE(test->StopFolds(std::vector<double>(26, 0.9), false));
  EXPECT_FALSE(test->StopFolds(std::vector<double>(50, 0.9), false)) << "nobody came as far";
}

TEST(LearnedRule, RacesFoldsOnlyWhenItKnowsWhatOneSays) {
  EXPECT_FALSE(PrunerOfFolds(7).TestFor(WithEta(0.1))->RacesFolds());
  EXPECT_FALSE(PrunerOfFolds(7).TestFor(WithEta(0.1))->StopFolds(std::vector<double>{0.9}, true));
  EXPECT_FALSE(
      PrunerOfFolds(12, {}, study::TrialState::kPruned).TestFor(WithEta(0.1))->RacesFolds());
  const LearnedOptions together{.fold_caution = 0};
  EXPECT_FALSE(PrunerOfFolds(8, together).TestFor(WithEta(0.1))->RacesFolds());
  EXPECT_FALSE(
      PrunerOfFolds(8, together).TestFor(WithEta(0.1))->StopFolds(std::vector<double>{0.9}, true));
  EXPECT_FALSE(TaughtPruner().TestFor(WithEta(0.1))->RacesFolds()) << "a single fold";
}

}  // namespace
}  // namespace coppice::strategies
