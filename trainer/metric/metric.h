#pragma once
// How good predictions are. Metrics see only spans: predictions as Objective::Transform leaves them
// ([n_rows, n_outputs] row-major), labels and weight [n_rows]; an empty weight means all 1. Rows of
// one query have one weight.

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/objective/objective.h"

namespace coppice::trainer {

// What a metric is where these rows do not define it: auc with one class, a total weight of 0.
inline constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

// Immutable. Thread-safe.
class Metric {
 public:
  virtual ~Metric() = default;

  virtual std::string_view name() const = 0;
  virtual bool maximize() const = 0;

  // Weighted. kNotDefined, or a number; never throws.
  // Sums have a fixed shape: the same bits for any number of threads.
  virtual double Evaluate(std::span<const float> predictions, const Labels& label,
                          std::span<const float> weight, int n_outputs) const = 0;
};

// Null for an unknown name, or for one whose number ("error@0.7") is missing or not legal. Some
// metrics have the objective's settings: the slope of mphe.
std::unique_ptr<Metric> MakeMetric(std::string_view name, const ObjectiveSettings& settings = {});
// Those that stand alone, without a number.
std::vector<std::string> MetricNames();
// Those that people usually judge such predictions by; all of them fit.
std::vector<std::string> UsualMetrics(PredictionKind prediction);
// A sentence when `metric` makes no sense for such predictions ("`auc` needs two classes"), or
// nothing. The name is known.
std::optional<std::string> MetricProblem(std::string_view metric, PredictionKind prediction);

}  // namespace coppice::trainer
