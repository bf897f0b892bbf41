#include "trainer/tree/grower.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "tests/trainer/tree/test_table.h"
#include "trainer/tree/binned_walk.h"
#include "trainer/tree/feature_splits.h"

namespace coppice::trainer {
namespace {

// Squared error from margin 0.5: g = 0.5 - label, h = 1.
std::vector<PackedPair> GradientsOf(const TestTable& table, FixedPointScale* scale) {
  const double n = table.data.n_rows;
  *scale = FixedPointScale(0.5 * n, n, table.data.n_rows);
  std::vector<PackedPair> gradients;
  for (const float label : table.data.label) gradients.push_back(scale->Pack(0.5F - label, 1.0F));
  return gradients;
}

struct Grown {
  GrownTree tree;
  std::vector<float> margins;  // from 0: the value of each row's leaf
};

Grown Grow(const TestTable& table, const TrainParams& params,
           InstructionSet instructions = BestInstructionSet()) {
  FixedPointScale scale;
  const std::vector<PackedPair> gradients = GradientsOf(table, &scale);
  const PackedPair total = std::accumulate(gradients.begin(), gradients.end(), PackedPair{0});
  RowPartition partition(table.rows);
  TreeGrower grower(*table.matrix, params, partition, instructions);
  Grown grown;
  grown.margins.resize(table.data.n_rows);
  grown.tree = grower.Grow(gradients, scale, total, {1, 2, 3}, grown.margins);
  return grown;
}

// Rows of every node, by the values of the table.
std::vector<std::vector<RowIndex>> RowsOfNodes(const TestTable& table, const Tree& tree) {
  std::vector<std::vector<RowIndex>> rows(static_cast<std::size_t>(tree.n_nodes()));
  for (const RowIndex row : table.rows) {
    std::int32_t node = 0;
    rows[0].push_back(row);
    while (!tree.IsLeaf(node)) {
      const auto i = static_cast<std::size_t>(node);
      const float value = table.data.values[static_cast<std::size_t>(tree.feature[i])][row];
      node = tree.GoesLeft(node, value) ? tree.left[i] : tree.right[i];
      rows[static_cast<std::size_t>(node)].push_back(row);
    }
  }
  return rows;
}

// The best split of these rows by plain loops: feature after feature, bin after bin, row after row.
SplitCandidate PlainBest(const TestTable& table, const TrainParams& params,
                         const std::vector<RowIndex>& rows, const WeightLimits& limits = {}) {
  FixedPointScale scale;
  const std::vector<PackedPair> gradients = GradientsOf(table, &scale);
  const FeatureSplits splits(table.matrix->cuts(), params, scale);
  PackedPair total = 0;
  for (const RowIndex row : rows) total += gradients[row];
  SplitCandidate best;
  for (int f = 0; f < table.matrix->n_features(); ++f) {
    std::vector<PackedPair> bins(257);
    for (const RowIndex row : rows) bins[table.matrix->Bin(row, f)] += gradients[row];
    const auto n_bins = static_cast<std::size_t>(table.matrix->n_bins(f));
    const SplitCandidate candidate =
        splits.Best(f, {{bins.data(), n_bins}, bins[n_bins]}, splits.SumsOf(total, limits));
    if (candidate.IsBetterThan(best)) best = candidate;
  }
  return best;
}

int DepthOf(const Tree& tree, std::int32_t node) {
  int depth = 0;
  while (tree.parent[static_cast<std::size_t>(node)] != Tree::kNone) {
    node = tree.parent[static_cast<std::size_t>(node)];
    ++depth;
  }
  return depth;
}

TEST(TreeGrower, GrowsTheTreeThatPaperSays) {
  // x = 0 0 1 1 2 2, label = 0 0 1 1 1 0; g = 0.5 - label. With lambda 1:
  // x < 1 parts G = 1 from G = -1: 1/3 + 1/5 - 0 = 0.5333, the best split; its right side
  // (g = -.5 -.5 | -.5 .5) parts at x < 2 with 1/3 + 0 - 1/5 = 0.1333.
  TestTable table;
  table.data.n_rows = 6;
  table.data.values = {{0, 0, 1, 1, 2, 2}};
  table.data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  table.data.label = {0, 0, 1, 1, 1, 0};
  table.rows = {0, 1, 2, 3, 4, 5};
  table.matrix =
      std::make_shared<const BinnedMatrix>(table.data, FindCuts(table.data, table.rows, 256));
  TrainParams params;
  params.eta = 0.5;
  const Tree tree = Grow(table, params).tree.tree;
  EXPECT_EQ(tree.left, (std::vector<std::int32_t>{1, -1, 3, -1, -1}));
  EXPECT_EQ(tree.right, (std::vector<std::int32_t>{2, -1, 4, -1, -1}));
  EXPECT_EQ(tree.parent, (std::vector<std::int32_t>{-1, 0, 0, 2, 2}));
  EXPECT_FLOAT_EQ(tree.threshold[0], 1);
  EXPECT_FLOAT_EQ(tree.threshold[2], 2);
  EXPECT_FLOAT_EQ(tree.loss_change[0], 1.0F / 3 + 1.0F / 5);
  EXPECT_FLOAT_EQ(tree.loss_change[2], 1.0F / 3 - 1.0F / 5);
  EXPECT_FLOAT_EQ(tree.threshold[1], -0.5F / 3);  // -eta G / (H + 1)
  EXPECT_FLOAT_EQ(tree.threshold[3], 0.5F / 3);
  EXPECT_FLOAT_EQ(tree.threshold[4], 0);
  EXPECT_FLOAT_EQ(tree.base_weight[2], 0.2F);  // inside: before eta
  EXPECT_EQ(tree.sum_hessian, (std::vector<float>{6, 2, 4, 2, 2}));
  // gamma above the second gain leaves one split.
  params.gamma = 0.2;
  EXPECT_EQ(Grow(table, params).tree.tree.n_leaves(), 2);
}

TEST(TreeGrower, ListsTheRowsOfEachLeafAndLeavesTheMarginsAlone) {
  const TestTable table = MakeTestTable(3000, 7, 4);
  for (const GrowPolicy policy : {GrowPolicy::kDepthwise, GrowPolicy::kLossguide}) {
    TrainParams params;
    params.max_depth = 4;
    params.grow_policy = policy;
    FixedPointScale scale;
    const std::vector<PackedPair> gradients = GradientsOf(table, &scale);
    const PackedPair total = std::accumulate(gradients.begin(), gradients.end(), PackedPair{0});
    RowPartition partition(table.rows);
    TreeGrower grower(*table.matrix, params, partition);
    std::vector<float> margins(table.data.n_rows, 0.25F);
    const GrownTree grown =
        grower.Grow(gradients, scale, total, {1, 2, 3}, margins, LeafUse::kListRows);
    EXPECT_EQ(grown.tree, Grow(table, params).tree.tree);
    EXPECT_EQ(margins, std::vector<float>(table.data.n_rows, 0.25F));
    const auto expected = RowsOfNodes(table, grown.tree);
    ASSERT_EQ(grown.leaf_rows.size(), expected.size());
    for (std::size_t node = 0; node < expected.size(); ++node) {
      if (!grown.tree.IsLeaf(static_cast<std::int32_t>(node))) continue;
      const auto rows = partition.Rows(grown.leaf_rows[node]);
      EXPECT_EQ(std::vector<RowIndex>(rows.begin(), rows.end()), expected[node]) << node;
    }
  }
}

TEST(TreeGrower, ValuesBeyondAllThatTrainedFollowTheLastBin) {
  // Only whether x is missing tells the label, so the root parts every value from the missing ones.
  TestTable table;
  const float missing = std::numeric_limits<float>::quiet_NaN();
  table.data.n_rows = 8;
  table.data.values = {{-3, -2, -1, 0, missing, missing, missing, missing}};
  table.data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  table.data.label = {0, 0, 0, 0, 1, 1, 1, 1};
  table.rows = {0, 1, 2, 3, 4, 5, 6, 7};
  table.matrix =
      std::make_shared<const BinnedMatrix>(table.data, FindCuts(table.data, table.rows, 256));
  TrainParams params;
  params.max_depth = 1;
  const Tree tree = Grow(table, params).tree.tree;
  const auto leaf = [&](float value) { return tree.LeafOf(std::vector<float>{value}); };
  EXPECT_NE(leaf(missing), leaf(0));
  EXPECT_EQ(leaf(1000), leaf(0));
}

TEST(TreeGrower, EveryRowGetsTheValueOfTheLeafThatItsBinsAndItsValuesReach) {
  const TestTable table = MakeTestTable(20000, 11, 5);
  EXPECT_LT(table.matrix->n_columns(), 11);  // some share a column
  for (const int depth : {3, 8}) {
    TrainParams params;
    params.max_depth = depth;
    const Grown grown = Grow(table, params);
    const Tree& tree = grown.tree.tree;
    const BinnedWalk walk(*table.matrix, grown.tree);
    std::vector<float> walked(table.data.n_rows);
    walk.AddLeafValues(table.rows, walked);
    EXPECT_EQ(walked, grown.margins);
    const auto rows = RowsOfNodes(table, tree);
    for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
      if (!tree.IsLeaf(node)) continue;
      const auto i = static_cast<std::size_t>(node);
      EXPECT_FALSE(rows[i].empty());
      for (const RowIndex row : rows[i]) {
        ASSERT_EQ(walk.LeafOf(row), node);
        ASSERT_EQ(grown.margins[row], tree.threshold[i]);
      }
    }
  }
}

TEST(TreeGrower, EverySplitIsAsGoodAsTheBestOfThePlainLoops) {
  // Wholly numeric tables and mixed ones, with shared columns and without, with L1 and limits.
  for (const RowIndex n_rows : {700U, 17000U}) {
    for (const int variant : {0, 1, 2, 3}) {
      const TestTable table = MakeTestTable(n_rows, variant == 3 ? 4 : 11, 20 + n_rows);
      TrainParams params;
      if (variant == 1) params.alpha = 3;
      if (variant == 2) params.max_delta_step = 0.4;
      const Tree tree = Grow(table, params).tree.tree;
      const auto rows = RowsOfNodes(table, tree);
      EXPECT_GT(tree.n_leaves(), 10);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (tree.IsLeaf(static_cast<std::int32_t>(i))) continue;
        const SplitCandidate best = PlainBest(table, params, rows[i]);
        EXPECT_GE(tree.loss_change[i], best.loss_change * (1 - 1e-5F));
        EXPECT_LE(tree.loss_change[i], best.loss_change);
      }
    }
  }
}

