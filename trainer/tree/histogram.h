#pragma once
// Sums of gradients by code: what splits are found from.
//
// Layout: [block][code][lane], as many codes as the block's largest column has; an entry is a
// PackedPair. Sums are exact, so a sibling's histogram is a difference, an empty entry is zero, and
// neither rows, blocks nor threads leave a trace.

#include <cstddef>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

#include "base/work_limit.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {

// Where the blocks lie in a histogram.
class HistogramLayout {
 public:
  explicit HistogramLayout(const BinnedMatrix& matrix);

  int n_blocks() const { return static_cast<int>(offsets_.size()) - 1; }
  std::size_t Offset(int block) const { return offsets_[static_cast<std::size_t>(block)]; }
  // Codes of the block's largest column.
  int Height(int block) const {
    return static_cast<int>((Offset(block + 1) - Offset(block)) / kLanes);
  }
  std::size_t size() const { return offsets_.back(); }

 private:
  std::vector<std::size_t> offsets_;  // [n_blocks + 1], in entries
};

// The entries of one node, [layout.size()].
using Histogram = std::span<PackedPair>;

// Some rows of the matrix: a list, or all of [first, first + n) where there is none.
struct RowSpan {
  const RowIndex* rows = nullptr;
  RowIndex first = 0;
  std::size_t n = 0;
};

// Sums histograms of a matrix. Immutable; thread-safe.
class HistogramBuilder {
 public:
  // Both outlive the builder.
  HistogramBuilder(const BinnedMatrix& matrix, const HistogramLayout& layout)
      : matrix_(matrix), layout_(layout) {}

  // Sets the entries of `blocks` (ascending) to the sums over `rows`; others are left alone.
  // `gradients` is indexed by row of the matrix. Many rows are spread over the caller's arena.
  // False: `limit` (null: none) was reached, and the entries are not those sums.
  bool Build(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
             Histogram histogram, const WorkLimit* limit = nullptr) const;

 private:
  struct Share;

  void Zero(std::span<const int> blocks, Histogram histogram) const;
  bool AddWithin(const WorkLimit* limit, RowSpan rows, const PackedPair* gradients,
                 std::span<const int> blocks, Histogram histogram) const;
  void Add(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
           Histogram histogram) const;
  void AddRange(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
                Histogram histogram) const;
  void AddList(RowSpan rows, const PackedPair* gradients, std::span<const int> blocks,
               Histogram histogram) const;
  std::size_t LanesOf(int block) const;

  const BinnedMatrix& matrix_;
  const HistogramLayout& layout_;
};

// Histograms of the nodes that wait to be split. Memory is bounded: a node that can keep none
// borrows one and has its children's built from their rows, with the same result. Thread-safe.
class HistogramPool {
 public:
  static constexpr int kNone = -1;

  // At most `capacity` buffers of `n_entries`.
  HistogramPool(std::size_t n_entries, int capacity);

  // A buffer, or kNone when all are taken. Its content is not defined.
  int Take();
  // A buffer even so, for a short while.
  int Borrow();
  void Release(int buffer);
  Histogram At(int buffer);

 private:
  std::size_t n_entries_;
  int capacity_;
  std::mutex mutex_;
  std::deque<std::vector<PackedPair>> buffers_;  // never moved
  std::vector<int> free_;
  int n_taken_ = 0;
};

}  // namespace coppice::trainer
