#pragma once
// Sums of gradients by bin: what splits are found from.
//
// Layout: [block][bin][lane] with 8 features (lanes) a block and 256 bins a feature; an entry is a
// PackedPair. Sums are exact, so a sibling's histogram is a difference and an empty bin is zero.

#include <cstddef>
#include <span>
#include <vector>

#include "trainer/bins/binned_matrix.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {

inline constexpr std::size_t kBlockEntries = std::size_t{kBinsPerFeature} * kLanes;

// The entries [kBlockEntries] of one block of one node.
using BlockHistogram = std::span<PackedPair>;

// Sets `histogram` to the sums over `rows`. `words` is the matrix's block; `gradients` is indexed
// by row of the matrix.
void BuildBlock(std::span<const std::uint64_t> words, std::span<const PackedPair> gradients,
                std::span<const RowIndex> rows, BlockHistogram histogram);

// parent -= child: what is left is the sibling.
void SubtractBlock(BlockHistogram parent, std::span<const PackedPair> child);

// Histograms of the nodes that wait to be split. Memory is bounded: a node that gets none has its
// children's built from their rows, with the same result.
// One thread at a time; the buffers themselves may be filled block by block by several.
class HistogramPool {
 public:
  static constexpr int kNone = -1;

  // At most `capacity` buffers of n_blocks blocks.
  HistogramPool(int n_blocks, int capacity);

  // A buffer, or kNone when all are taken. Its content is not defined.
  int Take();
  void Release(int buffer);
  BlockHistogram Block(int buffer, int block);

 private:
  std::size_t buffer_entries_;
  int capacity_;
  std::vector<std::vector<PackedPair>> buffers_;
  std::vector<int> free_;
};

}  // namespace coppice::trainer
