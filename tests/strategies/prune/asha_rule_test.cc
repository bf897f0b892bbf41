#include <gtest/gtest.h>

#include "strategies/prune/pruner.h"

namespace coppice::strategies {
namespace {

using study::Goal;

Pruner AshaOf(std::vector<std::vector<double>> curves) {
  Pruner pruner(MakeAshaRule({2, 3}, Goal::kMinimize));
  for (std::vector<double>& loss : curves) {
    pruner.Tell({study::TrialId{0}, study::TrialState::kCompleted, {}, std::move(loss)});
  }
  return pruner;
}

TEST(AshaRule, LooksAtItsRungsOnly) {
  const auto rule = MakeAshaRule({2, 3}, Goal::kMinimize);
  std::vector<std::size_t> rungs;
  for (std::size_t round = 1; round <= 60; ++round) {
    if (rule->LooksAt(round)) rungs.push_back(round);
  }
  EXPECT_EQ(rungs, (std::vector<std::size_t>{2, 6, 18, 54}));
}

// Six with the trial itself: the best two go on.
TEST(AshaRule, LetsTheBestPartGoOn) {
  const Pruner pruner = AshaOf({{9, 1}, {9, 2}, {9, 3}, {9, 4}, {9, 5}});
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{1.5, 9}), std::nullopt);
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{9, 2.5}),
            "At the rung of 2 rounds its best score 2.5 is behind 2 of 5 trials.");
}

TEST(AshaRule, CountsOnlyTrialsThatReachedTheRung) {
  const Pruner pruner = AshaOf({{1}, {1}, {1}, {1}, {9, 5}, {9, 5}});
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{4, 4}), std::nullopt);
}

TEST(AshaRule, SparesTheFirstAtARung) {
  const Pruner pruner = AshaOf({{1, 1}});
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{4, 4}), std::nullopt);
}

}  // namespace
}  // namespace coppice::strategies
