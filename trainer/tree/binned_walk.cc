#include "trainer/tree/binned_walk.h"

#include <algorithm>

namespace coppice::trainer {

BinnedWalk::BinnedWalk(const BinnedMatrix& matrix, const GrownTree& grown) : tree_(grown.tree) {
  std::vector<int> depth(grown.splits.size());
  tables_.emplace_back();  // of all leaves, where every way leads back
  for (std::int32_t node = 0; node < tree_.n_nodes(); ++node) {
    const auto i = static_cast<std::size_t>(node);
    if (node > 0) depth[i] = depth[static_cast<std::size_t>(tree_.parent[i])] + 1;
    depth_ = std::max(depth_, depth[i]);
    if (tree_.IsLeaf(node)) {
      nodes_.push_back({matrix.Codes(0), {node, node}, 0});
      continue;
    }
    const CodeSplit split(matrix, grown.splits[i]);
    nodes_.push_back({matrix.Codes(split.column()),
                      {tree_.right[i], tree_.left[i]},
                      static_cast<std::uint32_t>(tables_.size())});
    tables_.push_back(split.is_left());
  }
}

// One level down for n rows. Their loads do not wait for each other.
inline void BinnedWalk::Step(const RowIndex* rows, std::int32_t* at, std::size_t n) const {
  for (std::size_t i = 0; i < n; ++i) {
    const Node& node = nodes_[static_cast<std::size_t>(at[i])];
    at[i] = node.child[tables_[node.table][node.codes[rows[i]]]];
  }
}

std::int32_t BinnedWalk::LeafOf(RowIndex row) const {
  std::int32_t at = 0;
  for (int level = 0; level < depth_; ++level) Step(&row, &at, 1);
  return at;
}

void BinnedWalk::AddLeafValues(std::span<const RowIndex> rows, std::span<float> margins,
                               float weight) const {
  std::size_t i = 0;
  for (; i + kWalkers <= rows.size(); i += kWalkers) {
    std::int32_t at[kWalkers] = {};
    for (int level = 0; level < depth_; ++level) Step(&rows[i], at, kWalkers);
    for (std::size_t j = 0; j < kWalkers; ++j) {
      margins[rows[i + j]] += weight * tree_.threshold[static_cast<std::size_t>(at[j])];
    }
  }
  for (; i < rows.size(); ++i) {
    margins[rows[i]] += weight * tree_.threshold[static_cast<std::size_t>(LeafOf(rows[i]))];
  }
}

}  // namespace coppice::trainer
