#include "trainer/bins/bin_lookup.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/radix_sort.h"
#include "trainer/bins/key_cell.h"

namespace coppice::trainer {
BinLookup::BinLookup(const FeatureCuts& cuts, std::size_t n_values)
    : is_numeric_(cuts.kind == ColumnKind::kNumeric),
      last_(cuts.n_bins() - 1),
      missing_(static_cast<std::uint8_t>(cuts.n_bins())) {
  cuts_.fill(std::numeric_limits<float>::infinity());
  if (!is_numeric_) return;
  // Without the last cut: what lies above it is in the last bin all the same.
  const std::span<const float> inner(cuts.cuts.data(), cuts.cuts.size() - 1);
  std::copy(inner.begin(), inner.end(), cuts_.begin());
  if (n_values >= kLeastForCells) MakeTable(inner);
}

void BinLookup::MakeTable(std::span<const float> cuts) {
  cuts_below_.resize(kKeyCells);
  std::uint32_t most_within = 0;
  std::uint32_t within = 0;
  std::size_t filled = 0;
  for (std::size_t cut = 0; cut < cuts.size(); ++cut) {
    // A cut lies below all values of the cells from here on, and within the cell before or at this
    // one's lower end.
    const std::uint64_t rounded_up = OrderedKey(cuts[cut]) + std::uint64_t{kLowKeyMask};
    const std::size_t from = rounded_up >> kLowKeyBits;
    within = from == filled ? within + 1 : 1;
    most_within = std::max(most_within, within);
    std::fill(&cuts_below_[filled], &cuts_below_[from], static_cast<std::uint8_t>(cut));
    filled = from;
  }
  std::fill(&cuts_below_[filled], cuts_below_.data() + kKeyCells,
            static_cast<std::uint8_t>(cuts.size()));
  first_step_ = std::bit_floor(most_within);
}

void BinLookup::BinsOf(std::span<const float> values, std::uint8_t* bins) const {
  if (!is_numeric_) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      bins[i] = std::isnan(values[i]) ? missing_ : static_cast<std::uint8_t>(values[i]);
    }
    return;
  }
  // Several values at once: each step is a load, a comparison and an addition whose waiting times
  // overlap.
  constexpr std::size_t kAtOnce = 16;
  std::size_t i = 0;
  for (; i + kAtOnce <= values.size(); i += kAtOnce) SearchSome<kAtOnce>(&values[i], bins + i);
  for (; i < values.size(); ++i) SearchSome<1>(&values[i], bins + i);
}

template <std::size_t kCount>
void BinLookup::SearchSome(const float* values, std::uint8_t* bins) const {
  std::array<std::uint32_t, kCount> found{};
  if (!cuts_below_.empty()) {
    for (std::size_t i = 0; i < kCount; ++i) {
      found[i] = cuts_below_[OrderedKey(values[i]) >> kLowKeyBits];
    }
  }
  for (std::uint32_t step = first_step_; step > 0; step /= 2) {
    for (std::size_t i = 0; i < kCount; ++i) {
      found[i] += cuts_[found[i] + step - 1] <= values[i] ? step : 0;
    }
  }
  for (std::size_t i = 0; i < kCount; ++i) {
    // An infinite value is above the padding too.
    const auto bin = static_cast<std::uint8_t>(std::min<std::uint32_t>(found[i], last_));
    bins[i] = std::isnan(values[i]) ? missing_ : bin;
  }
}

}  // namespace coppice::trainer
