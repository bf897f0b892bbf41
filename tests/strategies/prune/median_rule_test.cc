#include <gtest/gtest.h>

#include "strategies/prune/pruner.h"

namespace coppice::strategies {
namespace {

using study::Goal;

Pruner MedianOf(std::vector<std::vector<double>> curves, int min_round = 1, int min_trials = 3) {
  Pruner pruner(MakeMedianRule({min_round, min_trials}, Goal::kMinimize));
  for (std::vector<double>& loss : curves) {
    pruner.Tell({study::TrialId{0}, study::TrialState::kCompleted, {}, std::move(loss)});
  }
  return pruner;
}

// Means over the first two rounds: 3, 5, 7. Their median is 5.
const std::vector<std::vector<double>> kThree = {{4, 2}, {6, 4, 1}, {8, 6}};

TEST(MedianRule, ComparesTheLastLossWithTheMedianOfMeans) {
  const Pruner pruner = MedianOf(kThree);
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{9, 5}), std::nullopt);
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{0, 5.25}),
            "At round 2 the score 5.25 is worse than the median of other trials, 5.");
}

TEST(MedianRule, TakesTheMiddleOfAnEvenNumber) {
  const Pruner pruner = MedianOf({{1}, {2}, {4}, {8}});
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{3}), std::nullopt);
  EXPECT_NE(pruner.TestFor({})->Stop(std::vector<double>{3.5}), std::nullopt);
}

TEST(MedianRule, SparesTrialsThatFewHaveComeAsFarAs) {
  const Pruner pruner = MedianOf(kThree);
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{9, 9, 9}), std::nullopt);
}

TEST(MedianRule, SparesYoungTrials) {
  const Pruner pruner = MedianOf(kThree, 2);
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{100}), std::nullopt);
  EXPECT_NE(pruner.TestFor({})->Stop(std::vector<double>{100, 100}), std::nullopt);
}

TEST(MedianRule, SpeaksOfScores) {
  Pruner pruner(MakeMedianRule({1, 1}, Goal::kMaximize));
  pruner.Tell({study::TrialId{0}, study::TrialState::kCompleted, {}, {-0.75}});
  EXPECT_EQ(pruner.TestFor({})->Stop(std::vector<double>{-0.5}),
            "At round 1 the score 0.5 is worse than the median of other trials, 0.75.");
}

TEST(StopTest, KnowsNothingThatWasToldLater) {
  Pruner pruner = MedianOf({{1}, {1}});
  const auto early = pruner.TestFor({});
  pruner.Tell({study::TrialId{2}, study::TrialState::kCompleted, {}, {1}});
  EXPECT_EQ(early->Stop(std::vector<double>{2}), std::nullopt);
  EXPECT_NE(pruner.TestFor({})->Stop(std::vector<double>{2}), std::nullopt);
}

TEST(StopTest, OutlivesItsPruner) {
  std::shared_ptr<const StopTest> test;
  {
    const Pruner pruner = MedianOf(kThree);
    test = pruner.TestFor({});
  }
  EXPECT_NE(test->Stop(std::vector<double>{0, 6}), std::nullopt);
}

}  // namespace
}  // namespace coppice::strategies
