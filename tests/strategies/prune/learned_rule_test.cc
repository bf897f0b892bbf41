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
  EXPECT_EQ(checkpoints, (std::vector<std::size_t>{25, 50, 100, 200}));
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

}  // namespace
}  // namespace coppice::strategies
