#pragma once
// A node's decision over bins instead of values.

#include <array>
#include <cstdint>

#include "trainer/bins/binned_matrix.h"

namespace coppice::trainer {

// A set of bins.
struct BinSet {
  std::array<std::uint64_t, 4> words{};
  void Add(int bin) { words[Word(bin)] |= Bit(bin); }
  bool Has(int bin) const { return (words[Word(bin)] & Bit(bin)) != 0; }
  bool operator==(const BinSet&) const = default;

 private:
  static std::size_t Word(int bin) { return static_cast<std::size_t>(bin) / 64; }
  static std::uint64_t Bit(int bin) {
    return std::uint64_t{1} << (static_cast<unsigned>(bin) % 64);
  }
};

// Numeric: bins 0 .. last_left go left, none where it is -1. Categorical: the bins of `right` go right. The missing bin
// follows default_left.
struct BinnedSplit {
  std::int32_t feature = 0;
  bool is_categorical = false;
  bool default_left = false;
  std::int16_t last_left = 0;
  BinSet right;

  bool GoesLeft(int bin, int missing_bin) const {
    if (bin == missing_bin) return default_left;
    return is_categorical ? !right.Has(bin) : bin <= last_left;
  }
};

// The same decision over the codes of the column that stores the feature: one look-up serves every
// kind of split.
class CodeSplit {
 public:
  CodeSplit(const BinnedMatrix& matrix, const BinnedSplit& split)
      : column_(matrix.place(split.feature).column) {
    const Column& column = matrix.column(column_);
    const int member = matrix.place(split.feature).member;
    const int missing = matrix.MissingBin(split.feature);
    for (int code = 0; code < column.n_codes; ++code) {
      const int bin = column.BinOf(member, static_cast<std::uint8_t>(code));
      is_left_[static_cast<std::size_t>(code)] = split.GoesLeft(bin, missing) ? 1 : 0;
    }
  }

  int column() const { return column_; }
  // 1 for left, 0 for right.
  const std::array<std::uint8_t, kMaxCodes>& is_left() const { return is_left_; }

 private:
  int column_;
  std::array<std::uint8_t, kMaxCodes> is_left_{};
};

}  // namespace coppice::trainer
