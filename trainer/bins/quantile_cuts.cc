#include "trainer/bins/quantile_cuts.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/radix_sort.h"

namespace coppice::trainer {
namespace {

// One distinct value of a column: how much weight lies below it and up to it.
struct Distinct {
  float value;
  double weight_below;
  double weight_up_to;
};

// Sorted keys, the weight's bits below them where there are weights.
template <typename Element>
std::vector<Element> SortedElements(std::span<const float> values, std::span<const float> weight,
                                    std::span<const RowIndex> rows) {
  std::vector<Element> elements;
  elements.reserve(rows.size());
  for (RowIndex row : rows) {
    if (std::isnan(values[row])) continue;
    Element element = OrderedKey(values[row]);
    if constexpr (sizeof(Element) == 8) {
      element = element << 32 | std::bit_cast<std::uint32_t>(weight[row]);
    }
    elements.push_back(element);
  }
  std::vector<Element> scratch;
  RadixSort(elements, scratch);
  return elements;
}

std::vector<Distinct> Summarize(std::span<const float> values, std::span<const float> weight,
                                std::span<const RowIndex> rows) {
  std::vector<Distinct> summary;
  double below = 0;
  const auto add = [&](std::uint32_t key, double of_row) {
    if (summary.empty() || OrderedKey(summary.back().value) != key) {
      summary.push_back({ValueOfKey(key), below, below});
    }
    below += of_row;
    summary.back().weight_up_to = below;
  };
  if (weight.empty()) {
    for (const std::uint32_t key : SortedElements<std::uint32_t>(values, {}, rows)) add(key, 1);
  } else {
    for (const std::uint64_t element : SortedElements<std::uint64_t>(values, weight, rows)) {
      add(static_cast<std::uint32_t>(element >> 32),
          std::bit_cast<float>(static_cast<std::uint32_t>(element)));
    }
  }
  return summary;
}

// Spreads the weight that is left evenly over the bins that are left, again after each cut, so that
// a value with much weight takes one bin and the others share the rest.
std::vector<float> CutsAtQuantiles(const std::vector<Distinct>& summary, int max_bin) {
  const double total = summary.back().weight_up_to;
  std::vector<float> cuts;
  std::size_t i = 0;
  for (int bins_left = max_bin; bins_left > 1 && i + 1 < summary.size(); --bins_left) {
    const double start = summary[i].weight_below;
    const double wanted = start + (total - start) / bins_left;
    std::size_t next = i + 1;
    while (next + 1 < summary.size() && summary[next].weight_up_to <= wanted) ++next;
    // The cut goes before `next` or behind it, whichever is nearer to the wanted weight.
    const double short_by = wanted - summary[next].weight_below;
    const double over_by = summary[next].weight_up_to - wanted;
    if (over_by < short_by && next + 1 < summary.size()) ++next;
    cuts.push_back(summary[next].value);
    i = next;
  }
  return cuts;
}

FeatureCuts NumericCuts(std::span<const float> values, std::span<const float> weight,
                        std::span<const RowIndex> rows, bool has_missing, int max_bin) {
  FeatureCuts result;
  result.has_missing = has_missing;
  const std::vector<Distinct> summary = Summarize(values, weight, rows);
  if (summary.empty()) {
    result.cuts = {1e-5F};
    return result;
  }
  const int bins = has_missing ? std::min(max_bin, kBinsPerFeature - 1) : max_bin;
  if (summary.size() <= static_cast<std::size_t>(bins)) {
    for (std::size_t i = 1; i < summary.size(); ++i) result.cuts.push_back(summary[i].value);
  } else {
    result.cuts = CutsAtQuantiles(summary, bins);
  }
  const float largest = summary.back().value;
  const double above = static_cast<double>(largest) + std::abs(largest) + 1e-5;
  result.cuts.push_back(
      static_cast<float>(std::min(above, static_cast<double>(std::numeric_limits<float>::max()))));
  return result;
}

}  // namespace

BinLookup::BinLookup(const FeatureCuts& cuts)
    : is_numeric_(cuts.kind == ColumnKind::kNumeric),
      last_(cuts.n_bins() - 1),
      missing_(static_cast<std::uint8_t>(cuts.n_bins())) {
  cuts_.fill(std::numeric_limits<float>::infinity());
  // Without the last cut: what lies above it is in the last bin all the same.
  if (is_numeric_) std::copy(cuts.cuts.begin(), cuts.cuts.end() - 1, cuts_.begin());
}

void BinLookup::BinsOf(std::span<const float> values, std::uint8_t* bins) const {
  if (!is_numeric_) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      bins[i] = std::isnan(values[i]) ? missing_ : static_cast<std::uint8_t>(values[i]);
    }
    return;
  }
  // Binary search for several values at once: each step is a load, a comparison and an addition
  // whose waiting times overlap.
  constexpr std::size_t kAtOnce = 16;
  std::size_t i = 0;
  for (; i + kAtOnce <= values.size(); i += kAtOnce) SearchSome<kAtOnce>(&values[i], bins + i);
  for (; i < values.size(); ++i) SearchSome<1>(&values[i], bins + i);
}

template <std::size_t kCount>
void BinLookup::SearchSome(const float* values, std::uint8_t* bins) const {
  std::array<std::uint32_t, kCount> found{};
  for (std::uint32_t step = kBinsPerFeature / 2; step > 0; step /= 2) {
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

std::uint8_t FeatureCuts::BinOf(float value) const {
  if (kind == ColumnKind::kCategorical) return static_cast<std::uint8_t>(value);
  const auto above = std::upper_bound(cuts.begin(), cuts.end(), value);
  return static_cast<std::uint8_t>(
      std::min<std::ptrdiff_t>(above - cuts.begin(), std::ssize(cuts) - 1));
}

QuantileCuts FindCuts(const Dataset& data, std::span<const RowIndex> rows, int max_bin) {
  COPPICE_CHECK(max_bin >= 2 && max_bin <= 256, "a bin is one byte");
  QuantileCuts result;
  result.features.resize(data.n_features());
  tbb::parallel_for(std::size_t{0}, data.n_features(), [&](std::size_t f) {
    const std::vector<float>& values = data.values[f];
    const FeatureSchema& schema = data.schema.features[f];
    const bool has_missing =
        std::any_of(values.begin(), values.end(), [](float x) { return std::isnan(x); });
    FeatureCuts& cuts = result.features[f];
    if (schema.kind == ColumnKind::kCategorical) {
      cuts.kind = ColumnKind::kCategorical;
      cuts.n_categories = static_cast<int>(schema.categories.size());
      cuts.has_missing = has_missing;
    } else {
      cuts = NumericCuts(values, data.weight, rows, has_missing, max_bin);
    }
  });
  return result;
}

}  // namespace coppice::trainer
