#pragma once
// The best split of a node over all its features, block by block of its histogram.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/bins/binned_matrix.h"
#include "trainer/params.h"
#include "trainer/tree/block_scan.h"
#include "trainer/tree/feature_splits.h"
#include "trainer/tree/histogram.h"

namespace coppice::trainer {

// A node's histogram. With a sibling, `own` still holds the parent's sums: the finder makes it the
// difference, and leaves it so where `keep`.
struct NodeHistogram {
  Histogram own;
  Histogram sibling;  // empty: none
  bool keep = true;
};

// Immutable. Thread-safe; a wide table's blocks are spread over the caller's arena.
class SplitFinder {
 public:
  // All are borrowed. `scale` is the tree's.
  SplitFinder(const BinnedMatrix& matrix, const HistogramLayout& layout, const TrainParams& params,
              FixedPointScale scale, InstructionSet instructions);

  const FeatureSplits& feature_splits() const { return feature_splits_; }

  // The best split on the features that `allowed` [n_features] marks; all of them lie in `blocks`.
  SplitCandidate Find(const NodeHistogram& histogram, const NodeSums& node,
                      std::span<const int> blocks, std::span<const std::uint8_t> allowed) const;

  // Without looking for a split.
  void Subtract(const NodeHistogram& histogram, std::span<const int> blocks) const;

 private:
  // Which way a block's features go.
  struct BlockPlan {
    std::vector<int> scanned;  // features that block_scan.h serves: numeric, alone in their column
    std::vector<int> extracted;  // columns whose features are summed one by one
  };

  SplitCandidate BestOfBlock(int block, const NodeHistogram& histogram, const NodeSums& node,
                             std::span<const std::uint8_t> allowed) const;
  SplitCandidate BestOfScanned(int block, const NodeHistogram& histogram, bool keep,
                               const NodeSums& node, std::span<const std::uint8_t> allowed) const;
  ScanNode ScanNodeOf(const NodeSums& node) const;
  SplitCandidate BestOfColumn(int column, std::span<const PackedPair> histogram,
                              const NodeSums& node, std::span<const std::uint8_t> allowed) const;
  void SubtractBlock(int block, const NodeHistogram& histogram) const;
  PackedPair MissingSum(int feature, const NodeHistogram& histogram) const;

  const BinnedMatrix& matrix_;
  const HistogramLayout& layout_;
  FeatureSplits feature_splits_;
  InstructionSet instructions_;
  double lambda_;  // in units of the fixed point, as ScanNode has them
  double alpha_;
  double weight_scale_;           // what a weight is multiplied by to be in those units
  std::vector<BlockPlan> plans_;  // [n_blocks]
};

}  // namespace coppice::trainer
