#pragma once
// Quantiles as XGBoost takes them: where trainings for a quantile start, and what their leaves say.

#include <span>

namespace coppice::trainer {

// The alpha-quantile of `values`, 0 <= alpha <= 1; NaN without values. Without weights it stands at
// alpha (n + 1), counted from 1, between its neighbours in proportion; with weights it is the first
// value whose weights, summed from below, reach alpha of all. O(n). Values are no NaN.
float QuantileOf(std::span<const float> values, std::span<const float> weight, double alpha);

}  // namespace coppice::trainer
