#pragma once
// The best split of a node on one feature, from the sums of its bins. Plain loops in double
// precision: for what block_scan.h does not do (categories, columns that features share), and what
// its results are tested against.
//
// Ties go to the split found first: missing to the right before missing to the left, low bins
// before high ones (XGBoost's order).

#include <array>
#include <span>

#include "trainer/bins/quantile_cuts.h"
#include "trainer/params.h"
#include "trainer/tree/binned_split.h"
#include "trainer/tree/gain.h"

namespace coppice::trainer {

struct SplitCandidate {
  float loss_change = 0;  // 0: no admissible split was found
  BinnedSplit split;
  PackedPair left_sum = 0;

  bool found() const { return loss_change > 0; }
  // Ties go to the lower feature.
  bool IsBetterThan(const SplitCandidate& other) const {
    if (loss_change != other.loss_change) return loss_change > other.loss_change;
    return found() && split.feature < other.split.feature;
  }
};

// The sums of a node whose split is sought.
struct NodeSums {
  PackedPair packed = 0;
  double gain = 0;      // NodeGain of it
  WeightLimits limits;  // of the node's weight and of those of all nodes below
};

// The sums of one feature's bins, [n_bins], and of its missing values.
struct BinSums {
  std::span<const PackedPair> bins;
  PackedPair missing = 0;
};

// Immutable. Thread-safe.
class FeatureSplits {
 public:
  // `cuts` and `params` outlive it. `scale` is the tree's.
  FeatureSplits(const QuantileCuts& cuts, const TrainParams& params, FixedPointScale scale);

  const Regularisation& regularisation() const { return regularisation_; }
  // min_child_weight in fixed point, at least 1.
  std::uint32_t min_hessian() const { return min_hessian_; }
  // What the weight must do from left to right: rise (1), fall (-1), or either (0).
  double SignOf(int feature) const {
    return monotone_.empty() ? 0 : monotone_[static_cast<std::size_t>(feature)];
  }
  NodeSums SumsOf(PackedPair packed, const WeightLimits& limits = {}) const;
  double WeightOf(const NodeSums& node) const;
  // Between which weights both sides of a split of `node` must stay: its own limits, and
  // max_delta_step within them.
  WeightLimits SideLimits(const NodeSums& node) const;
  // The loss change of dividing `node` by `feature` at `left`; 0 where it is not admissible.
  float LossChange(int feature, const NodeSums& node, PackedPair left) const;
  // Of the left and of the right side of a split of `node`: a monotone one parts the node's own
  // limits in the middle between the two weights, as XGBoost does.
  std::array<WeightLimits, 2> LimitsBelow(const NodeSums& node, const SplitCandidate& split) const;

  // What no split on `feature` is better than.
  SplitCandidate Best(int feature, const BinSums& sums, const NodeSums& node) const;

 private:
  void ImproveNumeric(int feature, const BinSums& sums, const NodeSums& node,
                      SplitCandidate* best) const;
  void ImproveOneHot(int feature, const BinSums& sums, const NodeSums& node,
                     SplitCandidate* best) const;
  void ImproveBySets(int feature, const BinSums& sums, const NodeSums& node,
                     SplitCandidate* best) const;

  const QuantileCuts& cuts_;
  std::span<const double> monotone_;  // [n_features], or empty
  Regularisation regularisation_;
  FixedPointScale scale_;
  std::uint32_t min_hessian_;
  int max_cat_to_onehot_;
  int max_cat_threshold_;
};

}  // namespace coppice::trainer
