#include "trainer/tree/feature_splits.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace coppice::trainer {
namespace {

std::uint32_t MinHessian(const TrainParams& params, const FixedPointScale& scale) {
  const double wanted = std::ceil(params.min_child_weight * scale.hessian_scale());
  constexpr double kMost = std::numeric_limits<std::int32_t>::max();  // no sum reaches it
  return static_cast<std::uint32_t>(std::clamp(wanted, 1.0, kMost));
}

// Nothing where no feature has a constraint.
std::span<const double> MonotoneOf(const TrainParams& params) {
  const std::vector<double>& signs = params.monotone_constraints.by_position;
  const bool any = std::any_of(signs.begin(), signs.end(), [](double sign) { return sign != 0; });
  return any ? std::span<const double>(signs) : std::span<const double>();
}

}  // namespace

FeatureSplits::FeatureSplits(const QuantileCuts& cuts, const TrainParams& params,
                             FixedPointScale scale)
    : cuts_(cuts),
      monotone_(MonotoneOf(params)),
      regularisation_(params),
      scale_(scale),
      min_hessian_(MinHessian(params, scale)),
      max_cat_to_onehot_(params.max_cat_to_onehot),
      max_cat_threshold_(params.max_cat_threshold) {}

NodeSums FeatureSplits::SumsOf(PackedPair packed, const WeightLimits& limits) const {
  return {packed, NodeGain(scale_.Unpack(packed), regularisation_, limits), limits};
}

double FeatureSplits::WeightOf(const NodeSums& node) const {
  return NodeWeight(scale_.Unpack(node.packed), regularisation_, node.limits);
}

WeightLimits FeatureSplits::SideLimits(const NodeSums& node) const {
  const double step = regularisation_.max_delta_step;
  if (step == 0) return node.limits;
  return {std::clamp(-step, node.limits.lower, node.limits.upper),
          std::clamp(step, node.limits.lower, node.limits.upper)};
}

float FeatureSplits::LossChange(int feature, const NodeSums& node, PackedPair left) const {
  const PackedPair right = node.packed - left;
  // Hessians are the low halves: no difference of parts of one sum can borrow from the high half.
  if (static_cast<std::uint32_t>(left) < min_hessian_ ||
      static_cast<std::uint32_t>(right) < min_hessian_) {
    return 0;
  }
  const GradientSum of_left = scale_.Unpack(left);
  const GradientSum of_right = scale_.Unpack(right);
  const double sign = SignOf(feature);
  if (sign != 0 && sign * NodeWeight(of_left, regularisation_, node.limits) >
                       sign * NodeWeight(of_right, regularisation_, node.limits)) {
    return 0;
  }
  const double gain = NodeGain(of_left, regularisation_, node.limits) +
                      NodeGain(of_right, regularisation_, node.limits);
  return static_cast<float>(gain - node.gain);
}

std::array<WeightLimits, 2> FeatureSplits::LimitsBelow(const NodeSums& node,
                                                       const SplitCandidate& split) const {
  std::array<WeightLimits, 2> sides = {node.limits, node.limits};
  const double sign = SignOf(split.split.feature);
  if (sign == 0) return sides;
  const PackedPair right = node.packed - split.left_sum;
  const double middle = (NodeWeight(scale_.Unpack(split.left_sum), regularisation_, node.limits) +
                         NodeWeight(scale_.Unpack(right), regularisation_, node.limits)) /
                        2;
  if (sign > 0) {
    sides[0].upper = sides[1].lower = middle;
  } else {
    sides[0].lower = sides[1].upper = middle;
  }
  return sides;
}

SplitCandidate FeatureSplits::Best(int feature, const BinSums& sums, const NodeSums& node) const {
  const FeatureCuts& cuts = cuts_.features[static_cast<std::size_t>(feature)];
  SplitCandidate best;
  if (cuts.kind == ColumnKind::kNumeric) {
    ImproveNumeric(feature, sums, node, &best);
  } else if (cuts.n_categories < max_cat_to_onehot_) {
    ImproveOneHot(feature, sums, node, &best);
  } else {
    ImproveBySets(feature, sums, node, &best);
  }
  return best;
}

