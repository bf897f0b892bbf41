#include "trainer/bins/quantile_cuts.h"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/radix_sort.h"
#include "trainer/bins/ranked_values.h"

namespace coppice::trainer {
namespace {

// One distinct value of a column: how much weight lies below it and up to it.
struct Distinct {
  float value = 0;
  double weight_below = 0;
  double weight_up_to = 0;
  std::size_t place = 0;  // for the summary that made it
};

// What cuts ask of a column without weights, whose weights below are ranks. Not empty.
class RankSummary {
 public:
  explicit RankSummary(RankedValues& ranked) : ranked_(ranked) {}

  double total() const { return static_cast<double>(ranked_.size()); }
  Distinct First() { return At(0); }
  bool IsLast(const Distinct& value) const { return value.place == ranked_.size(); }
  Distinct Next(const Distinct& value) { return At(value.place); }
  // The first behind `value` up to which there is more than `wanted`; the last where none is.
  Distinct FirstAbove(const Distinct& value, double wanted) {
    return At(std::clamp(static_cast<std::size_t>(wanted), value.place, ranked_.size() - 1));
  }
  float Largest() { return ranked_.RunAt(ranked_.size() - 1).value; }

 private:
  Distinct At(std::size_t rank) {
    const Run run = ranked_.RunAt(rank);
    return {run.value, static_cast<double>(run.begin), static_cast<double>(run.end), run.end};
  }

  RankedValues& ranked_;
};

// The same of a column with weights, all of which are added in the order of the values.
class WeightSummary {
 public:
  WeightSummary(std::span<const float> values, std::span<const float> weight,
                std::span<const RowIndex> rows) {
    double below = 0;
    for (const std::uint64_t element : SortedElements(values, weight, rows)) {
      const float value = ValueOfKey(static_cast<std::uint32_t>(element >> 32));
      if (distinct_.empty() || distinct_.back().value != value) {
        distinct_.push_back({value, below, below, distinct_.size()});
      }
      below += std::bit_cast<float>(static_cast<std::uint32_t>(element));
      distinct_.back().weight_up_to = below;
    }
  }

  bool empty() const { return distinct_.empty(); }
  double total() const { return distinct_.back().weight_up_to; }
  Distinct First() const { return distinct_.front(); }
  bool IsLast(const Distinct& value) const { return value.place + 1 == distinct_.size(); }
  Distinct Next(const Distinct& value) const { return distinct_[value.place + 1]; }
  Distinct FirstAbove(const Distinct& value, double wanted) const {
    std::size_t i = value.place + 1;
    while (i + 1 < distinct_.size() && distinct_[i].weight_up_to <= wanted) ++i;
    return distinct_[i];
  }
  float Largest() const { return distinct_.back().value; }

 private:
  // Sorted keys, the weight's bits below them.
  static std::vector<std::uint64_t> SortedElements(std::span<const float> values,
                                                   std::span<const float> weight,
                                                   std::span<const RowIndex> rows) {
    std::vector<std::uint64_t> elements;
    elements.reserve(rows.size());
    for (const RowIndex row : rows) {
      if (std::isnan(values[row])) continue;
      elements.push_back(std::uint64_t{OrderedKey(values[row])} << 32 |
                         std::bit_cast<std::uint32_t>(weight[row]));
    }
    std::vector<std::uint64_t> scratch;
    RadixSort(elements, scratch);
    return elements;
  }

  std::vector<Distinct> distinct_;
};

// Every value but the smallest, when there are at most `max_bin`.
template <typename Summary>
std::optional<std::vector<float>> CutsAtValues(Summary& summary, int max_bin) {
  std::vector<float> cuts;
  for (Distinct at = summary.First(); !summary.IsLast(at);) {
    at = summary.Next(at);
    cuts.push_back(at.value);
    if (cuts.size() == static_cast<std::size_t>(max_bin)) return std::nullopt;
  }
  return cuts;
}

// Spreads the weight that is left evenly over the bins that are left, again after each cut, so that
// a value with much weight takes one bin and the others share the rest.
template <typename Summary>
std::vector<float> CutsAtQuantiles(Summary& summary, int max_bin) {
  std::vector<float> cuts;
  Distinct at = summary.First();
  for (int bins_left = max_bin; bins_left > 1 && !summary.IsLast(at); --bins_left) {
    const double start = at.weight_below;
    const double wanted = start + (summary.total() - start) / bins_left;
    at = summary.FirstAbove(at, wanted);
    // The cut goes before this value or behind it, whichever is nearer to the wanted weight.
    const double short_by = wanted - at.weight_below;
    const double over_by = at.weight_up_to - wanted;
    if (over_by < short_by && !summary.IsLast(at)) at = summary.Next(at);
    cuts.push_back(at.value);
  }
  return cuts;
}

template <typename Summary>
std::vector<float> CutsOf(Summary& summary, int max_bin) {
  std::optional<std::vector<float>> at_values = CutsAtValues(summary, max_bin);
  std::vector<float> cuts = at_values ? std::move(*at_values) : CutsAtQuantiles(summary, max_bin);
  const float largest = summary.Largest();
  const double above = static_cast<double>(largest) + std::abs(largest) + 1e-5;
  cuts.push_back(
      static_cast<float>(std::min(above, static_cast<double>(std::numeric_limits<float>::max()))));
  return cuts;
}

std::vector<float> NumericCuts(std::span<const float> values, std::span<const float> weight,
                               std::span<const RowIndex> rows, int max_bin,
                               RankedValues::Scratch& scratch) {
  const std::vector<float> of_no_value = {1e-5F};
  if (!weight.empty()) {
    WeightSummary summary(values, weight, rows);
    return summary.empty() ? of_no_value : CutsOf(summary, max_bin);
  }
  RankedValues ranked(values, rows, scratch);
  if (ranked.size() == 0) return of_no_value;
  RankSummary summary(ranked);
  return CutsOf(summary, max_bin);
}

// Without an early end, so that several are looked at in one instruction.
bool AnyMissing(std::span<const float> values) {
  bool any = false;
  for (const float value : values) any |= std::isnan(value);
  return any;
}

}  // namespace

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
  tbb::enumerable_thread_specific<RankedValues::Scratch> scratch;
  tbb::parallel_for(std::size_t{0}, data.n_features(), [&](std::size_t f) {
    const std::vector<float>& values = data.values[f];
    const FeatureSchema& schema = data.schema.features[f];
    FeatureCuts& cuts = result.features[f];
    cuts.kind = schema.kind;
    cuts.has_missing = AnyMissing(values);
    if (schema.kind == ColumnKind::kCategorical) {
      cuts.n_categories = static_cast<int>(schema.categories.size());
    } else {
      const int bins = cuts.has_missing ? std::min(max_bin, kBinsPerFeature - 1) : max_bin;
      cuts.cuts = NumericCuts(values, data.weight, rows, bins, scratch.local());
    }
  });
  return result;
}

}  // namespace coppice::trainer
