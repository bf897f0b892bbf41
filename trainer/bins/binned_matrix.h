#pragma once
// The quantised table that every trial, fold and thread of a study reads. Made once, never changed.
//
// Bins of feature f: 0 .. n_bins(f) - 1, and MissingBin(f) = n_bins(f) where a value is missing.
//
// What is stored are columns of one byte. A column holds one feature, its bin being its code, or
// several features of few bins, each code being one combination of their bins (columns.h).
// Columns stand in blocks of 8 (lanes), in descending order of their number of codes. There are two
// layouts of the same bytes:
//   words [n_rows][n_blocks]    8 lanes a word, lane l in byte l: a histogram wants whole rows
//   bytes [n_columns][n_rows]   a split wants one column

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/big_vector.h"
#include "trainer/bins/columns.h"
#include "trainer/bins/quantile_cuts.h"
#include "trainer/data/dataset.h"

namespace coppice::trainer {

inline constexpr int kLanes = 8;

// Immutable. Thread-safe.
class BinnedMatrix {
 public:
  // All rows of `data`; features in parallel in the caller's arena.
  BinnedMatrix(const Dataset& data, QuantileCuts cuts);

  RowIndex n_rows() const { return n_rows_; }
  int n_features() const { return static_cast<int>(cuts_.features.size()); }
  int n_columns() const { return static_cast<int>(columns_.size()); }
  int n_blocks() const { return (n_columns() + kLanes - 1) / kLanes; }
  const QuantileCuts& cuts() const { return cuts_; }
  int n_bins(int feature) const {
    return cuts_.features[static_cast<std::size_t>(feature)].n_bins();
  }
  int MissingBin(int feature) const { return n_bins(feature); }

  const Column& column(int i) const { return columns_[static_cast<std::size_t>(i)]; }
  // Where a feature is stored.
  const FeaturePlace& place(int feature) const {
    return places_[static_cast<std::size_t>(feature)];
  }

  // The words of a row, [n_blocks]; those of the next row follow, and behind the last row zeros, so
  // that kWindow words may be read from any of a row's words on.
  static constexpr std::size_t kWindow = 8;
  const std::uint64_t* Words(RowIndex row) const {
    return words_.data() + row * static_cast<std::size_t>(n_blocks());
  }
  // [n_rows]
  const std::uint8_t* Codes(int column) const {
    return columns_[static_cast<std::size_t>(column)].codes.data();
  }
  std::uint8_t Bin(RowIndex row, int feature) const {
    const FeaturePlace& at = place(feature);
    return column(at.column).BinOf(at.member, Codes(at.column)[row]);
  }

  std::size_t Bytes() const;

 private:
  // The words of a block of columns at rows [begin, end), which are zero so far.
  void FillWords(int block, RowIndex begin, RowIndex end);

  QuantileCuts cuts_;
  RowIndex n_rows_;
  std::vector<Column> columns_;
  std::vector<FeaturePlace> places_;  // [n_features]
  BigVector<std::uint64_t> words_;
};

}  // namespace coppice::trainer
