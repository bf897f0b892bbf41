#pragma once
// The mean of a loss over rows: what most metrics are.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

#include "trainer/objective/sum.h"

namespace coppice::trainer {

// fill(begin, count, losses) writes the losses of rows [begin, begin + count) to losses[0, count).
// Weighted mean of them; NaN when the total weight is 0. `weight` may be empty. Losses come in
// blocks so that `fill` is a loop that vectorises.
template <typename Fill>
double WeightedMeanLoss(std::size_t n_rows, std::span<const float> weight, Fill fill) {
  double losses[kSumBlock];
  double sum = 0;
  double total = 0;
  for (std::size_t begin = 0; begin < n_rows; begin += kSumBlock) {
    const std::size_t count = std::min(kSumBlock, n_rows - begin);
    fill(begin, count, losses);
    if (weight.empty()) {
      sum += BlockSum(count, [&](std::size_t i) { return losses[i]; });
      total += static_cast<double>(count);
    } else {
      const float* w = weight.data() + begin;
      sum += BlockSum(count, [&](std::size_t i) { return losses[i] * double{w[i]}; });
      total += BlockSum(count, [&](std::size_t i) { return double{w[i]}; });
    }
  }
  return total > 0.0 ? sum / total : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace coppice::trainer
