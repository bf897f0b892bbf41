#include "strategies/bayesian/acquisition.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/exact_math.h"
#include "base/normal_distribution.h"

namespace coppice::strategies {
namespace {

constexpr double kFar = -12;
constexpr double kHalfLogOfTwoPi = 0.91893853320467274178;

}  // namespace

double LogExpectedImprovement(double z) {
  const double log_density = -0.5 * z * z - kHalfLogOfTwoPi;
  // Below, the two terms cancel: their sum is phi(z) / z^2 (1 - 3 / z^2 + 15 / z^4 - 105 / z^6
  // ...).
  if (z < kFar) {
    const double t = 1 / (z * z);
    const double series = t * (-3 + t * (15 + t * (-105 + t * (945 - t * 10395))));
    return log_density + Log(t) + Log1Plus(series);
  }
  return Log(Exp(log_density) + z * NormalCdf(z));
}

double LogExpectedImprovementSlope(double z) {
  // Below, of the series of LogExpectedImprovement: with t = 1 / z^2,
  // d ln(phi t (1 + s)) / dz = -z - 2 / z + s' / (1 + s).
  if (z < kFar) {
    const double t = 1 / (z * z);
    const double s = t * (-3 + t * (15 + t * (-105 + t * (945 - t * 10395))));
    const double by_t = -3 + t * (30 + t * (-315 + t * (3780 - t * 51975)));
    return -z - 2 / z + by_t * (-2 * t / z) / (1 + s);
  }
  return NormalCdf(z) * Exp(-LogExpectedImprovement(z));
}

double KappaOf(std::size_t n_at_once, std::size_t n_observed) {
  constexpr double kFirst = 1.4;
  constexpr double kByDoubling = 0.35;
  constexpr double kFullUntil = 30;
  constexpr double kSmallestShare = 0.5;
  constexpr double kLogOfTwo = 0.69314718055994530942;
  const double doublings = Log(static_cast<double>(n_at_once)) / kLogOfTwo;
  const double share =
      std::sqrt(kFullUntil / std::max(kFullUntil, static_cast<double>(n_observed)));
  return (kFirst + kByDoubling * doublings) * std::max(share, kSmallestShare);
}

double Acquisition::At(double mean, double deviation) const {
  if (kind == AcquisitionKind::kConfidenceBound) return kappa * deviation - mean;
  if (!(deviation > 0)) return -std::numeric_limits<double>::infinity();
  return Log(deviation) + LogExpectedImprovement((best_mean - mean) / deviation);
}

Acquisition::Slopes Acquisition::SlopesAt(double mean, double deviation) const {
  if (kind == AcquisitionKind::kConfidenceBound) return {-1, kappa};
  const double z = (best_mean - mean) / deviation;
  const double slope = LogExpectedImprovementSlope(z) / deviation;
  return {-slope, 1 / deviation - slope * z};
}

}  // namespace coppice::strategies
