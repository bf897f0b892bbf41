#include "trainer/boost/dart_boosting.h"

#include <gtest/gtest.h>

#include <vector>

namespace coppice::trainer {
namespace {

using Trees = std::vector<std::size_t>;

TrainParams Dart(double rate_drop) {
  TrainParams params;
  params.booster = BoosterKind::kDart;
  params.rate_drop = rate_drop;
  return params;
}

Trees DropOf(const TrainParams& params, const std::vector<float>& weights,
             std::uint64_t round = 5) {
  return TreesToDrop(params, weights, 7, 0, round);
}

TEST(TreesToDrop, AreNoneAtRateZeroAndAllAtRateOne) {
  EXPECT_EQ(DropOf(Dart(0), {1, 1, 1}), Trees{});
  EXPECT_EQ(DropOf(Dart(1), {1, 1, 1}), (Trees{0, 1, 2}));
  EXPECT_EQ(DropOf(Dart(1), {}), Trees{});
}

TEST(TreesToDrop, AreNoneInARoundThatSkips) {
  TrainParams params = Dart(1);
  params.skip_drop = 1;
  params.one_drop = 1;
  EXPECT_EQ(DropOf(params, {1, 1, 1}), Trees{});
  params.skip_drop = 0.5;
  int skipped = 0;
  for (std::uint64_t round = 0; round < 1000; ++round) {
    skipped += DropOf(params, {1, 1}, round).empty() ? 1 : 0;
  }
  EXPECT_NEAR(skipped, 500, 80);  // standard deviation 16
}

TEST(TreesToDrop, AreOneAtLeastWithOneDrop) {
  TrainParams params = Dart(0);
  params.one_drop = 1;
  std::vector<int> hits(4);
  for (std::uint64_t round = 0; round < 1000; ++round) {
    const Trees dropped = DropOf(params, {1, 1, 1, 1}, round);
    ASSERT_EQ(dropped.size(), 1U);
    ++hits[dropped[0]];
  }
  for (const int hit : hits) EXPECT_NEAR(hit, 250, 70);  // standard deviation 14
  params.sample_type = DropSampling::kWeighted;
  EXPECT_EQ(DropOf(params, {0, 0, 1, 0}), Trees{2});
}

TEST(TreesToDrop, AreTheRatesShareAndMoreOfHeavyTrees) {
  const auto counts = [](const TrainParams& params) {
    std::vector<int> hits(3);
    for (std::uint64_t round = 0; round < 2000; ++round) {
      for (const std::size_t tree : DropOf(params, {1, 0.5, 0}, round)) ++hits[tree];
    }
    return hits;
  };
  TrainParams params = Dart(0.25);
  for (const int hit : counts(params)) EXPECT_NEAR(hit, 500, 100);  // standard deviation 19
  params.sample_type = DropSampling::kWeighted;
  // Chances 0.25 * 3 * weight / 1.5.
  const std::vector<int> hits = counts(params);
  EXPECT_NEAR(hits[0], 1000, 110);
  EXPECT_NEAR(hits[1], 500, 100);
  EXPECT_EQ(hits[2], 0);
}

TEST(FactorsOf, AreTheOnesOfThePaperWithTheStepInPlaceOfOne) {
  TrainParams params = Dart(0.5);
  params.eta = 0.5;
  const DropFactors tree = FactorsOf(params, 2, 1);
  EXPECT_FLOAT_EQ(tree.dropped, 2 / 2.5F);
  EXPECT_FLOAT_EQ(tree.added, 1 / 2.5F);
  // Two new trees share the step.
  EXPECT_FLOAT_EQ(FactorsOf(params, 2, 2).added, 1 / 2.25F);
  params.normalize_type = DropScaling::kForest;
  const DropFactors forest = FactorsOf(params, 2, 1);
  EXPECT_FLOAT_EQ(forest.dropped, 1 / 1.5F);
  EXPECT_FLOAT_EQ(forest.added, 1 / 1.5F);
  EXPECT_EQ(FactorsOf(params, 0, 1).added, 1);
}

}  // namespace
}  // namespace coppice::trainer
