#pragma once
// Trees laid out for walking: one record of 16 bytes a node, leaves that point to themselves.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/tree/tree.h"

namespace coppice::trainer {

// How many rows walk down a tree side by side: their loads overlap.
inline constexpr std::size_t kWalkers = 8;

// Borrows the trees. Immutable.
class FlatTrees {
 public:
  explicit FlatTrees(std::span<const Tree> trees);

  std::size_t size() const { return roots_.size(); }
  // Leaf numbers (as in Tree) of kWalkers rows, each [n_features], `stride` floats apart.
  std::array<std::int32_t, kWalkers> LeavesOf(std::size_t tree, const float* rows,
                                              std::size_t stride) const;
  float ValueOf(std::size_t tree, std::int32_t leaf) const {
    return nodes_[roots_[tree] + static_cast<std::size_t>(leaf)].threshold;
  }

 private:
  struct Node {
    float threshold;  // the value at a leaf
    std::uint32_t feature : 30;
    std::uint32_t default_left : 1;
    std::uint32_t is_categorical : 1;
    std::int32_t left;  // itself at a leaf
    std::int32_t right;
  };
  static_assert(sizeof(Node) == 16);

  template <bool kCategorical>
  std::array<std::int32_t, kWalkers> Walk(std::size_t tree, const float* rows,
                                          std::size_t stride) const;

  std::span<const Tree> trees_;
  std::vector<Node> nodes_;                    // of all trees
  std::vector<std::size_t> roots_;             // [n_trees] positions in nodes_
  std::vector<std::uint8_t> has_categorical_;  // [n_trees]
};

}  // namespace coppice::trainer