// From the root downwards: each split is that of the plain loops, to the last bit.
void ExpectPlainSplits(const TestTable& table, const TrainParams& params, const GrownTree& grown) {
  FixedPointScale scale;
  const std::vector<PackedPair> gradients = GradientsOf(table, &scale);
  const FeatureSplits splits(table.matrix->cuts(), params, scale);
  const Tree& tree = grown.tree;
  const auto rows = RowsOfNodes(table, tree);
  std::vector<WeightLimits> limits(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (tree.IsLeaf(static_cast<std::int32_t>(i))) continue;
    const SplitCandidate best = PlainBest(table, params, rows[i], limits[i]);
    EXPECT_EQ(tree.loss_change[i], best.loss_change) << i;
    EXPECT_EQ(grown.splits[i].feature, best.split.feature) << i;
    EXPECT_EQ(grown.splits[i].last_left, best.split.last_left) << i;
    EXPECT_EQ(grown.splits[i].default_left, best.split.default_left) << i;
    EXPECT_EQ(grown.splits[i].right, best.split.right) << i;
    PackedPair total = 0;
    for (const RowIndex row : rows[i]) total += gradients[row];
    const auto below = splits.LimitsBelow(splits.SumsOf(total, limits[i]), best);
    limits[static_cast<std::size_t>(tree.left[i])] = below[0];
    limits[static_cast<std::size_t>(tree.right[i])] = below[1];
  }
}

