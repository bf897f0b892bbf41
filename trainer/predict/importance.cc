#include "trainer/predict/importance.h"

#include <algorithm>
#include <cmath>

namespace coppice::trainer {
namespace {

void AddTree(const Tree& tree, std::vector<FeatureImportance>& all) {
  std::vector<std::int32_t> open = {0};
  while (!open.empty()) {
    const std::int32_t node = open.back();
    open.pop_back();
    if (tree.IsLeaf(node)) continue;
    const auto i = static_cast<std::size_t>(node);
    FeatureImportance& own = all[static_cast<std::size_t>(tree.feature[i])];
    own.weight += 1;
    own.total_gain += static_cast<double>(tree.loss_change[i]);
    own.total_cover += static_cast<double>(tree.sum_hessian[i]);
    open.push_back(tree.left[i]);
    open.push_back(tree.right[i]);
  }
}

}  // namespace

std::vector<FeatureImportance> ImportanceOf(const Booster& booster) {
  const std::size_t n = booster.schema.features.size();
  std::vector<FeatureImportance> all(n);
  for (std::size_t f = 0; f < n; ++f) {
    all[f].feature = f;
    if (booster.is_linear()) {
      all[f].weight = static_cast<double>(
          booster.linear_weights[f * static_cast<std::size_t>(booster.n_outputs)]);
    }
  }
  for (const Tree& tree : booster.trees) AddTree(tree, all);
  std::erase_if(all, [](const FeatureImportance& one) { return one.weight == 0; });
  for (FeatureImportance& one : all) {
    if (booster.is_linear()) continue;
    one.gain = one.total_gain / one.weight;
    one.cover = one.total_cover / one.weight;
  }
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return booster.is_linear() ? std::abs(a.weight) > std::abs(b.weight)
                               : a.total_gain > b.total_gain;
  });
  return all;
}

}  // namespace coppice::trainer
