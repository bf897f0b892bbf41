#pragma once
// One regression tree, in the arrays of XGBoost's model file, so that writing and reading change
// nothing.
//
// Node 0 is the root. A numeric node sends x < threshold left; a categorical node sends the codes
// of its set right, every other one left; a missing value follows default_left.

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace coppice::trainer {

// All arrays are [n_nodes] but `categories`, which the nodes' ranges point into.
struct Tree {
  static constexpr std::int32_t kNone = -1;

  std::vector<std::int32_t> left;     // kNone at a leaf
  std::vector<std::int32_t> right;    // kNone at a leaf
  std::vector<std::int32_t> parent;   // kNone at the root
  std::vector<std::int32_t> feature;  // 0 at a leaf
  std::vector<float> threshold;       // the leaf's value (eta applied) at a leaf
  std::vector<std::uint8_t> default_left;
  std::vector<std::uint8_t> is_categorical;
  std::vector<std::int32_t> category_begin;  // [begin, begin + size) of `categories`
  std::vector<std::int32_t> category_size;
  std::vector<std::int32_t> categories;  // codes that go right, ascending within a node
  std::vector<float> base_weight;        // optimal weight before eta; the leaf's value at a leaf
  std::vector<float> loss_change;        // 0 at a leaf
  std::vector<float> sum_hessian;

  std::int32_t n_nodes() const { return static_cast<std::int32_t>(left.size()); }
  bool IsLeaf(std::int32_t node) const { return left[static_cast<std::size_t>(node)] == kNone; }
  std::int32_t n_leaves() const;
  // Appends a leaf of value 0 and returns its number.
  std::int32_t AddNode(std::int32_t parent_node);

  // The leaf that a row reaches; `row` is [n_features], NaN where missing.
  std::int32_t LeafOf(std::span<const float> row) const;
  // Whether `node` (not a leaf) sends `value` left.
  bool GoesLeft(std::int32_t node, float value) const;

  bool operator==(const Tree&) const = default;
};

// For base/bytes.h.
template <typename Bytes, typename T>
requires std::is_same_v<std::remove_const_t<T>, Tree>
bool Fields(Bytes& bytes, T& tree) {
  return bytes(tree.left, tree.right, tree.parent, tree.feature, tree.threshold, tree.default_left,
               tree.is_categorical, tree.category_begin, tree.category_size, tree.categories,
               tree.base_weight, tree.loss_change, tree.sum_hessian);
}

}  // namespace coppice::trainer
