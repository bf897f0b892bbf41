#include "trainer/tree/tree.h"

#include <algorithm>
#include <cmath>

namespace coppice::trainer {

std::int32_t Tree::n_leaves() const {
  return static_cast<std::int32_t>(std::count(left.begin(), left.end(), kNone));
}

std::int32_t Tree::AddNode(std::int32_t parent_node) {
  left.push_back(kNone);
  right.push_back(kNone);
  parent.push_back(parent_node);
  feature.push_back(0);
  threshold.push_back(0.0f);
  default_left.push_back(0);
  is_categorical.push_back(0);
  category_begin.push_back(0);
  category_size.push_back(0);
  base_weight.push_back(0.0f);
  loss_change.push_back(0.0f);
  sum_hessian.push_back(0.0f);
  return n_nodes() - 1;
}

bool Tree::GoesLeft(std::int32_t node, float value) const {
  const auto i = static_cast<std::size_t>(node);
  if (std::isnan(value)) return default_left[i] != 0;
  if (is_categorical[i] == 0) return value < threshold[i];
  const auto first = categories.begin() + category_begin[i];
  const auto last = first + category_size[i];
  // Codes compare as floats: what is no code (negative, a fraction, beyond all codes) equals none
  // of the set and goes left.
  const auto found = std::lower_bound(
      first, last, value, [](std::int32_t code, float v) { return static_cast<float>(code) < v; });
  return found == last || static_cast<float>(*found) != value;
}

std::int32_t Tree::LeafOf(std::span<const float> row) const {
  std::int32_t node = 0;
  while (!IsLeaf(node)) {
    const auto i = static_cast<std::size_t>(node);
    const float value = row[static_cast<std::size_t>(feature[i])];
    node = GoesLeft(node, value) ? left[i] : right[i];
  }
  return node;
}

}  // namespace coppice::trainer