void FeatureSplits::ImproveNumeric(int feature, const BinSums& sums, const NodeSums& node,
                                   SplitCandidate* best) const {
  const int n_bins = static_cast<int>(sums.bins.size());
  // With nothing missing in this node, a split behind the last bin divides nothing.
  const int last = sums.missing == 0 ? n_bins - 1 : n_bins;
  PackedPair left = 0;
  for (int bin = 0; bin < last; ++bin) {
    left += sums.bins[static_cast<std::size_t>(bin)];
    const float change = LossChange(feature, node, left);
    if (change > best->loss_change) {
      *best = {change, {feature, false, false, static_cast<std::int16_t>(bin), {}}, left};
    }
  }
  if (sums.missing == 0) return;
  // Missing goes left: from the top down, the right side grows bin by bin. All values against the
  // missing ones was tried above, but for a monotone feature the other way round is another split.
  const int lowest = SignOf(feature) == 0 ? 1 : 0;
  PackedPair right = 0;
  for (int bin = n_bins - 1; bin >= lowest; --bin) {
    right += sums.bins[static_cast<std::size_t>(bin)];
    left = node.packed - right;
    const float change = LossChange(feature, node, left);
    if (change > best->loss_change) {
      *best = {change, {feature, false, true, static_cast<std::int16_t>(bin - 1), {}}, left};
    }
  }
}

void FeatureSplits::ImproveOneHot(int feature, const BinSums& sums, const NodeSums& node,
                                  SplitCandidate* best) const {
  for (int bin = 0; bin < static_cast<int>(sums.bins.size()); ++bin) {
    const PackedPair here = sums.bins[static_cast<std::size_t>(bin)];
    for (const bool default_left : {true, false}) {
      if (!default_left && sums.missing == 0) continue;
      const PackedPair left = node.packed - here - (default_left ? 0 : sums.missing);
      const float change = LossChange(feature, node, left);
      if (change > best->loss_change) {
        BinnedSplit split{feature, true, default_left, 0, {}};
        split.right.Add(bin);
        *best = {change, split, left};
      }
    }
  }
}

// Fisher 1958, "On grouping for maximum homogeneity": the best set is a prefix of the categories
// ordered by their own weight. As XGBoost: prefixes with missing on the left, then suffixes with
// missing on the right, each shorter than max_cat_threshold. Categories that are lighter than
// min_child_weight, or that no row of the node has, stand among the others by the weight 0: what
// they show is mostly noise.
void FeatureSplits::ImproveBySets(int feature, const BinSums& sums, const NodeSums& node,
                                  SplitCandidate* best) const {
  std::vector<std::pair<double, int>> order;
  for (int bin = 0; bin < static_cast<int>(sums.bins.size()); ++bin) {
    const PackedPair here = sums.bins[static_cast<std::size_t>(bin)];
    const GradientSum sum = scale_.Unpack(here);
    const bool is_light = sum.hessian < regularisation_.min_child_weight;
    order.emplace_back(is_light ? 0 : NodeWeight(sum, regularisation_), bin);
  }
  std::sort(order.begin(), order.end());
  const int n = static_cast<int>(order.size());
  const int longest = std::min(n, max_cat_threshold_) - 1;
  int prefix = -1;  // -1: nothing here is better
  bool default_left = false;
  const auto consider = [&](int size, bool missing_left, PackedPair left) {
    const float change = LossChange(feature, node, left);
    if (change <= best->loss_change) return;
    prefix = size;
    default_left = missing_left;
    best->loss_change = change;
    best->left_sum = left;
  };
  PackedPair sum = 0;
  for (int i = 0; i < longest; ++i) {
    sum += sums.bins[static_cast<std::size_t>(order[static_cast<std::size_t>(i)].second)];
    consider(i + 1, true, node.packed - sum);
  }
  // With nothing missing, suffixes are the complements of prefixes unless those were cut short.
  if (sums.missing != 0 || n - 1 > longest) {
    sum = 0;
    for (int i = n - 1; i >= n - longest; --i) {
      sum += sums.bins[static_cast<std::size_t>(order[static_cast<std::size_t>(i)].second)];
      consider(i, false, sum);
    }
  }
  if (prefix < 0) return;
  BinnedSplit split{feature, true, default_left, 0, {}};
  for (int i = 0; i < prefix; ++i) {
    split.right.Add(order[static_cast<std::size_t>(i)].second);
  }
  best->split = split;
}

}  // namespace coppice::trainer
