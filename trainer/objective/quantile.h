#pragma once
// Quantiles as XGBoost takes them: where trainings for a quantile start, and what their leaves say.

#include <cstddef>
#include <span>

namespace coppice::trainer {

// The alpha-quantile of `values`, 0 <= alpha <= 1; NaN without values. Without weights it stands at
// alpha (n + 1), counted from 1, between its neighbours in proportion; with weights it is the first
// value whose weights, summed from below, reach alpha of all. O(n). Values are no NaN.
float QuantileOf(std::span<const float> values, std::span<const float> weight, double alpha);
// The most that it needs for each value on top of its arguments.
std::size_t QuantileScratchBytes(bool has_weight);

}  // namespace coppice::trainer
