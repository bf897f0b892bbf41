#pragma once
// The best split of a node, feature by feature, from its histogram.
//
// Ties go to the lower feature, then to the split found first: forward before backward, low bins
// before high ones (XGBoost's order).

#include <span>
#include <vector>

#include "trainer/bins/quantile_cuts.h"
#include "trainer/params.h"
#include "trainer/tree/binned_split.h"
#include "trainer/tree/gain.h"
#include "trainer/tree/histogram.h"

namespace coppice::trainer {

struct SplitCandidate {
  float loss_change = 0;  // 0: no admissible split was found
  BinnedSplit split;
  PackedPair left_sum = 0;

  bool found() const { return loss_change > 0; }
};

// The sums of a node whose split is sought.
struct NodeSums {
  PackedPair packed = 0;
  double gain = 0;  // NodeGain of it
};

// Immutable. Thread-safe.
class SplitFinder {
 public:
  // `cuts` outlives the finder. `scale` is the tree's.
  SplitFinder(const QuantileCuts& cuts, const TrainParams& params, FixedPointScale scale);

  const Regularisation& regularisation() const { return regularisation_; }
  NodeSums SumsOf(PackedPair packed) const;

  // Betters `best` with the splits on `feature`, whose lane of `histogram` is feature % kLanes.
  // Features must come in ascending order.
  void Improve(int feature, std::span<const PackedPair> histogram, const NodeSums& node,
               SplitCandidate* best) const;

 private:
  void ImproveNumeric(int feature, std::span<const PackedPair> histogram, const NodeSums& node,
                      SplitCandidate* best) const;
  void ImproveOneHot(int feature, std::span<const PackedPair> histogram, const NodeSums& node,
                     SplitCandidate* best) const;
  void ImproveBySets(int feature, std::span<const PackedPair> histogram, const NodeSums& node,
                     SplitCandidate* best) const;
  // The loss change of dividing `node` at `left`; 0 where it is not admissible.
  float LossChange(const NodeSums& node, PackedPair left) const;

  const QuantileCuts& cuts_;
  Regularisation regularisation_;
  FixedPointScale scale_;
  std::uint32_t min_hessian_;  // min_child_weight in fixed point, at least 1
  int max_cat_to_onehot_;
  int max_cat_threshold_;
};

}  // namespace coppice::trainer
