#pragma once
// FeatureCuts::BinOf for many values.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/bins/quantile_cuts.h"

namespace coppice::trainer {

// A copy of the cuts, searched in steps that do not branch. For many values a table says for each
// cell (key_cell.h) how many cuts are at or below all of its values, so that only the few cuts
// among them are searched. Immutable. Thread-safe.
class BinLookup {
 public:
  // `n_values`: how many will be asked for, in all calls. The bins do not depend on it.
  BinLookup(const FeatureCuts& cuts, std::size_t n_values);

  // bins [values.size()]; n_bins() where a value is NaN.
  void BinsOf(std::span<const float> values, std::uint8_t* bins) const;

 private:
  void MakeTable(std::span<const float> cuts);
  template <std::size_t kCount>
  void SearchSome(const float* values, std::uint8_t* bins) const;

  bool is_numeric_;
  std::uint32_t last_;
  std::uint8_t missing_;
  std::uint32_t first_step_ = kBinsPerFeature / 2;  // a power of two, or 0
  std::vector<std::uint8_t> cuts_below_;            // [kKeyCells], or empty
  // Infinity behind the last but one; a search from the last cut on reads the second half.
  std::array<float, 2 * kBinsPerFeature> cuts_;
};

}  // namespace coppice::trainer
