#include "trainer/tree/tree_work.h"

#include <gtest/gtest.h>

#include "tests/trainer/tree/test_table.h"

namespace coppice::trainer {
namespace {

double EntriesOf(const BinnedMatrix& matrix) {
  double n = 0;
  for (const FeatureCuts& feature : matrix.cuts().features) n += feature.n_bins();
  return n;
}

// With a root that splits into a leaf and a node of a quarter of the hessian, which splits too.
Tree TwoSplits() {
  Tree tree;
  tree.AddNode(Tree::kNone);
  for (const std::int32_t parent : {0, 0, 2, 2}) tree.AddNode(parent);
  tree.left = {1, Tree::kNone, 3, Tree::kNone, Tree::kNone};
  tree.right = {2, Tree::kNone, 4, Tree::kNone, Tree::kNone};
  tree.sum_hessian = {40, 30, 10, 5, 5};
  return tree;
}

TEST(TreeWork, CountsTheRootsSumsTheSmallerChildrenAndTheRowsMoved) {
  const TestTable table = MakeTestTable(1000, 3, 1);
  const double n_entries = EntriesOf(*table.matrix);
  // A gradient counts 6 and a sum for each column 1; a row that a split moves 3.
  const double root = 1000 * (6 + 3.0) + n_entries;
  const double first = 1000 * 3.0 + 250 * 3 + 2 * n_entries;
  const double last = 250 * 3.0;
  EXPECT_DOUBLE_EQ(TreeWork(TwoSplits(), *table.matrix, 1000), root + first + last);
}

TEST(TreeWork, OfARootThatDoesNotSplitIsItsSum) {
  const TestTable table = MakeTestTable(1000, 3, 1);
  Tree tree;
  tree.AddNode(Tree::kNone);
  EXPECT_DOUBLE_EQ(TreeWork(tree, *table.matrix, 800), 800 * 9.0 + EntriesOf(*table.matrix));
}

}  // namespace
}  // namespace coppice::trainer
