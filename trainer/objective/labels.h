#pragma once
// What objectives and metrics are told about rows beside their predictions.

#include <cstdint>
#include <span>

namespace coppice::trainer {

// The label of each row, and what else is known of it. A plain list of labels is one of these.
// Borrowed.
struct Labels : std::span<const float> {
  using std::span<const float>::span;
  Labels(std::span<const float> values) : span(values) {}

  // [n_rows] or empty: the label is only known to lie between the row's value and this one, which
  // may be infinite (survival:aft).
  std::span<const float> upper;
  // [n_queries + 1] or empty: query q has the rows from query_begin[q] to query_begin[q + 1].
  std::span<const std::uint32_t> query_begin;
};

}  // namespace coppice::trainer
