#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>

#include <cmath>

#include "trainer/predict/plan.h"
#include "trainer/predict/predictor.h"
#include "trainer/predict/tree_shap.h"

namespace coppice::trainer {
namespace {

// Adds to sums [n_outputs, n_features + 1] what the linear model makes of a row.
void AddLinear(const PredictionPlan& plan, std::span<const float> row, std::span<double> sums) {
  const std::size_t width = row.size() + 1;
  for (std::size_t k = 0; k < plan.n_outputs; ++k) {
    for (std::size_t f = 0; f < row.size(); ++f) {
      if (std::isnan(row[f])) continue;
      sums[k * width + f] += static_cast<double>(row[f]) *
                             static_cast<double>(plan.linear_weights[f * plan.n_outputs + k]);
    }
    sums[k * width + row.size()] +=
        static_cast<double>(plan.linear_weights[row.size() * plan.n_outputs + k]);
  }
}

void AddTrees(const PredictionPlan& plan, std::vector<TreeShap>& shaps, std::span<const float> row,
              std::span<double> sums) {
  const std::size_t width = row.size() + 1;
  for (std::size_t tree = 0; tree < shaps.size(); ++tree) {
    const double weight =
        plan.tree_weights.empty() ? 1 : static_cast<double>(plan.tree_weights[tree]);
    const std::span<double> own = sums.subspan(plan.OutputOf(tree) * width, width);
    own.back() += weight * shaps[tree].mean();
    shaps[tree].Add(row, weight, own);
  }
}

}  // namespace

std::vector<float> PredictContributions(const Booster& booster,
                                        std::span<const std::vector<float>> values, RowIndex n_rows,
                                        RoundRange rounds) {
  const PredictionPlan plan = MakePlan(booster, values, rounds);
  const std::size_t n_features = values.size();
  const std::size_t width = plan.n_outputs * (n_features + 1);
  std::vector<TreeShap> shaps;
  for (const Tree& tree : plan.trees) shaps.emplace_back(tree);
  std::vector<float> contributions(n_rows * width);
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n_rows), [&](const auto& range) {
    std::vector<TreeShap> own = shaps;
    std::vector<float> row(n_features);
    for (std::size_t r = range.begin(); r != range.end(); ++r) {
      for (std::size_t f = 0; f < n_features; ++f) row[f] = values[f][r];
      std::vector<double> sums(width);
      for (std::size_t k = 0; k < plan.n_outputs; ++k) {
        sums[k * (n_features + 1) + n_features] = static_cast<double>(plan.base_margin[k]);
      }
      if (!plan.linear_weights.empty()) AddLinear(plan, row, sums);
      AddTrees(plan, own, row, sums);
      for (std::size_t i = 0; i < width; ++i) {
        contributions[r * width + i] = static_cast<float>(sums[i]);
      }
    }
  });
  return contributions;
}

}  // namespace coppice::trainer
