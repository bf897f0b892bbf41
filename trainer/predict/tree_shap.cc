#include "trainer/predict/tree_shap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace coppice::trainer {
namespace {

// The depth of a tree whose covers are sound.
int CheckedDepth(const Tree& tree) {
  int deepest = 0;
  std::vector<std::pair<std::int32_t, int>> open = {{0, 0}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    deepest = std::max(deepest, depth);
    const auto i = static_cast<std::size_t>(node);
    const float cover = tree.sum_hessian[i];
    if (!std::isfinite(cover) || cover < 0) {
      throw Error(ErrorKind::kData,
                  fmt::format("`sum_hessian` of node {} is `{}`, and contributions need covers",
                              node, cover));
    }
    if (tree.IsLeaf(node)) continue;
    open.emplace_back(tree.left[i], depth + 1);
    open.emplace_back(tree.right[i], depth + 1);
  }
  if (deepest > TreeShap::kMostDepth) {
    throw Error(ErrorKind::kData,
                fmt::format("a tree of depth `{}` is too deep for contributions", deepest));
  }
  return deepest;
}

}  // namespace

TreeShap::TreeShap(const Tree& tree) : tree_(tree) {
  const auto depth = static_cast<std::size_t>(CheckedDepth(tree));
  paths_.resize((depth + 2) * (depth + 3) / 2);
  std::vector<std::pair<std::int32_t, double>> open = {{0, 1.0}};
  while (!open.empty()) {
    const auto [node, share] = open.back();
    open.pop_back();
    const auto i = static_cast<std::size_t>(node);
    if (tree.IsLeaf(node)) {
      mean_ += share * static_cast<double>(tree.threshold[i]);
      continue;
    }
    open.emplace_back(tree.left[i], share * Share(tree.left[i], node));
    open.emplace_back(tree.right[i], share * Share(tree.right[i], node));
  }
}

void TreeShap::Add(std::span<const float> row, double weight, std::span<double> contributions) {
  row_ = row;
  weight_ = weight;
  contributions_ = contributions;
  Descend(0, paths_.data(), 0, {});
}

// Of the parent's rows, those that are the child's.
double TreeShap::Share(std::int32_t child, std::int32_t parent) const {
  const double all = tree_.sum_hessian[static_cast<std::size_t>(parent)];
  // Nobody was there: any shares do that sum to 1.
  if (all == 0) return 0.5;
  return static_cast<double>(tree_.sum_hessian[static_cast<std::size_t>(child)]) / all;
}

// Copies the `depth` steps of the path above to right behind them, adds `next`, and goes on to both
// children.
void TreeShap::Descend(std::int32_t node, Step* above, std::size_t depth, Step next) {
  Step* path = above + depth;
  std::copy(above, path, path);
  Extend(path, depth, next);
  const auto i = static_cast<std::size_t>(node);
  if (tree_.IsLeaf(node)) {
    const double value = weight_ * static_cast<double>(tree_.threshold[i]);
    for (std::size_t step = 1; step <= depth; ++step) {
      const double sum = WeightWithout(path, depth, step);
      contributions_[static_cast<std::size_t>(path[step].feature)] +=
          sum * (path[step].with - path[step].without) * value;
    }
    return;
  }
  const std::int32_t feature = tree_.feature[i];
  const bool goes_left = tree_.GoesLeft(node, row_[static_cast<std::size_t>(feature)]);
  // A feature that was asked before is one step, not two.
  Step before;
  const Step* found = std::find_if(path + 1, path + depth + 1,
                                   [&](const Step& step) { return step.feature == feature; });
  if (found != path + depth + 1) {
    before = *found;
    Unwind(path, depth, static_cast<std::size_t>(found - path));
    --depth;
  }
  for (const bool left : {true, false}) {
    const std::int32_t child = left ? tree_.left[i] : tree_.right[i];
    Step down;
    down.feature = feature;
    down.without = before.without * Share(child, node);
    down.with = left == goes_left ? before.with : 0;
    Descend(child, path, depth + 1, down);
  }
}

// Grows the sets of features on the path by `next`.
void TreeShap::Extend(Step* path, std::size_t depth, Step next) {
  path[depth] = next;
  path[depth].weight = depth == 0 ? 1 : 0;
  const auto size = static_cast<double>(depth + 1);
  for (std::size_t i = depth; i-- > 0;) {
    path[i + 1].weight += next.with * path[i].weight * static_cast<double>(i + 1) / size;
    path[i].weight = next.without * path[i].weight * static_cast<double>(depth - i) / size;
  }
}

// Undoes Extend of the step, which may stand anywhere on the path.
void TreeShap::Unwind(Step* path, std::size_t depth, std::size_t step) {
  const double with = path[step].with;
  const double without = path[step].without;
  const auto size = static_cast<double>(depth + 1);
  double next = path[depth].weight;
  for (std::size_t i = depth; i-- > 0;) {
    const double weight = path[i].weight;
    if (with != 0) {
      path[i].weight = next * size / (static_cast<double>(i + 1) * with);
      next = weight - path[i].weight * without * static_cast<double>(depth - i) / size;
    } else {
      path[i].weight =
          without == 0 ? 0 : weight * size / (without * static_cast<double>(depth - i));
    }
  }
  for (std::size_t i = step; i < depth; ++i) {
    path[i].feature = path[i + 1].feature;
    path[i].without = path[i + 1].without;
    path[i].with = path[i + 1].with;
  }
}

// The sum of the weights that Unwind would leave.
double TreeShap::WeightWithout(const Step* path, std::size_t depth, std::size_t step) {
  const double with = path[step].with;
  const double without = path[step].without;
  const auto size = static_cast<double>(depth + 1);
  double next = path[depth].weight;
  double total = 0;
  for (std::size_t i = depth; i-- > 0;) {
    if (with != 0) {
      const double weight = next * size / (static_cast<double>(i + 1) * with);
      total += weight;
      next = path[i].weight - weight * without * static_cast<double>(depth - i) / size;
    } else if (without != 0) {
      total += path[i].weight * size / (without * static_cast<double>(depth - i));
    }
  }
  return total;
}

}  // namespace coppice::trainer
