#pragma once
// The accelerated failure time model: ln(time) = margin + scale * Z, with Z of a known
// distribution. A label y > 0 is a time at which something happened; y < 0 says that at -y nothing
// had happened yet (right-censored). Shared by survival:aft and aft-nloglik.
//
// With z = (ln |y| - margin) / scale, density f and tail S(z) = P(Z > z), a row's loss is
// -ln(f(z) / (scale y)) or -ln S(z). XGBoost has the same loss; here gradients come from closed
// forms that stay exact in the tails, where differences of distribution functions lose their
// digits.

#include <algorithm>
#include <cmath>

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

}  // namespace coppice::trainer
