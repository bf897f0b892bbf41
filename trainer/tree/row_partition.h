#pragma once
// Which rows lie in which node: one array of row numbers in which every node owns a range.

#include <array>
#include <span>
#include <vector>

#include "base/big_vector.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/tree/binned_split.h"

namespace coppice::trainer {

// A half-open range of positions.
struct RowRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

// Disjoint ranges may be worked on by several threads at once; a large range is spread over the
// caller's arena. No result depends on threads.
class RowPartition {
 public:
  // All of `rows` in one range; they outlive this and are the root's order.
  explicit RowPartition(std::span<const RowIndex> rows)
      : root_(rows), rows_(rows.size()), scratch_(rows.size()) {}

  // Back to the root's order, for the next tree.
  void Reset() { is_whole_ = true; }

  RowRange Root() const { return {0, rows_.size()}; }
  // Valid until the next Split of the range or Reset.
  std::span<const RowIndex> Rows(RowRange range) const {
    return {(is_whole_ ? root_.data() : rows_.data()) + range.begin, range.size()};
  }

  // Moves the rows that `split` sends left to the front of `range`, keeping the order on both
  // sides; returns how many those are. The first of a tree is alone.
  std::size_t Split(RowRange range, const BinnedMatrix& matrix, const CodeSplit& split);

 private:
  // Where the rows to be split are read from.
  const RowIndex* Source(RowRange range);
  std::size_t SplitStretch(const RowIndex* from, RowRange stretch, const std::uint8_t* codes,
                           const CodeSplit& split);

  std::span<const RowIndex> root_;
  bool is_whole_ = true;  // nothing was split yet: rows_ is not in use
  BigVector<RowIndex> rows_;
  BigVector<RowIndex> scratch_;
};

}  // namespace coppice::trainer
