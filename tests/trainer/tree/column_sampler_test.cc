#include "trainer/tree/column_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace coppice::trainer {
namespace {

TrainParams Fractions(double by_tree, double by_level, double by_node) {
  TrainParams params;
  params.colsample_bytree = by_tree;
  params.colsample_bylevel = by_level;
  params.colsample_bynode = by_node;
  return params;
}

TEST(ColumnSampler, TakesTheFloorOfEachFractionInTurn) {
  const ColumnSampler sampler(21, Fractions(0.5, 0.5, 0.5), {1, 2, 3});
  EXPECT_EQ(sampler.TreeFeatures().size(), 10U);
  const std::vector<int> node = sampler.NodeFeatures(0, ColumnSampler::RootPath());
  EXPECT_EQ(node.size(), 2U);
  EXPECT_TRUE(std::is_sorted(node.begin(), node.end()));
  EXPECT_TRUE(std::includes(sampler.TreeFeatures().begin(), sampler.TreeFeatures().end(),
                            node.begin(), node.end()));
}

TEST(ColumnSampler, LeavesAtLeastOneFeature) {
  const ColumnSampler sampler(3, Fractions(0.01, 0.01, 0.01), {1, 2, 3});
  EXPECT_EQ(sampler.NodeFeatures(5, 99).size(), 1U);
}

TEST(ColumnSampler, NodesOfALevelShareItsSample) {
  const ColumnSampler sampler(40, Fractions(1, 0.5, 1), {1, 2, 3});
  EXPECT_EQ(sampler.NodeFeatures(2, 7), sampler.NodeFeatures(2, 8));
  EXPECT_NE(sampler.NodeFeatures(2, 7), sampler.NodeFeatures(3, 7));
}

TEST(ColumnSampler, DependsOnEveryPartOfTheKeyAndOnNothingElse) {
  const auto sample = [](TreeKey key) {
    return ColumnSampler(100, Fractions(0.5, 1, 1), key).TreeFeatures();
  };
  const TreeKey key{1, 2, 3};
  EXPECT_EQ(sample(key), sample(key));
  for (const TreeKey& other : {TreeKey{9, 2, 3}, TreeKey{1, 9, 3}, TreeKey{1, 2, 9}}) {
    EXPECT_NE(sample(key), sample(other));
  }
}

TEST(ColumnSampler, EveryFeatureIsTakenEquallyOften) {
  std::vector<int> taken(10);
  constexpr int kTrees = 20000;
  for (std::uint64_t tree = 0; tree < kTrees; ++tree) {
    const ColumnSampler sampler(10, Fractions(0.3, 1, 1), {5, 0, tree});
    for (const int f : sampler.TreeFeatures()) ++taken[static_cast<std::size_t>(f)];
  }
  // 6000 expected; the standard deviation is sqrt(20000 * 0.3 * 0.7) = 65.
  for (const int count : taken) EXPECT_NEAR(count, 6000, 300);
}

// How often each of three features is taken, in so many trees.
std::vector<int> Taken(const std::vector<double>& weights, double by_tree, std::uint64_t n_trees) {
  TrainParams params = Fractions(by_tree, 1, 1);
  params.feature_weights.by_position = weights;
  std::vector<int> taken(weights.size());
  for (std::uint64_t tree = 0; tree < n_trees; ++tree) {
    const ColumnSampler sampler(static_cast<int>(weights.size()), params, {5, 0, tree});
    for (const int f : sampler.TreeFeatures()) ++taken[static_cast<std::size_t>(f)];
  }
  return taken;
}

TEST(ColumnSampler, TheChanceOfAFeatureIsItsShareOfTheWeights) {
  // One of three: 1/8, 2/8, 5/8 of 20000; the standard deviation is below 70.
  const std::vector<int> taken = Taken({0.1, 0.2, 0.5}, 0.4, 20000);
  EXPECT_NEAR(taken[0], 2500, 280);
  EXPECT_NEAR(taken[1], 5000, 280);
  EXPECT_NEAR(taken[2], 12500, 280);
}

TEST(ColumnSampler, FeaturesOfWeightZeroComeLast) {
  const std::vector<int> one = Taken({0, 1, 1}, 0.4, 500);
  EXPECT_EQ(one[0], 0);
  EXPECT_NEAR(one[1], 250, 60);
  const std::vector<int> two = Taken({0, 0, 1}, 0.7, 500);
  EXPECT_NEAR(two[0], 250, 60);
  EXPECT_EQ(two[2], 500);
}

}  // namespace
}  // namespace coppice::trainer
