#pragma once
// The logarithm of the gamma function, with the same bits on every machine, which std::lgamma does
// not promise.

#include "base/exact_math.h"

namespace coppice::trainer {

// ln Gamma(x) for x > 0; absolute error below 1e-13 up to 100, relative beyond (regression_test
// checks against long double). Stirling's series from 12 upward, where its sixth term is below
// 1e-14; below that, Gamma(x + 1) = x Gamma(x) until there. Infinite x gives infinity.
inline double LogGamma(double x) {
  if (!(x <= 1.7e308)) return x;
  double product = 1.0;
  while (x < 12.0) {
    product *= x;
    x += 1.0;
  }
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  const double inverse = 1.0 / x;
  const double square = inverse * inverse;
  double series = -691.0 / 360360.0;
  series = series * square + 1.0 / 1188.0;
  series = series * square - 1.0 / 1680.0;
  series = series * square + 1.0 / 1260.0;
  series = series * square - 1.0 / 360.0;
  series = series * square + 1.0 / 12.0;
  return (x - 0.5) * Log(x) - x + kHalfLogTwoPi + series * inverse - Log(product);
}

}  // namespace coppice::trainer
