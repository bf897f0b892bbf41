#include "trainer/predict/flat_trees.h"

#include <algorithm>

namespace coppice::trainer {

FlatTrees::FlatTrees(std::span<const Tree> trees) : trees_(trees) {
  std::size_t n_nodes = 0;
  for (const Tree& tree : trees) n_nodes += tree.left.size();
  nodes_.reserve(n_nodes);
  roots_.reserve(trees.size());
  has_categorical_.reserve(trees.size());
  for (const Tree& tree : trees) {
    roots_.push_back(nodes_.size());
    bool any_categorical = false;
    for (std::int32_t node = 0; node < tree.n_nodes(); ++node) {
      const auto i = static_cast<std::size_t>(node);
      const bool leaf = tree.IsLeaf(node);
      const bool categorical = !leaf && tree.is_categorical[i] != 0;
      any_categorical |= categorical;
      nodes_.push_back({tree.threshold[i],
                        leaf ? 0 : static_cast<std::uint32_t>(tree.feature[i]) & 0x3FFFFFFFu,
                        tree.default_left[i] != 0, categorical, leaf ? node : tree.left[i],
                        leaf ? node : tree.right[i]});
    }
    has_categorical_.push_back(any_categorical);
  }
}

template <bool kCategorical>
std::array<std::int32_t, kWalkers> FlatTrees::Walk(std::size_t tree, const float* rows,
                                                   std::size_t stride) const {
  const Node* nodes = nodes_.data() + roots_[tree];
  std::array<std::int32_t, kWalkers> at{};
  bool moved = true;
  while (moved) {
    moved = false;
    for (std::size_t walker = 0; walker < kWalkers; ++walker) {
      const Node& node = nodes[at[walker]];
      const float value = rows[walker * stride + node.feature];
      const bool missing = value != value;
      bool goes_left = value < node.threshold;
      if constexpr (kCategorical) {
        if (node.is_categorical) goes_left = trees_[tree].GoesLeft(at[walker], value);
      }
      goes_left |= missing & (node.default_left != 0);
      const std::int32_t next = goes_left ? node.left : node.right;
      moved |= next != at[walker];
      at[walker] = next;
    }
  }
  return at;
}

std::array<std::int32_t, kWalkers> FlatTrees::LeavesOf(std::size_t tree, const float* rows,
                                                       std::size_t stride) const {
  return has_categorical_[tree] != 0 ? Walk<true>(tree, rows, stride)
                                     : Walk<false>(tree, rows, stride);
}

}  // namespace coppice::trainer
