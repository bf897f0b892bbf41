#pragma once
// Metrics that are means over queries of how good the order of their rows is.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "trainer/metric/metric.h"
#include "trainer/metric/ties.h"

namespace coppice::trainer {

// Which places count, and what a list without a relevant row scores.
struct RankCut {
  std::optional<std::size_t> places;  // nothing: all
  bool empty_is_zero = false;         // else 1; XGBoost's suffix "-"

  std::size_t Of(std::size_t n_rows) const { return std::min(n_rows, places.value_or(n_rows)); }
  double OfNone() const { return empty_is_zero ? 0.0 : 1.0; }
};

// "ndcg@5-" for 5 places and an empty list at 0.
inline std::string NameOf(std::string_view metric, const RankCut& cut) {
  return fmt::format("{}{}{}", metric, cut.places ? fmt::format("@{}", *cut.places) : "",
                     cut.empty_is_zero ? "-" : "");
}

// The mean over queries of score(predictions, label) of one, by their weights; rows of a query have
// one weight. Without queries all rows are one. A score that is nothing does not count; NaN when
// none counts.
template <typename Score>
double QueryMean(std::span<const float> predictions, const Labels& label,
                 std::span<const float> weight, const Score& score) {
  if (AnyNan(predictions)) return std::numeric_limits<double>::quiet_NaN();
  const std::uint32_t whole[2] = {0, static_cast<std::uint32_t>(label.size())};
  const std::span<const std::uint32_t> begins =
      label.query_begin.empty() ? std::span<const std::uint32_t>(whole) : label.query_begin;
  double sum = 0;
  double total = 0;
  for (std::size_t q = 0; q + 1 < begins.size(); ++q) {
    const std::size_t begin = begins[q];
    const std::size_t n = begins[q + 1] - begin;
    if (n == 0) continue;
    const std::optional<double> one = score(predictions.subspan(begin, n), label.subspan(begin, n));
    if (!one) continue;
    const double w = weight.empty() ? 1.0 : double{weight[begin]};
    sum += w * *one;
    total += w;
  }
  return total > 0.0 ? sum / total : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace coppice::trainer
