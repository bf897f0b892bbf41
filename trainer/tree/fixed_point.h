#pragma once
// Gradients as integers, so that sums do not depend on who adds them, in which order, or whether a
// sum came about by subtraction.
//
// A pair (g, h) is one 64-bit word: g signed in the high half, h >= 0 in the low half; words are
// added as wholes. The scales are powers of two, chosen for each tree such that the sum over any
// set of rows, of g and of h, fits a signed number of 32 bits.

#include <bit>
#include <cmath>
#include <cstdint>

namespace coppice::trainer {

using PackedPair = std::uint64_t;

// Sums of g and h, in the loss's own unit.
struct GradientSum {
  double gradient = 0;
  double hessian = 0;
};

class FixedPointScale {
 public:
  FixedPointScale() = default;
  // `sum_abs_gradient` and `sum_hessian` are over the `n` rows of the tree. n < 2^30.
  FixedPointScale(double sum_abs_gradient, double sum_hessian, std::uint64_t n)
      : gradient_(PowerOfTwoWithin(0x1p31, sum_abs_gradient, n)),
        hessian_(PowerOfTwoWithin(0x1p31, sum_hessian, n)) {}

  PackedPair Pack(float gradient, float hessian) const {
    // Adding 1.5 * 2^52 leaves the number, rounded to the nearest, in the low bits of the sum.
    constexpr double kShift = 6755399441055744.0;
    const auto g = std::bit_cast<std::uint64_t>(gradient * gradient_ + kShift);
    const auto h = std::bit_cast<std::uint64_t>(hessian * hessian_ + kShift);
    return g << 32 | (h & 0xFFFFFFFF);
  }
  GradientSum Unpack(PackedPair sum) const {
    return {static_cast<std::int32_t>(sum >> 32) / gradient_,
            static_cast<std::uint32_t>(sum) / hessian_};
  }
  double gradient_scale() const { return gradient_; }
  double hessian_scale() const { return hessian_; }

 private:
  // The largest power of two s with sum * s + n / 2 (the rounding of n rows) < limit.
  static double PowerOfTwoWithin(double limit, double sum, std::uint64_t n) {
    const double room = limit - 1 - static_cast<double>(n) / 2;
    if (!(sum > 0)) return 1;
    // Past 2^52 a float gradient has no more bits to keep; a tiny sum needs no larger scale than
    // keeps 1 / scale a normal number.
    const int exponent = std::ilogb(room / sum);
    double scale = std::ldexp(1.0, exponent < 900 ? exponent : 900);
    while (sum * scale >= room) scale /= 2;  // the quotient may have been rounded up
    return scale;
  }

  double gradient_ = 1;
  double hessian_ = 1;
};

}  // namespace coppice::trainer
