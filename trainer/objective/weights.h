#pragma once
// The weight that an objective gives to a row, and the mean that it starts from.

#include <cstddef>
#include <span>

#include "trainer/objective/sum.h"

namespace coppice::trainer {

// The row's weight times `positive_factor` where the label is 1 (XGBoost's scale_pos_weight, which
// there holds for every objective of one output). `weight` may be empty.
struct RowWeights {
  std::span<const float> label;
  std::span<const float> weight;
  float positive_factor = 1.0f;

  float operator()(std::size_t row) const {
    const float own = weight.empty() ? 1.0f : weight[row];
    return label[row] == 1.0f ? own * positive_factor : own;
  }
};

// The weighted mean of the labels; `without` when there is no weight at all.
inline float LabelMean(const RowWeights& weights, float without) {
  const std::size_t n = weights.label.size();
  const double total = FixedSum(n, [&](std::size_t i) { return double{weights(i)}; });
  if (!(total > 0.0)) return without;
  const double sum =
      FixedSum(n, [&](std::size_t i) { return double{weights(i)} * double{weights.label[i]}; });
  return static_cast<float>(sum / total);
}

}  // namespace coppice::trainer
