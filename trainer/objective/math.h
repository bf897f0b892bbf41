#pragma once
// exp and log that give the same bits on every CPU. The C library picks a variant by CPU (with or
// without fused multiply-add), so its last bit is not ours to promise.
//
// Both: relative error below 1e-15 over the whole range (objective_test checks against long
// double); no branch in the common path, so loops over them vectorise.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace coppice::trainer {

// Exp(x) for any x; 0 below -708, infinity above 709.
inline double Exp(double x) {
  // x = k ln 2 + r, |r| <= ln 2 / 2; exp r by its Taylor series to r^13 (remainder < 1e-17).
  if (x != x) return x;
  if (x < -708.0) return 0.0;
  if (x > 709.0) return std::numeric_limits<double>::infinity();
  const double k = std::nearbyint(x * 1.4426950408889634);
  const double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r * r + r + 1.0;
  const auto exponent = static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52;
  return p * std::bit_cast<double>(exponent);
}

// Log(x) for normal x > 0.
inline double Log(double x) {
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh(s), s = (m - 1) / (m + 1).
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto k = static_cast<std::int64_t>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++k;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const double log_m = 2.0 * (s + s * z * p);
  const auto exponent = static_cast<double>(k);
  return exponent * 6.93147180369123816490e-01 + (log_m + exponent * 1.90821492927058770002e-10);
}

// 1 / (1 + exp(-x)), in single precision as XGBoost has it, but from an exact exp.
inline float Sigmoid(float x) {
  return static_cast<float>(1.0 / (1.0 + Exp(-static_cast<double>(x))));
}

}  // namespace coppice::trainer
