#pragma once
// The quantised table that every trial, fold and thread of a study reads. Made once, never changed.
//
// Layout: features stand in blocks of 8; a row's 8 bins of one block are one 64-bit word, and the
// words of a block follow row by row: word(block, row) = words[block * n_rows + row], lane l of it
// (byte l, little end first) is feature 8 * block + l. A histogram task takes one block and reads
// its words in order; a split reads one byte of each.
//
// Bins of feature f: 0 .. n_bins(f) - 1, and kMissingBin where the value is missing.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "trainer/bins/quantile_cuts.h"
#include "trainer/data/dataset.h"

namespace coppice::trainer {

inline constexpr int kLanes = 8;
inline constexpr int kBinsPerFeature = 256;  // the stride of a histogram; includes missing
inline constexpr std::uint8_t kMissingBin = 255;

// Immutable. Thread-safe.
class BinnedMatrix {
 public:
  // All rows of `data`; features in parallel in the caller's arena.
  BinnedMatrix(const Dataset& data, QuantileCuts cuts);

  RowIndex n_rows() const { return n_rows_; }
  int n_features() const { return static_cast<int>(cuts_.features.size()); }
  int n_blocks() const { return (n_features() + kLanes - 1) / kLanes; }
  const QuantileCuts& cuts() const { return cuts_; }
  int n_bins(int feature) const {
    return cuts_.features[static_cast<std::size_t>(feature)].n_bins();
  }

  // [n_rows], owned by the matrix.
  std::span<const std::uint64_t> Block(int block) const {
    return {words_.data() + static_cast<std::size_t>(block) * n_rows_, n_rows_};
  }
  std::uint8_t Bin(RowIndex row, int feature) const {
    const std::uint64_t word = words_[static_cast<std::size_t>(feature / kLanes) * n_rows_ + row];
    return static_cast<std::uint8_t>(word >> (8 * (feature % kLanes)));
  }

  std::size_t Bytes() const;

 private:
  QuantileCuts cuts_;
  RowIndex n_rows_;
  std::vector<std::uint64_t> words_;
};

}  // namespace coppice::trainer
