#pragma once
// A node's decision over bins instead of values.

#include <array>
#include <cstdint>

namespace coppice::trainer {

// A set of bins.
struct BinSet {
  std::array<std::uint64_t, 4> words{};
  void Add(std::uint8_t bin) { words[bin / 64U] |= std::uint64_t{1} << (bin % 64U); }
  bool Has(std::uint8_t bin) const { return (words[bin / 64U] >> (bin % 64U) & 1U) != 0; }
  bool operator==(const BinSet&) const = default;
};

// Numeric: bins 0 .. last_left go left; default_left only where the feature has missing values, so
// that bin 255 needs no special case elsewhere. Categorical: the bins of `right` go right, and the
// missing bin is in it unless default_left.
struct BinnedSplit {
  std::int32_t feature = 0;
  bool is_categorical = false;
  bool default_left = false;
  std::uint8_t last_left = 0;
  BinSet right;

  bool GoesLeft(std::uint8_t bin) const {
    if (is_categorical) return !right.Has(bin);
    // Adding one turns the missing bin, 255, into 0: below every bin of a value.
    const std::uint8_t shift = default_left ? 1 : 0;
    return static_cast<std::uint8_t>(bin + shift) <= static_cast<std::uint8_t>(last_left + shift);
  }
};

}  // namespace coppice::trainer
