#pragma once
// The optimal weight of a node and what it gains (Chen and Guestrin 2016, equations 5 to 7, with
// XGBoost's L1 term and step limit).

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/params.h"
#include "trainer/tree/fixed_point.h"

namespace coppice::trainer {

// The regularisation of a training run.
struct Regularisation {
  double lambda;
  double alpha;
  double max_delta_step;
  double min_child_weight;

  explicit Regularisation(const TrainParams& params)
      : lambda(Lambda(params)),
        alpha(params.alpha),
        max_delta_step(MaxDeltaStep(params)),
        min_child_weight(params.min_child_weight) {}
};

// Between which weights the nodes below a monotone split must stay.
struct WeightLimits {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();

  bool is_open() const { return std::isinf(lower) && std::isinf(upper); }
  bool operator==(const WeightLimits&) const = default;
};

// G moved towards zero by alpha, zero within it.
inline double SoftThreshold(double gradient, double alpha) {
  if (gradient > alpha) return gradient - alpha;
  if (gradient < -alpha) return gradient + alpha;
  return 0;
}

// w = -T(G) / (H + lambda), limited to max_delta_step; 0 where H is 0.
inline double NodeWeight(const GradientSum& sum, const Regularisation& reg) {
  if (sum.hessian <= 0) return 0;
  const double weight = -SoftThreshold(sum.gradient, reg.alpha) / (sum.hessian + reg.lambda);
  if (reg.max_delta_step == 0) return weight;
  return std::clamp(weight, -reg.max_delta_step, reg.max_delta_step);
}

inline double NodeWeight(const GradientSum& sum, const Regularisation& reg,
                         const WeightLimits& limits) {
  return std::clamp(NodeWeight(sum, reg), limits.lower, limits.upper);
}

// -(2 G w + (H + lambda) w^2 + 2 alpha |w|): T(G)^2 / (H + lambda) where w is not limited.
inline double NodeGain(const GradientSum& sum, const Regularisation& reg,
                       const WeightLimits& limits = {}) {
  if (sum.hessian <= 0) return 0;
  if (reg.max_delta_step == 0 && limits.is_open()) {
    const double reduced = SoftThreshold(sum.gradient, reg.alpha);
    return reduced * reduced / (sum.hessian + reg.lambda);
  }
  const double weight = NodeWeight(sum, reg, limits);
  return -(2 * sum.gradient * weight + (sum.hessian + reg.lambda) * weight * weight +
           2 * reg.alpha * std::abs(weight));
}

}  // namespace coppice::trainer
