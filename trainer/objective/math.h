#pragma once
// The exact exp and log of base under the trainer's name, and what objectives make of them.

#include "base/exact_math.h"

namespace coppice::trainer {

using coppice::Exp;
using coppice::Log;

// XGBoost's: a hessian is at least the first, and a probability under a logarithm the second.
inline constexpr float kLeastHessian = 1e-16f;
inline constexpr float kLeastProbability = 1e-16f;

// 1 / (1 + exp(-x)), in single precision as XGBoost has it, but from an exact exp(-x).
inline float SigmoidOf(double exp_of_minus_x) {
  return static_cast<float>(1.0 / (1.0 + exp_of_minus_x));
}
inline float Sigmoid(float x) { return SigmoidOf(Exp(-static_cast<double>(x))); }

}  // namespace coppice::trainer
