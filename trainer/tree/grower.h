#pragma once
// Grows one tree on packed gradients.
//
// Depthwise without max_leaves does not depend on the order of nodes, so it goes depth first: few
// histograms live at a time, a child's rows are still in the cache, and the two sides of a large
// node are tasks of their own. max_leaves cuts in level order (depthwise) or by gain (lossguide).
// Nodes are numbered as XGBoost numbers them: level by level, or in the order of splitting.

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "base/work_limit.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/params.h"
#include "trainer/tree/block_scan.h"
#include "trainer/tree/column_sampler.h"
#include "trainer/tree/fixed_point.h"
#include "trainer/tree/histogram.h"
#include "trainer/tree/row_partition.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {

// What becomes of a leaf's value and rows.
enum class LeafUse {
  kAddToMargins,  // the value is added to the margins of its rows
  kListRows,      // margins stay as they are, and leaf_rows says which rows a leaf has
};

// A tree over values and the same tree over bins.
struct GrownTree {
  Tree tree;
  std::vector<BinnedSplit> splits;  // [n_nodes]; meaningless at leaves
  // [n_nodes] with kListRows, else empty: ranges of the partition, until it is reset; meaningless
  // at other nodes than leaves.
  std::vector<RowRange> leaf_rows;
};

// For base/bytes.h; without the rows of leaves, which end with the next tree.
template <typename Bytes, typename T>
requires std::is_same_v<std::remove_const_t<T>, GrownTree>
bool Fields(Bytes& bytes, T& grown) { return bytes(grown.tree, grown.splits); }

// The most that the histograms of a grower take on so many threads.
std::size_t HistogramBytes(const BinnedMatrix& matrix, const TrainParams& params, int threads);

// One tree at a time; large nodes are spread over the caller's arena. The tree does not depend on
// threads.
class TreeGrower {
 public:
  // All are borrowed for the grower's life. Behind `limit` (null: none) a tree ends as it is: it is
  // of no use then.
  TreeGrower(const BinnedMatrix& matrix, const TrainParams& params, RowPartition& partition,
             InstructionSet instructions = BestInstructionSet(), const WorkLimit* limit = nullptr);

  // `gradients` is indexed by row of the matrix; `scale` packed them; `total` is their sum over the
  // partition's rows. Gradients of other rows are zero. `margins` is indexed the same way. Listing
  // rows costs more, as those of the last level then move too.
  GrownTree Grow(std::span<const PackedPair> gradients, FixedPointScale scale, PackedPair total,
                 TreeKey key, std::span<float> margins, LeafUse leaf_use = LeafUse::kAddToMargins);

 private:
  friend class Growth;

  const BinnedMatrix& matrix_;
  const TrainParams& params_;
  RowPartition& partition_;
  InstructionSet instructions_;
  HistogramLayout layout_;
  HistogramBuilder builder_;
  HistogramPool pool_;
  const WorkLimit* limit_;
};

}  // namespace coppice::trainer
