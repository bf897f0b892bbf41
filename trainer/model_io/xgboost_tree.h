#pragma once
// One tree of XGBoost's JSON: its text to arrays, and the proof that the arrays are a tree.

#include <string>
#include <vector>

#include "trainer/data/schema.h"
#include "trainer/model_io/model_scanner.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {

// A tree as it stands in the file, not checked.
struct TreeText {
  ModelScanner::Mark mark;
  int id = 0;
  int num_nodes = 0;
  int leaf_size = 1;  // numbers at a leaf
  Tree tree;          // parent of the root as in the file; category ranges not set
  std::vector<std::int32_t> category_nodes;
  std::vector<std::int32_t> category_begins;
  std::vector<std::int32_t> category_sizes;
};

// XGBoost's parent of a root.
inline constexpr std::int32_t kRootParent = 2147483647;

// The scanner stands before the tree's object.
TreeText ReadTreeText(ModelScanner& scan);

// Throws Error (kData) unless: all arrays have one length; children are both there or both absent,
// in range, and no node has two parents; parents agree; the features of nodes that can be reached
// are among `features` and of the kind that their split needs; thresholds and leaf values are
// numbers; category sets lie inside `categories`, ascending, with codes below kMaxCategories.
Tree CheckedTree(TreeText text, const std::vector<FeatureSchema>& features,
                 const ModelScanner& scan);

// The whole number that a text holds (the format quotes its counts).
int ReadQuotedInt(ModelScanner& scan);

}  // namespace coppice::trainer
