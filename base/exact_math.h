#pragma once
// exp and log that give the same bits on every CPU. The C library picks a variant by CPU (with or
// without fused multiply-add), so its last bit is not ours to promise.
//
// Exp and Log: relative error below 1e-15 over the whole range (math_test checks against long
// double). Every choice is a select, and numbers turn into integers through the bits of 2^52 + k
// instead of a conversion, so loops over them vectorise from SSE2 upward. They rely on rounding to
// nearest.

#include <bit>
#include <cstdint>
#include <limits>

namespace coppice {

// Exp(x) for any x; 0 below -708, infinity above 709, NaN for NaN.
inline double Exp(double x) {
  // x = k ln 2 + r, |r| <= ln 2 / 2; exp r by its Taylor series to r^13 (remainder < 1e-17).
  // Adding 1.5 * 2^52 leaves k, rounded, in the low bits of the sum.
  constexpr double kShift = 6755399441055744.0;
  const double low = x < -708.0 ? -708.0 : x;
  const double inside = low > 709.0 ? 709.0 : low;
  const double shifted = inside * 1.4426950408889634 + kShift;
  const double k = shifted - kShift;
  const double r = (inside - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
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
  const std::uint64_t exponent = (std::bit_cast<std::uint64_t>(shifted) + 1023) << 52;
  const double value = p * std::bit_cast<double>(exponent);
  const double not_small = x < -708.0 ? 0.0 : value;
  return x > 709.0 ? std::numeric_limits<double>::infinity() : not_small;
}

// Log(x) for normal x > 0, finite.
inline double Log(double x) {
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)]; ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <
  // 0.172, by its series to s^23 (the first term left out is below 1e-19 of the whole).
  constexpr double kTwo52 = 4503599627370496.0;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const double biased =
      std::bit_cast<double>((bits >> 52) | std::bit_cast<std::uint64_t>(kTwo52)) - kTwo52;
  const double mantissa =
      std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  const bool upper = mantissa > 1.4142135623730951;
  const double m = upper ? mantissa * 0.5 : mantissa;
  const double k = biased - (upper ? 1022.0 : 1023.0);
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
  return k * 6.93147180369123816490e-01 + (log_m + k * 1.90821492927058770002e-10);
}

// exp(x) - 1 without the loss of digits near 0 (Kahan's correction: the error made in rounding
// exp(x) is undone by dividing by the logarithm of the rounded value).
inline double ExpMinus1(double x) {
  const double rounded = Exp(x);
  if (rounded == 1.0) return x;
  if (rounded == 0.0 || rounded == std::numeric_limits<double>::infinity()) return rounded - 1.0;
  return (rounded - 1.0) * (x / Log(rounded));
}

// log(1 + x) for x > -1, likewise.
inline double Log1Plus(double x) {
  const double rounded = 1.0 + x;
  if (rounded == 1.0) return x;
  return Log(rounded) * (x / (rounded - 1.0));
}

}  // namespace coppice
