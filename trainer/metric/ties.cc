#include "trainer/metric/ties.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/radix_sort.h"

namespace coppice::trainer {

std::vector<Tie> TiesOf(std::span<const float> predictions, std::span<const float> label,
                        std::span<const float> weight) {
  std::vector<std::uint64_t> order(label.size());
  std::vector<std::uint64_t> scratch;
  for (std::size_t i = 0; i < label.size(); ++i) {
    order[i] = (std::uint64_t{OrderedKey(predictions[i])} << 32) | i;
  }
  RadixSort(order, scratch);

  std::vector<Tie> ties;
  for (std::size_t i = 0; i < order.size();) {
    const std::uint64_t key = order[i] >> 32;
    Tie tie;
    for (; i < order.size() && order[i] >> 32 == key; ++i) {
      const auto row = static_cast<std::uint32_t>(order[i]);
      const double w = weight.empty() ? 1.0 : double{weight[row]};
      tie.positive += w * double{label[row]};
      tie.negative += w * (1.0 - double{label[row]});
    }
    ties.push_back(tie);
  }
  return ties;
}

Tie Total(const std::vector<Tie>& ties) {
  Tie total;
  for (const Tie& tie : ties) {
    total.negative += tie.negative;
    total.positive += tie.positive;
  }
  return total;
}

bool AnyNan(std::span<const float> values) {
  float sum = 0;
  for (const float value : values) sum += value - value;
  if (!std::isnan(sum)) return false;
  // An infinity is no NaN, but its difference is.
  return std::any_of(values.begin(), values.end(), [](float v) { return std::isnan(v); });
}

}  // namespace coppice::trainer
