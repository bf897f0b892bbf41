#include "results/views/selection_optimism.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>

#include "base/error.h"

namespace coppice::results {
namespace {

// d of the header, [n_trials][repeats * folds].
using Leads = std::vector<std::vector<double>>;

Leads LeadsOf(std::span<const std::vector<double>> scores, study::Goal goal) {
  const double sign = goal == study::Goal::kMaximize ? 1 : -1;
  Leads leads(scores.begin(), scores.end());
  for (std::size_t fold = 0; fold < leads.front().size(); ++fold) {
    double sum = 0;
    for (const std::vector<double>& row : leads) sum += row[fold];
    const double mean = sum / static_cast<double>(leads.size());
    for (std::vector<double>& row : leads) row[fold] = sign * (row[fold] - mean);
  }
  return leads;
}

double SumOver(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

std::span<const double> Repeat(const std::vector<double>& row, std::size_t repeat,
                               std::size_t folds) {
  return std::span(row).subspan(repeat * folds, folds);
}

// Of one repeat: what its choices without a fold promise more than that fold keeps.
double BrokenPromise(const Leads& leads, std::size_t repeat, std::size_t folds) {
  std::vector<double> sums;
  sums.reserve(leads.size());
  for (const auto& row : leads) sums.push_back(SumOver(Repeat(row, repeat, folds)));
  const double others = static_cast<double>(folds - 1);
  double broken = 0;
  std::set<std::size_t> chosen;
  for (std::size_t k = repeat * folds; k < (repeat + 1) * folds; ++k) {
    std::size_t best = 0;
    for (std::size_t t = 1; t < leads.size(); ++t) {
      if (sums[t] - leads[t][k] > sums[best] - leads[best][k]) best = t;
    }
    broken += (sums[best] - leads[best][k]) / others - leads[best][k];
    chosen.insert(best);
  }
  // What one trial loses in a fold it gains in the others; what is left is rounding.
  if (chosen.size() == 1) return 0;
  return broken / static_cast<double>(folds);
}

double SampleVariance(std::span<const double> values) {
  const double mean = SumOver(values) / static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

// What the noise of the choice by one repeat is multiplied by where all repeats choose together.
double NoiseOfAll(const Leads& leads, std::size_t repeats, std::size_t folds) {
  if (repeats == 1) return 1;
  double of_mean = 0;
  double between = 0;
  for (const std::vector<double>& row : leads) {
    std::vector<double> means;
    for (std::size_t r = 0; r < repeats; ++r) {
      const auto one = Repeat(row, r, folds);
      means.push_back(SumOver(one) / static_cast<double>(folds));
      of_mean += SampleVariance(one) / static_cast<double>(folds * repeats);
    }
    between += SampleVariance(means);
  }
  if (!(of_mean > 0)) return 1;
  const double by_division = std::min(1.0, between / of_mean);
  return std::sqrt(1 - by_division * (1 - 1 / static_cast<double>(repeats)));
}

}  // namespace

std::optional<double> SelectionOptimism(std::span<const std::vector<double>> scores, int folds,
                                        study::Goal goal) {
  if (folds < 3 || scores.size() < 2) return std::nullopt;
  const auto n_folds = static_cast<std::size_t>(folds);
  const std::size_t repeats = scores.front().size() / n_folds;
  for (const std::vector<double>& row : scores) {
    COPPICE_CHECK(row.size() == repeats * n_folds && repeats > 0, "every trial has all folds");
  }
  const Leads leads = LeadsOf(scores, goal);
  double broken = 0;
  for (std::size_t r = 0; r < repeats; ++r) broken += BrokenPromise(leads, r, n_folds);
  broken /= static_cast<double>(repeats);
  const double k = folds;
  return std::max(0.0, std::sqrt((k - 1) / k) * broken * NoiseOfAll(leads, repeats, n_folds));
}

}  // namespace coppice::results