TEST(TreeGrower, WhereWeightsAreBoundedEverySplitIsThatOfThePlainLoops) {
  for (const int n_features : {4, 11}) {
    const TestTable table = MakeTestTable(9000, n_features, 33);
    for (const bool limits_steps : {false, true}) {
      for (const bool is_monotone : {false, true}) {
        if (!limits_steps && !is_monotone) continue;
        TrainParams params;
        params.max_depth = 7;
        params.alpha = limits_steps && is_monotone ? 2 : 0;
        if (limits_steps) params.max_delta_step = 0.4;
        if (is_monotone) {
          params.monotone_constraints.by_position = {1, -1, 1, 0};
          params.monotone_constraints.by_position.resize(table.data.n_features());
        }
        for (const InstructionSet set :
             {InstructionSet::kBaseline, InstructionSet::kAvx2, InstructionSet::kAvx512}) {
          if (!IsAvailable(set)) continue;
          const GrownTree grown = Grow(table, params, set).tree;
          EXPECT_GT(grown.tree.n_leaves(), 5);
          ExpectPlainSplits(table, params, grown);
        }
      }
    }
  }
}

// Of all leaves below a node, after eta: the lowest and the highest.
std::pair<float, float> LeafRange(const Tree& tree, std::int32_t node) {
  const auto i = static_cast<std::size_t>(node);
  if (tree.IsLeaf(node)) return {tree.threshold[i], tree.threshold[i]};
  const auto [left_low, left_high] = LeafRange(tree, tree.left[i]);
  const auto [right_low, right_high] = LeafRange(tree, tree.right[i]);
  return {std::min(left_low, right_low), std::max(left_high, right_high)};
}

