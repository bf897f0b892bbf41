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
// Of gains: below a tenth of a deviation, hope fades exponentially.
constexpr double kPositive = 0.1;
constexpr double kFarOut = 30;

// ln ln(1 + e^x): ln x for large x, x for small ones.
double LogOfPositive(double x) {
  if (x < -kFarOut) return x;
  return x > kFarOut ? Log(x) : Log(Log1Plus(Exp(x)));
}

double LogOfPositiveSlope(double x) {
  if (x < -kFarOut) return 1;
  if (x > kFarOut) return 1 / x;
  const double power = Exp(x);
  return power / (1 + power) / Log1Plus(power);
}

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

double ThriftOf(std::size_t n_observed) {
  constexpr double kFirst = 0.5;
  constexpr double kUntil = 40;
  return kFirst * std::max(0.0, 1 - static_cast<double>(n_observed) / kUntil);
}

double Acquisition::At(double mean, double deviation, double log_cost) const {
  if (kind == AcquisitionKind::kConfidenceBound) {
    const double bound = kappa * deviation - mean;
    if (!(thrift > 0)) return bound;
    return LogOfPositive((bound + best_mean) / kPositive) - thrift * log_cost;
  }
  if (!(deviation > 0)) return -std::numeric_limits<double>::infinity();
  return Log(deviation) + LogExpectedImprovement((best_mean - mean) / deviation) -
         thrift * log_cost;
}

Acquisition::Slopes Acquisition::SlopesAt(double mean, double deviation) const {
  if (kind == AcquisitionKind::kConfidenceBound) {
    if (!(thrift > 0)) return {-1, kappa, 0};
    const double slope =
        LogOfPositiveSlope((kappa * deviation - mean + best_mean) / kPositive) / kPositive;
    return {-slope, slope * kappa, -thrift};
  }
  const double z = (best_mean - mean) / deviation;
  const double slope = LogExpectedImprovementSlope(z) / deviation;
  return {-slope, 1 / deviation - slope * z, -thrift};
}

}  // namespace coppice::strategies
