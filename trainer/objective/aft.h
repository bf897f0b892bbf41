#pragma once
// The accelerated failure time model: ln(time) = margin + scale * Z, with Z of a known
// distribution. A label y > 0 is a time at which something happened; y < 0 says that at -y nothing
// had happened yet (right-censored). Where labels have an upper bound, the time lies between the
// two and both are 0 or more: equal bounds are a known time, an infinite upper one is a
// right-censored time, a lower one of 0 a left-censored one. Shared by survival:aft and
// aft-nloglik.
//
// With z = (ln |y| - margin) / scale, density f and tail S(z) = P(Z > z), a row's loss is
// -ln(f(z) / (scale y)), -ln S(z) or -ln(S(z) - S(z of the upper bound)). XGBoost has the same
// loss; here gradients come from closed forms that stay exact in the tails, where differences of
// distribution functions lose their digits.

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/objective/math.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {

// d = -d(ln f)/dz and its slope for a time that is known; hazard f / S and its slope for one that
// is not. All by z.
struct AftTerms {
  double known = 0;
  double known_slope = 0;
  double hazard = 0;
  double hazard_slope = 0;
  double log_density = 0;  // ln f
  double log_tail = 0;     // ln S
};

// The tail of the normal distribution over its density. Below 3 by the series of the distribution
// function (all terms have one sign), above by its continued fraction; both of fixed length, to
// 1e-13 of the value.
inline double NormalMills(double z) {
  constexpr double kBorder = 3.0;
  constexpr int kTerms = 60;
  const double inside = std::min(std::abs(z), kBorder);
  double term = inside;
  double series = inside;
  for (int k = 1; k < kTerms; ++k) {
    term *= inside * inside / (2.0 * k + 1.0);
    series += term;
  }
  constexpr double kRootHalfPi = 1.25331413731550025121;
  const double near_mean = kRootHalfPi * Exp(0.5 * inside * inside);
  const double outside = std::max(std::abs(z), kBorder);
  double fraction = outside;
  for (int k = kTerms; k > 0; --k) fraction = outside + k / fraction;
  const double upper = std::abs(z) < kBorder ? near_mean - series : 1.0 / fraction;
  if (z >= 0.0) return upper;
  // P(Z > z) = 1 - P(Z > -z), over the density; infinite far below, where the hazard is 0.
  return 2.0 * kRootHalfPi * Exp(0.5 * z * z) - upper;
}

inline AftTerms NormalTerms(double z) {
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  const double mills = NormalMills(z);
  const double hazard = 1.0 / mills;
  const double log_density = -0.5 * z * z - kHalfLogTwoPi;
  const double log_tail = mills < 1e300 ? log_density + Log(mills) : 0.0;
  return {z, 1.0, hazard, hazard * (hazard - z), log_density, log_tail};
}

inline AftTerms LogisticTerms(double z) {
  // All by e^-|z|, which cannot overflow.
  const double e = Exp(-std::abs(z));
  const double p = (z >= 0.0 ? 1.0 : e) / (1.0 + e);
  const double product = e / ((1.0 + e) * (1.0 + e));
  const double minus_log_tail = std::max(z, 0.0) + Log1Plus(e);
  return {2.0 * p - 1.0, 2.0 * product, p, product, z - 2.0 * minus_log_tail, -minus_log_tail};
}

inline AftTerms ExtremeTerms(double z) {
  const double w = Exp(z);
  return {w - 1.0, w, w, w, z - w, -w};
}

inline AftTerms TermsOf(AftDistribution distribution, double z) {
  switch (distribution) {
    case AftDistribution::kNormal:
      return NormalTerms(z);
    case AftDistribution::kLogistic:
      return LogisticTerms(z);
    case AftDistribution::kExtreme:
      return ExtremeTerms(z);
  }
  return {};
}

// 1 - exp(-x), x >= 0, which keeps its digits near 0.
inline double OneMinusExp(double x) {
  constexpr double kSmall = 1e-3;
  return x < kSmall ? x * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0))) : 1.0 - Exp(-x);
}

// Of the logarithm of P(lower < Z < upper): its first derivative and minus its second, both by a
// shift of both ends upward, and itself.
struct AftInterval {
  double slope = 0;
  double curvature = 0;
  double log_probability = 0;
};

// z of a time, infinite where the time is 0 or infinite.
inline double AftPlace(float time, float margin, double scale) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (time <= 0.0f) return -kInfinite;
  return std::isinf(time) ? kInfinite : (Log(double{time}) - double{margin}) / scale;
}

// lower < upper; -infinity and infinity are legal. An interval so narrow that differences would
// lose their digits is its middle.
inline AftInterval IntervalOf(AftDistribution distribution, double lower, double upper) {
  constexpr double kNarrow = 1e-4;
  if (upper - lower < kNarrow) {
    const AftTerms middle = TermsOf(distribution, lower + (upper - lower) / 2.0);
    return {-middle.known, middle.known_slope, middle.log_density + Log(upper - lower)};
  }
  // Of symmetric distributions the side with the smaller tail, which has the digits.
  if (distribution != AftDistribution::kExtreme && lower + upper < 0.0) {
    AftInterval mirrored = IntervalOf(distribution, -upper, -lower);
    mirrored.slope = -mirrored.slope;
    return mirrored;
  }
  const AftTerms at_lower = std::isinf(lower) ? AftTerms{} : TermsOf(distribution, lower);
  const AftInterval of_tail = {-at_lower.hazard, at_lower.hazard_slope, at_lower.log_tail};
  if (std::isinf(upper) || std::isinf(at_lower.hazard)) return of_tail;
  const AftTerms at_upper = TermsOf(distribution, upper);
  const double drop = at_lower.log_tail - at_upper.log_tail;
  const double outside = Exp(-drop);        // the share of the lower end's tail above the interval
  const double inside = OneMinusExp(drop);  // and within
  if (outside == 0.0) return of_tail;
  const double a = at_lower.hazard / inside;
  const double b = at_upper.hazard * outside / inside;
  return {b - a, at_upper.known * b - at_lower.known * a + (b - a) * (b - a),
          at_lower.log_tail + Log(inside)};
}

}  // namespace coppice::trainer
