#include "trainer/predict/predictor.h"

#include <gtest/gtest.h>
#include <oneapi/tbb/task_arena.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/random.h"

namespace coppice::trainer {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

Tree Stump(std::int32_t feature, float threshold, float left, float right) {
  Tree tree;
  for (const std::int32_t parent : {Tree::kNone, 0, 0}) tree.AddNode(parent);
  tree.left[0] = 1;
  tree.right[0] = 2;
  tree.feature[0] = feature;
  tree.threshold = {threshold, left, right};
  return tree;
}

// Splits leaves at random until there are `n_leaves`; every third split is categorical on feature
// 1. The value of a leaf is its number.
Tree RandomTree(RandomStream& random, int n_leaves) {
  Tree tree;
  tree.AddNode(Tree::kNone);
  while (tree.n_leaves() < n_leaves) {
    const auto node =
        static_cast<std::int32_t>(random.Below(static_cast<std::uint64_t>(tree.n_nodes())));
    if (!tree.IsLeaf(node)) continue;
    const auto i = static_cast<std::size_t>(node);
    tree.is_categorical[i] = random.Below(3) == 0;
    tree.feature[i] =
        tree.is_categorical[i] != 0 ? 1 : static_cast<std::int32_t>(2 * random.Below(2));
    tree.threshold[i] = static_cast<float>(random.Normal());
    tree.default_left[i] = random.Below(2) == 0;
    if (tree.is_categorical[i] != 0) {
      tree.category_begin[i] = static_cast<std::int32_t>(tree.categories.size());
      for (std::int32_t code = 0; code < 10; ++code) {
        if (random.Below(2) == 0) tree.categories.push_back(code);
      }
      tree.category_size[i] =
          static_cast<std::int32_t>(tree.categories.size()) - tree.category_begin[i];
    }
    const std::int32_t left = tree.AddNode(node);
    const std::int32_t right = tree.AddNode(node);
    tree.left[i] = left;
    tree.right[i] = right;
    for (const std::int32_t child : {left, right}) {
      tree.threshold[static_cast<std::size_t>(child)] = static_cast<float>(child) * 0.1f;
    }
  }
  return tree;
}

Booster EmptyBooster(std::size_t n_features) {
  Booster booster;
  booster.objective = "reg:squarederror";
  booster.base_score = {0.5f};
  booster.schema.features.resize(n_features);
  return booster;
}

using Columns = std::vector<std::vector<float>>;

TEST(PredictMargins, AddsLeavesToTheBaseMargin) {
  Booster booster = EmptyBooster(2);
  booster.trees = {Stump(0, 1.0f, 10.0f, 20.0f), Stump(1, 5.0f, 100.0f, 200.0f)};
  const Columns values = {{0, 1, 2}, {7, 3, kMissing}};
  EXPECT_EQ(PredictMargins(booster, values, 3), (std::vector<float>{210.5f, 120.5f, 220.5f}));
}

TEST(PredictMargins, SumsInSinglePrecisionInTheOrderOfTheTrees) {
  Booster booster = EmptyBooster(1);
  booster.base_score = {0.0f};
  // 2^24 + 1 - 2^24 is 0 in single precision and this order.
  for (const float value : {16777216.0f, 1.0f, -16777216.0f}) {
    booster.trees.push_back(Stump(0, 0.0f, 0.0f, value));
  }
  EXPECT_EQ(PredictMargins(booster, Columns{{1.0f}}, 1), std::vector<float>{0.0f});
}

TEST(PredictMargins, GivesTreesToOutputsInTurn) {
  Booster booster = EmptyBooster(1);
  booster.objective = "multi:softprob";
  booster.n_outputs = 2;
  booster.base_score = {1.0f, 2.0f};
  booster.trees = {Stump(0, 0, 10, 20), Stump(0, 0, 30, 40), Stump(0, 0, 100, 200),
                   Stump(0, 0, 300, 400)};
  EXPECT_EQ(PredictMargins(booster, Columns{{-1, 1}}, 2), (std::vector<float>{111, 332, 221, 442}));
}

TEST(PredictMargins, StartsLogisticModelsFromTheLogit) {
  Booster booster = EmptyBooster(1);
  booster.objective = "binary:logistic";
  booster.base_score = {0.75f};
  EXPECT_FLOAT_EQ(PredictMargins(booster, Columns{{0}}, 1)[0], std::log(3.0f));
}

TEST(PredictMargins, UsesTheBestRoundUnlessRoundsAreGiven) {
  Booster booster = EmptyBooster(1);
  booster.base_score = {0.0f};
  booster.trees = {Stump(0, 0, 0, 1), Stump(0, 0, 0, 10), Stump(0, 0, 0, 100)};
  booster.best_round = 2;
  const Columns values = {{1}};
  EXPECT_EQ(PredictMargins(booster, values, 1)[0], 11.0f);
  EXPECT_EQ(PredictMargins(booster, values, 1, {0, 3})[0], 111.0f);
  EXPECT_EQ(PredictMargins(booster, values, 1, {1, 3})[0], 110.0f);
  EXPECT_EQ(PredictMargins(booster, values, 1, {1, 1})[0], 0.0f);
}

TEST(PredictMargins, FollowsTheSamePathAsTheTreeForAnyNumberOfRowsAndThreads) {
  RandomStream random(11, {Purpose::kSynth});
  Booster booster = EmptyBooster(3);
  for (int i = 0; i < 20; ++i) booster.trees.push_back(RandomTree(random, 1 + 3 * i));
  Columns values(3);
  for (int row = 0; row < 517; ++row) {
    for (auto& column : values) {
      const bool missing = random.Below(5) == 0;
      column.push_back(missing ? kMissing : static_cast<float>(random.Normal()));
    }
    if (random.Below(4) != 0) values[1].back() = static_cast<float>(random.Below(13)) - 1.0f;
  }
  std::vector<float> expected;
  for (std::size_t row = 0; row < 517; ++row) {
    float margin = 0.5f;
    const std::vector<float> one = {values[0][row], values[1][row], values[2][row]};
    for (const Tree& tree : booster.trees) {
      margin += tree.threshold[static_cast<std::size_t>(tree.LeafOf(one))];
    }
    expected.push_back(margin);
  }
  for (const RowIndex n_rows : {0u, 1u, 7u, 8u, 64u, 65u, 517u}) {
    const std::vector<float> first(expected.begin(), expected.begin() + n_rows);
    for (const int threads : {1, 2}) {
      tbb::task_arena arena(threads);
      arena.execute([&] { EXPECT_EQ(PredictMargins(booster, values, n_rows), first) << n_rows; });
    }
  }
}

TEST(PredictMargins, AreTheSameWhetherTreesAreWalkedAsTheyAreOrLaidOutInGroupsOrAtOnce) {
  // 30 trees of some 400 nodes: a few rows walk them as they are, some take groups of trees of 4096
  // nodes, 4096 rows and more all at once.
  RandomStream random(12, {Purpose::kSynth});
  Booster booster = EmptyBooster(3);
  booster.n_outputs = 3;
  booster.base_score = {0.5f, 1.0f, -2.0f};
  for (int i = 0; i < 30; ++i) {
    booster.trees.push_back(RandomTree(random, 200));
    booster.tree_weights.push_back(static_cast<float>(i) * 0.3f);
  }
  constexpr RowIndex kRows = 4100;
  Columns values(3);
  for (RowIndex row = 0; row < kRows; ++row) {
    values[0].push_back(static_cast<float>(random.Normal()));
    values[1].push_back(static_cast<float>(random.Below(12)));
    values[2].push_back(row % 5 == 0 ? kMissing : static_cast<float>(random.Normal()));
  }
  const std::vector<float> all = PredictMargins(booster, values, kRows);
  for (const std::size_t row : {0U, 1U, 39U, 40U, 299U, 4099U}) {
    std::vector<float> margins = booster.base_score;
    const std::vector<float> one = {values[0][row], values[1][row], values[2][row]};
    for (std::size_t i = 0; i < 30; ++i) {
      const Tree& tree = booster.trees[i];
      margins[i % 3] +=
          booster.tree_weights[i] * tree.threshold[static_cast<std::size_t>(tree.LeafOf(one))];
    }
    for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(all[row * 3 + k], margins[k]) << row;
  }
  for (const RowIndex n_rows : {40u, 300u}) {
    EXPECT_EQ(PredictMargins(booster, values, n_rows),
              std::vector<float>(all.begin(), all.begin() + 3 * n_rows));
  }
}

// A chain to the right of `depth` splits at 0, 1, 2, ... on feature 0; the value of a leaf is its
// number.
Tree Chain(int depth) {
  Tree tree;
  tree.AddNode(Tree::kNone);
  std::int32_t node = 0;
  for (int i = 0; i < depth; ++i) {
    const auto at = static_cast<std::size_t>(node);
    tree.threshold[at] = static_cast<float>(i);
    tree.left[at] = tree.AddNode(node);
    tree.right[at] = tree.AddNode(node);
    for (const std::int32_t child : {tree.left[at], tree.right[at]}) {
      tree.threshold[static_cast<std::size_t>(child)] = static_cast<float>(child);
    }
    node = tree.right[at];
  }
  return tree;
}

TEST(PredictMargins, GoesDownTreesThatAreFarDeeperThanWide) {
  Booster booster = EmptyBooster(1);
  booster.base_score = {0.0f};
  booster.trees = {Chain(40)};
  // x below 0 ends at leaf 1; x in [i, i + 1) at leaf 2 i + 3; x beyond all and missing ones at 80.
  EXPECT_EQ(PredictMargins(booster, Columns{{-1, 0, 5.5f, 38.5f, 39, 99, kMissing}}, 7),
            (std::vector<float>{1, 3, 13, 79, 80, 80, 80}));
}

TEST(PredictMargins, TellsZerosInfinitiesAndMissingValuesApart) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Columns values = {{-kInfinity, -2, -0.0f, 0.0f, 1e-45f, kInfinity, kMissing}};
  const auto margins_at = [&](float threshold, bool default_left) {
    Booster booster = EmptyBooster(1);
    booster.base_score = {0.0f};
    booster.trees = {Stump(0, threshold, -1, 1)};
    booster.trees[0].default_left[0] = default_left ? 1 : 0;
    return PredictMargins(booster, values, 7);
  };
  EXPECT_EQ(margins_at(0.0f, false), (std::vector<float>{-1, -1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(margins_at(-0.0f, true), (std::vector<float>{-1, -1, 1, 1, 1, 1, -1}));
  EXPECT_EQ(margins_at(-kInfinity, true), (std::vector<float>{1, 1, 1, 1, 1, 1, -1}));
  EXPECT_EQ(margins_at(kInfinity, false), (std::vector<float>{-1, -1, -1, -1, -1, 1, 1}));
}

TEST(PredictMargins, NeverLooksAtNodesThatPruningCutOff) {
  Booster booster = EmptyBooster(1);
  booster.base_score = {0.0f};
  booster.trees = {Stump(0, 0, 10, 20)};
  Tree& tree = booster.trees[0];
  tree.AddNode(Tree::kNone);
  tree.left[3] = 1;
  tree.right[3] = 2;
  tree.feature[3] = 1000000;
  EXPECT_EQ(PredictMargins(booster, Columns{{-1, 1}}, 2), (std::vector<float>{10, 20}));
}

TEST(PredictMargins, TakesTablesThatAreWiderThanABlock) {
  constexpr std::size_t kWide = 20000;
  Booster booster = EmptyBooster(kWide);
  booster.trees = {Stump(kWide - 1, 0.0f, -1.0f, 1.0f)};
  Columns values(kWide, std::vector<float>(20, 0.0f));
  for (std::size_t row = 0; row < 20; row += 2) values.back()[row] = -5.0f;
  const auto margins = PredictMargins(booster, values, 20);
  for (std::size_t row = 0; row < 20; ++row) EXPECT_EQ(margins[row], row % 2 == 0 ? -0.5f : 1.5f);
}

TEST(PredictValues, AreProbabilitiesOrClassesAsTheObjectiveSays) {
  Booster booster = EmptyBooster(1);
  booster.objective = "binary:logistic";
  booster.trees = {Stump(0, 0.0f, 0.0f, std::log(3.0f))};
  const Columns values = {{-1, 1}};
  EXPECT_EQ(PredictValues(booster, values, 2)[0], 0.5f);
  EXPECT_FLOAT_EQ(PredictValues(booster, values, 2)[1], 0.75f);

  booster.objective = "multi:softprob";
  booster.n_outputs = 3;
  booster.trees = {Stump(0, 0, 0, 0), Stump(0, 0, std::log(2.0f), 5), Stump(0, 0, 0, 5)};
  const auto probabilities = PredictValues(booster, values, 2);
  ASSERT_EQ(probabilities.size(), 6u);
  EXPECT_FLOAT_EQ(probabilities[0], 0.25f);
  EXPECT_FLOAT_EQ(probabilities[1], 0.5f);

  booster.objective = "multi:softmax";
  EXPECT_EQ(PredictValues(booster, values, 2), (std::vector<float>{1, 1}));
}

TEST(PredictLeaves, NamesTheLeafOfEachTree) {
  Booster booster = EmptyBooster(1);
  booster.trees = {Stump(0, 0, 0, 0), Stump(0, 5, 0, 0)};
  EXPECT_EQ(PredictLeaves(booster, Columns{{-1, 1, 9}}, 3),
            (std::vector<std::int32_t>{1, 1, 2, 1, 2, 2}));
  EXPECT_EQ(PredictLeaves(booster, Columns{{-1, 1, 9}}, 3, {1, 2}),
            (std::vector<std::int32_t>{1, 1, 2}));
}

TEST(Prediction, RefusesDataOfAnotherWidthAndRoundsThatAreNotThere) {
  Booster booster = EmptyBooster(2);
  booster.trees = {Stump(0, 0, 0, 0)};
  EXPECT_THROW(PredictMargins(booster, Columns{{1}}, 1), Error);
  EXPECT_THROW(PredictMargins(booster, Columns{{1}, {1}}, 1, {0, 2}), Error);
  EXPECT_THROW(PredictMargins(booster, Columns{{1}, {1}}, 1, {-1, 1}), Error);
}

}  // namespace
}  // namespace coppice::trainer
