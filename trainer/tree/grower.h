#pragma once
// Grows one tree on packed gradients.
//
// Depthwise without max_leaves does not depend on the order of nodes, so it goes depth first: few
// histograms live at a time and a child's rows are still in the cache. max_leaves cuts in level
// order (depthwise) or by gain (lossguide). Nodes are numbered as XGBoost numbers them: level by
// level, or in the order of splitting.

#include <span>
#include <vector>

#include "trainer/bins/binned_matrix.h"
#include "trainer/params.h"
#include "trainer/tree/column_sampler.h"
#include "trainer/tree/fixed_point.h"
#include "trainer/tree/histogram.h"
#include "trainer/tree/row_partition.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {

// A tree over values and the same tree over bins.
struct GrownTree {
  Tree tree;
  std::vector<BinnedSplit> splits;  // [n_nodes]; meaningless at leaves

  // The leaf of a row of the matrix.
  std::int32_t LeafOf(const BinnedMatrix& matrix, RowIndex row) const;
};

// One thread at a time; large nodes are spread over the caller's arena. The tree does not depend
// on threads.
class TreeGrower {
 public:
  // All are borrowed for the grower's life.
  TreeGrower(const BinnedMatrix& matrix, const TrainParams& params, RowPartition& partition);

  // `gradients` is indexed by row of the matrix; `scale` packed them.
  GrownTree Grow(std::span<const PackedPair> gradients, FixedPointScale scale, TreeKey key);

  // Of the tree grown last: which rows every leaf holds, as (node, range of the partition).
  struct LeafRows {
    std::int32_t node;
    RowRange rows;
  };
  const std::vector<LeafRows>& leaf_rows() const { return leaf_rows_; }

 private:
  const BinnedMatrix& matrix_;
  const TrainParams& params_;
  RowPartition& partition_;
  HistogramPool pool_;
  std::vector<LeafRows> leaf_rows_;

  friend class Growth;
};

}  // namespace coppice::trainer
