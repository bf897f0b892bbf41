#include "trainer/tree/histogram.h"

#include <algorithm>

#include "base/error.h"

namespace coppice::trainer {

void BuildBlock(std::span<const std::uint64_t> words, std::span<const PackedPair> gradients,
                std::span<const RowIndex> rows, BlockHistogram histogram) {
  std::fill(histogram.begin(), histogram.end(), PackedPair{0});
  PackedPair* const sums = histogram.data();
  // Rows of a node lie apart in memory: ask for them before they are needed.
  constexpr std::size_t kAhead = 16;
  const auto add = [&](RowIndex row) {
    const std::uint64_t word = words[row];
    const PackedPair pair = gradients[row];
    sums[(word & 0xFF) * 8 + 0] += pair;
    sums[(word >> 8 & 0xFF) * 8 + 1] += pair;
    sums[(word >> 16 & 0xFF) * 8 + 2] += pair;
    sums[(word >> 24 & 0xFF) * 8 + 3] += pair;
    sums[(word >> 32 & 0xFF) * 8 + 4] += pair;
    sums[(word >> 40 & 0xFF) * 8 + 5] += pair;
    sums[(word >> 48 & 0xFF) * 8 + 6] += pair;
    sums[(word >> 56) * 8 + 7] += pair;
  };
  std::size_t i = 0;
  for (; i + kAhead < rows.size(); ++i) {
    __builtin_prefetch(&words[rows[i + kAhead]]);
    __builtin_prefetch(&gradients[rows[i + kAhead]]);
    add(rows[i]);
  }
  for (; i < rows.size(); ++i) add(rows[i]);
}

void SubtractBlock(BlockHistogram parent, std::span<const PackedPair> child) {
  for (std::size_t i = 0; i < parent.size(); ++i) parent[i] -= child[i];
}

HistogramPool::HistogramPool(int n_blocks, int capacity)
    : buffer_entries_(static_cast<std::size_t>(n_blocks) * kBlockEntries), capacity_(capacity) {}

int HistogramPool::Take() {
  if (!free_.empty()) {
    const int buffer = free_.back();
    free_.pop_back();
    return buffer;
  }
  if (static_cast<int>(buffers_.size()) == capacity_) return kNone;
  buffers_.emplace_back(buffer_entries_);
  return static_cast<int>(buffers_.size()) - 1;
}

void HistogramPool::Release(int buffer) {
  if (buffer != kNone) free_.push_back(buffer);
}

BlockHistogram HistogramPool::Block(int buffer, int block) {
  COPPICE_CHECK(buffer != kNone, "only a taken buffer has blocks");
  return {buffers_[static_cast<std::size_t>(buffer)].data() +
              static_cast<std::size_t>(block) * kBlockEntries,
          kBlockEntries};
}

}  // namespace coppice::trainer