TEST(TreeGrower, BothSidesOfAMonotoneSplitKeepToTheirSideOfTheMiddle) {
  const TestTable table = MakeTestTable(5000, 11, 31);
  TrainParams params;
  params.max_depth = 8;
  params.monotone_constraints.by_position = {1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  int n_monotone = 0;
  const Tree tree = Grow(table, params).tree.tree;
  for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
    const auto i = static_cast<std::size_t>(node);
    if (tree.IsLeaf(node) || tree.feature[i] > 2) continue;
    ++n_monotone;
    const bool rises = tree.feature[i] != 1;
    const auto low = LeafRange(tree, rises ? tree.left[i] : tree.right[i]);
    const auto high = LeafRange(tree, rises ? tree.right[i] : tree.left[i]);
    EXPECT_LE(low.second, high.first) << node;
  }
  EXPECT_GT(n_monotone, 20);
}

TEST(TreeGrower, EveryWayToALeafKeepsToOneGroupOfFeatures) {
  const TestTable table = MakeTestTable(5000, 11, 32);
  TrainParams params;
  params.max_depth = 8;
  params.interaction_constraints.by_position = {{0, 1}, {1, 2, 4}};
  for (const double by_node : {1.0, 0.5}) {
    params.colsample_bynode = by_node;
    const Tree tree = Grow(table, params).tree.tree;
    std::set<std::set<int>> met;
    for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
      std::set<int> path;
      for (std::int32_t at = tree.parent[static_cast<std::size_t>(node)]; at != Tree::kNone;
           at = tree.parent[static_cast<std::size_t>(at)]) {
        path.insert(tree.feature[static_cast<std::size_t>(at)]);
      }
      if (path.size() > 1) met.insert(path);
    }
    EXPECT_FALSE(met.empty());
    for (const std::set<int>& path : met) {
      const bool in_first = path == std::set<int>{0, 1};
      const std::set<int> second = {1, 2, 4};
      EXPECT_TRUE(in_first ||
                  std::includes(second.begin(), second.end(), path.begin(), path.end()));
    }
  }
}

TEST(TreeGrower, EveryInstructionSetGrowsTheSameTree) {
  const TestTable table = MakeTestTable(17000, 13, 12);
  const TrainParams params;
  const Tree plain = Grow(table, params, InstructionSet::kBaseline).tree.tree;
  for (const InstructionSet set : {InstructionSet::kAvx2, InstructionSet::kAvx512}) {
    if (!IsAvailable(set)) continue;
    EXPECT_EQ(Grow(table, params, set).tree.tree, plain);
  }
}

TEST(TreeGrower, ChildSumsAddUpToTheParentAndWeightsFollowTheFormula) {
  const TestTable table = MakeTestTable(3000, 11, 6);
  const Grown grown = Grow(table, TrainParams{});
  const Tree& tree = grown.tree.tree;
  for (std::size_t i = 0; i < tree.left.size(); ++i) {
    if (tree.left[i] == Tree::kNone) continue;
    EXPECT_EQ(tree.sum_hessian[i], tree.sum_hessian[static_cast<std::size_t>(tree.left[i])] +
                                       tree.sum_hessian[static_cast<std::size_t>(tree.right[i])]);
  }
  const auto rows = RowsOfNodes(table, tree);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!tree.IsLeaf(static_cast<std::int32_t>(i))) continue;
    double gradient = 0;
    for (const RowIndex row : rows[i]) gradient += 0.5 - table.data.label[row];
    const double weight = -gradient / (static_cast<double>(rows[i].size()) + 1);
    EXPECT_FLOAT_EQ(tree.threshold[i], static_cast<float>(0.3 * static_cast<float>(weight)));
  }
}

TEST(TreeGrower, NumbersNodesLevelByLevel) {
  const TestTable table = MakeTestTable(3000, 11, 7);
  const Tree tree = Grow(table, TrainParams{}).tree.tree;
  int depth = 0;
  std::int32_t next_child = 1;
  for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
    EXPECT_GE(DepthOf(tree, node), depth);
    depth = DepthOf(tree, node);
    if (tree.IsLeaf(node)) continue;
    EXPECT_EQ(tree.left[static_cast<std::size_t>(node)], next_child);
    EXPECT_EQ(tree.right[static_cast<std::size_t>(node)], next_child + 1);
    next_child += 2;
  }
  EXPECT_LE(depth, 6);
}

