#pragma once
// The normal distribution, with the same bits on every CPU (see base/exact_math.h).

namespace coppice {

// 2 / sqrt(pi) times the integral of exp(-t^2) from x to infinity; relative error below 4e-15 where
// the result is above 1e-300.
double Erfc(double x);

// The share of a standard normal below x; relative error below 1e-13 from x = -30 on.
double NormalCdf(double x);

// Its inverse, for 0 < p < 1; error below 2e-15 (1 + |x|).
double NormalQuantile(double p);

}  // namespace coppice
