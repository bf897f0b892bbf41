#include "trainer/objective/ranked_list.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "trainer/objective/math.h"

namespace coppice::trainer {

std::vector<std::uint32_t> OrderByScore(std::span<const float> scores) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
  return order;
}

double GainOf(float relevance, bool exp_gain) {
  if (!exp_gain) return double{relevance};
  return static_cast<double>((std::uint32_t{1} << static_cast<std::uint32_t>(relevance)) - 1);
}

std::vector<double> Discounts(std::size_t n) {
  const double log_two = Log(2.0);
  std::vector<double> discounts(n);
  for (std::size_t place = 0; place < n; ++place) {
    discounts[place] = log_two / Log(static_cast<double>(place) + 2.0);
  }
  return discounts;
}

double IdealGain(std::span<const float> relevance, std::size_t places,
                 std::span<const double> discounts, bool exp_gain) {
  std::vector<float> sorted(relevance.begin(), relevance.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double sum = 0;
  for (std::size_t i = 0; i < places; ++i) sum += discounts[i] * GainOf(sorted[i], exp_gain);
  return sum;
}

bool AreRelevances(std::span<const float> relevance, bool exp_gain) {
  return std::all_of(relevance.begin(), relevance.end(), [&](float r) {
    if (!exp_gain) return std::isfinite(r) && r >= 0.0f;
    return r >= 0.0f && r <= kMostRelevance && r == std::floor(r);
  });
}

bool AreBinary(std::span<const float> relevance) {
  return std::all_of(relevance.begin(), relevance.end(),
                     [](float r) { return r == 0.0f || r == 1.0f; });
}

}  // namespace coppice::trainer