TEST(TreeGrower, MaxLeavesTakesTheLargestGainsUnderLossguide) {
  const TestTable table = MakeTestTable(3000, 11, 8);
  TrainParams params;
  params.grow_policy = GrowPolicy::kLossguide;
  params.max_depth = 0;
  params.max_leaves = 12;
  const Tree tree = Grow(table, params).tree.tree;
  EXPECT_EQ(tree.n_leaves(), 12);
  // Allowing one leaf more only adds the next best split; it changes no other.
  params.max_leaves = 13;
  const Tree larger = Grow(table, params).tree.tree;
  for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
    if (tree.IsLeaf(node)) continue;
    const auto i = static_cast<std::size_t>(node);
    EXPECT_EQ(larger.feature[i], tree.feature[i]);
    EXPECT_EQ(larger.threshold[i], tree.threshold[i]);
  }
  EXPECT_EQ(larger.n_leaves(), 13);
}

TEST(TreeGrower, MaxLeavesCutsInLevelOrderUnderDepthwise) {
  const TestTable table = MakeTestTable(3000, 11, 8);
  TrainParams params;
  const Tree full = Grow(table, params).tree.tree;
  params.max_leaves = 5;
  const Tree cut = Grow(table, params).tree.tree;
  EXPECT_EQ(cut.n_leaves(), 5);
  // Its splits are the first four of the full tree, in the order of numbers.
  std::vector<std::int32_t> split_nodes;
  for (std::int32_t node = 0; node < full.n_nodes(); ++node) {
    if (!full.IsLeaf(node)) split_nodes.push_back(node);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const auto node = static_cast<std::size_t>(split_nodes[i]);
    EXPECT_EQ(cut.feature[node], full.feature[node]);
    EXPECT_FALSE(cut.IsLeaf(split_nodes[i]));
  }
}

TEST(TreeGrower, FewHistogramsGiveTheSameTreeAsMany) {
  // A histogram of 70,000 constant features takes 4.5 MB, so the pool of 16 MB holds four:
  // lossguide sums nodes from their rows that it would otherwise subtract. The tree must be the one
  // that the eleven other features give alone.
  const TestTable narrow = MakeTestTable(400, 11, 9);
  TestTable wide = narrow;
  for (int f = 11; f < 70000; ++f) {
    std::vector<float> column(400, 1.0F);
    wide.data.values.push_back(std::move(column));
    wide.data.schema.features.push_back({"constant", ColumnKind::kNumeric, {}});
  }
  wide.matrix =
      std::make_shared<const BinnedMatrix>(wide.data, FindCuts(wide.data, wide.rows, 256));
  TrainParams params;
  params.grow_policy = GrowPolicy::kLossguide;
  params.max_depth = 0;
  params.max_leaves = 24;
  params.min_child_weight = 0;
  const Tree expected = Grow(narrow, params).tree.tree;
  EXPECT_EQ(expected.n_leaves(), 24);
  EXPECT_EQ(Grow(wide, params).tree.tree, expected);
  params = {};
  EXPECT_EQ(Grow(wide, params).tree.tree, Grow(narrow, params).tree.tree);
}

TEST(TreeGrower, TheTreeDoesNotDependOnThreads) {
  // Rows enough for histograms to be summed by several threads.
  const TestTable table = MakeTestTable(150000, 12, 10);
  TrainParams depthwise;
  depthwise.colsample_bytree = 0.8;
  depthwise.colsample_bylevel = 0.8;
  depthwise.colsample_bynode = 0.8;
  TrainParams lossguide;
  lossguide.grow_policy = GrowPolicy::kLossguide;
  lossguide.max_depth = 0;
  lossguide.max_leaves = 40;
  for (const TrainParams& params : {depthwise, lossguide}) {
    const auto with_threads = [&](int threads) {
      const tbb::global_control allow(tbb::global_control::max_allowed_parallelism,
                                      static_cast<std::size_t>(threads));
      tbb::task_arena arena(threads);
      Tree tree;
      arena.execute([&] { tree = Grow(table, params).tree.tree; });
      return tree;
    };
    const Tree one = with_threads(1);
    EXPECT_EQ(with_threads(2), one);
    EXPECT_EQ(with_threads(8), one);
  }
}

TEST(TreeGrower, OneRowOrNoGradientIsALeaf) {
  TestTable table = MakeTestTable(40, 5, 11);
  table.data.label.assign(40, 0.5F);
  EXPECT_EQ(Grow(table, TrainParams{}).tree.tree.n_leaves(), 1);
  const TestTable one_row = MakeTestTable(1, 5, 11);
  EXPECT_EQ(Grow(one_row, TrainParams{}).tree.tree.n_leaves(), 1);
}

}  // namespace
}  // namespace coppice::trainer
