#include "trainer/tree/grower.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <limits>
#include <vector>

#include "tests/trainer/tree/test_table.h"

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
  std::vector<TreeGrower::LeafRows> leaf_rows;
  std::vector<std::vector<RowIndex>> rows;  // of each leaf
};

Grown Grow(const TestTable& table, const TrainParams& params) {
  FixedPointScale scale;
  const std::vector<PackedPair> gradients = GradientsOf(table, &scale);
  RowPartition partition(table.rows);
  TreeGrower grower(*table.matrix, params, partition);
  Grown grown;
  grown.tree = grower.Grow(gradients, scale, {1, 2, 3});
  grown.leaf_rows = grower.leaf_rows();
  for (const auto& leaf : grown.leaf_rows) {
    const auto rows = partition.Rows(leaf.rows);
    grown.rows.emplace_back(rows.begin(), rows.end());
  }
  return grown;
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

TEST(TreeGrower, EveryRowLiesInTheLeafThatItsBinsAndItsValuesReach) {
  const TestTable table = MakeTestTable(3000, 11, 5);
  TrainParams params;
  params.max_depth = 8;
  const Grown grown = Grow(table, params);
  std::size_t n_rows = 0;
  for (std::size_t i = 0; i < grown.leaf_rows.size(); ++i) {
    n_rows += grown.rows[i].size();
    for (const RowIndex row : grown.rows[i]) {
      EXPECT_EQ(grown.tree.LeafOf(*table.matrix, row), grown.leaf_rows[i].node);
      std::vector<float> values;
      for (const auto& column : table.data.values) values.push_back(column[row]);
      EXPECT_EQ(grown.tree.tree.LeafOf(values), grown.leaf_rows[i].node);
    }
  }
  EXPECT_EQ(n_rows, table.data.n_rows);
  EXPECT_EQ(static_cast<std::int32_t>(grown.leaf_rows.size()), grown.tree.tree.n_leaves());
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
  for (std::size_t i = 0; i < grown.leaf_rows.size(); ++i) {
    double gradient = 0;
    for (const RowIndex row : grown.rows[i]) gradient += 0.5 - table.data.label[row];
    const double weight = -gradient / (static_cast<double>(grown.rows[i].size()) + 1);
    EXPECT_FLOAT_EQ(tree.threshold[static_cast<std::size_t>(grown.leaf_rows[i].node)],
                    static_cast<float>(0.3 * static_cast<float>(weight)));
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
  // A histogram of 8,200 features takes 17 MB, so the pool of 64 MB holds four: lossguide then sums
  // nodes from their rows that it would otherwise subtract. The features behind the first eleven
  // are constant, so the tree must be the one that the narrow table gives.
  const TestTable narrow = MakeTestTable(400, 11, 9);
  TestTable wide = narrow;
  for (int f = 11; f < 8200; ++f) {
    wide.data.values.emplace_back(400, 1.0F);
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
}

TEST(TreeGrower, TheTreeDoesNotDependOnThreads) {
  const TestTable table = MakeTestTable(40000, 30, 10);
  TrainParams params;
  params.colsample_bytree = 0.8;
  params.colsample_bylevel = 0.8;
  params.colsample_bynode = 0.8;
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

}  // namespace
}  // namespace coppice::trainer
