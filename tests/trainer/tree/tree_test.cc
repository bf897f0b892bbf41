#include "trainer/tree/tree.h"

#include <gtest/gtest.h>

#include <limits>

namespace coppice::trainer {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Node 0: feature 1 < 2.5, missing right; left child is leaf 1; right child 2 splits feature 0 into
// the codes {1, 4} (right, leaf 4) and the others (left, leaf 3), missing left.
Tree SmallTree() {
  Tree tree;
  for (const std::int32_t parent : {Tree::kNone, 0, 0, 2, 2}) tree.AddNode(parent);
  tree.left[0] = 1;
  tree.right[0] = 2;
  tree.feature[0] = 1;
  tree.threshold[0] = 2.5f;
  tree.left[2] = 3;
  tree.right[2] = 4;
  tree.is_categorical[2] = 1;
  tree.default_left[2] = 1;
  tree.categories = {1, 4};
  tree.category_size[2] = 2;
  return tree;
}

TEST(Tree, AddsLeavesOfValueZeroBelowTheirParents) {
  Tree tree;
  EXPECT_EQ(tree.AddNode(Tree::kNone), 0);
  EXPECT_EQ(tree.AddNode(0), 1);
  EXPECT_EQ(tree.n_nodes(), 2);
  EXPECT_EQ(tree.parent[1], 0);
  EXPECT_TRUE(tree.IsLeaf(1));
  EXPECT_EQ(tree.threshold[1], 0.0f);
  EXPECT_EQ(tree.sum_hessian.size(), 2u);
}

TEST(Tree, CountsItsLeaves) { EXPECT_EQ(SmallTree().n_leaves(), 3); }

TEST(Tree, SendsSmallerNumbersLeftAndTheThresholdItselfRight) {
  const Tree tree = SmallTree();
  EXPECT_TRUE(tree.GoesLeft(0, 2.4999f));
  EXPECT_FALSE(tree.GoesLeft(0, 2.5f));
}

TEST(Tree, SendsMissingValuesTheDefaultWay) {
  EXPECT_FALSE(SmallTree().GoesLeft(0, kMissing));
  EXPECT_TRUE(SmallTree().GoesLeft(2, kMissing));
}

TEST(Tree, SendsOnlyTheCodesOfTheSetRight) {
  const Tree tree = SmallTree();
  for (const float right : {1.0f, 4.0f}) EXPECT_FALSE(tree.GoesLeft(2, right)) << right;
  for (const float left : {0.0f, 2.0f, 5.0f}) EXPECT_TRUE(tree.GoesLeft(2, left)) << left;
}

TEST(Tree, SendsWhatIsNoCodeLeft) {
  const Tree tree = SmallTree();
  for (const float value : {-1.0f, 1.5f, 1e30f, std::numeric_limits<float>::infinity()}) {
    EXPECT_TRUE(tree.GoesLeft(2, value)) << value;
  }
}

TEST(Tree, LeadsEachRowToItsLeaf) {
  const Tree tree = SmallTree();
  EXPECT_EQ(tree.LeafOf(std::vector<float>{4, 1}), 1);
  EXPECT_EQ(tree.LeafOf(std::vector<float>{4, 3}), 4);
  EXPECT_EQ(tree.LeafOf(std::vector<float>{kMissing, kMissing}), 3);
}

}  // namespace
}  // namespace coppice::trainer
