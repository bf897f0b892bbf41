#include "strategies/bayesian/output_warp.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/normal_distribution.h"

namespace coppice::strategies {
namespace {

constexpr double kFailedVariance = 0.25;
constexpr double kStoppedVariance = 0.1;
// Ten times the variance of all values says nothing any more.
constexpr double kMostVariance = 10;
constexpr double kFailedGap = 0.5;  // in standard deviations

double MedianOf(const std::vector<double>& sorted) {
  const std::size_t n = sorted.size();
  return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

// Root mean square of the distances to `middle` of the values up to it; of all values where those
// are equal to it; 1 when there are no others.
double SpreadBelow(const std::vector<double>& sorted, double middle) {
  double below = 0;
  double all = 0;
  std::size_t n_below = 0;
  for (const double value : sorted) {
    const double square = (value - middle) * (value - middle);
    all += square;
    if (value > middle) continue;
    below += square;
    ++n_below;
  }
  if (below > 0) return std::sqrt(below / static_cast<double>(n_below));
  return all > 0 ? std::sqrt(all / static_cast<double>(sorted.size())) : 1;
}

// Losses of any size: squares of 1e200 would not be numbers. Returns what they were divided by.
double BringToSize(std::vector<double>& losses) {
  double largest = 0;
  for (const double loss : losses) largest = std::max(largest, std::abs(loss));
  constexpr double kLarge = 1e100;
  constexpr double kSmall = 1e-100;
  if (largest <= kLarge && (largest == 0 || largest >= kSmall)) return 1;
  for (double& loss : losses) loss /= largest;
  return largest;
}

std::vector<double> HalfRanks(const std::vector<double>& losses) {
  std::vector<double> sorted = losses;
  std::sort(sorted.begin(), sorted.end());
  const double middle = MedianOf(sorted);
  const double spread = SpreadBelow(sorted, middle);
  const auto above = std::upper_bound(sorted.begin(), sorted.end(), middle);
  const bool middle_occurs = above != sorted.begin() && *(above - 1) == middle;
  std::vector<double> different(above, sorted.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  const double count = static_cast<double>(different.size()) + (middle_occurs ? 0.5 : 0.0);
  std::vector<double> images;
  for (std::size_t i = 0; i < different.size(); ++i) {
    const auto rank = static_cast<double>(different.size() - i);
    images.push_back(middle - spread * NormalQuantile(0.5 * (rank - 0.5) / count));
  }
  std::vector<double> warped = losses;
  for (double& value : warped) {
    if (!(value > middle)) continue;
    const auto place = std::lower_bound(different.begin(), different.end(), value);
    value = images[static_cast<std::size_t>(place - different.begin())];
  }
  return warped;
}

// To mean 0 and variance 1; all to 0 when they are equal. Returns their deviation.
double Standardize(std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= n;
  double variance = 0;
  for (const double value : values) variance += (value - mean) * (value - mean);
  const double deviation = std::sqrt(variance / n);
  for (double& value : values) value = deviation > 0 ? (value - mean) / deviation : 0;
  return deviation;
}

double ExtraVariance(const Outcome& outcome, double unit) {
  switch (outcome.kind) {
    case Outcome::Kind::kFailed:
      return kFailedVariance;
    case Outcome::Kind::kStopped:
      if (!outcome.variance || !(unit > 0)) return kStoppedVariance;
      return std::min(*outcome.variance / unit / unit, kMostVariance);
    case Outcome::Kind::kMeasured:
      return 0;
  }
  return 0;
}

// Fills in values and unit. `losses`: of the outcomes that did not fail, not empty.
void WarpLosses(std::span<const Outcome> outcomes, std::vector<double> losses,
                WarpedOutcomes& result) {
  result.unit = BringToSize(losses);
  std::vector<double> warped = HalfRanks(losses);
  result.unit *= Standardize(warped);
  const double worst = *std::max_element(warped.begin(), warped.end());
  std::size_t next = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const bool failed = outcomes[i].kind == Outcome::Kind::kFailed;
    result.values[i] = failed ? worst + kFailedGap : warped[next++];
  }
  result.unit *= Standardize(result.values);
}

}  // namespace

WarpedOutcomes Warp(std::span<const Outcome> outcomes) {
  WarpedOutcomes result;
  std::vector<double> losses;
  for (const Outcome& outcome : outcomes) {
    if (outcome.kind != Outcome::Kind::kFailed) losses.push_back(outcome.loss);
  }
  result.values.assign(outcomes.size(), 0);
  if (!losses.empty()) WarpLosses(outcomes, std::move(losses), result);
  for (const Outcome& outcome : outcomes) {
    result.extra_variance.push_back(ExtraVariance(outcome, result.unit));
  }
  return result;
}

}  // namespace coppice::strategies
