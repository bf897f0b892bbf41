#include "strategies/bayesian/acquisition.h"

#include <limits>

#include "base/exact_math.h"
#include "base/normal_distribution.h"

namespace coppice::strategies {
namespace {

constexpr double kKappa = 1.4;
constexpr double kKappaByDoubling = 0.35;
constexpr double kLogOfTwo = 0.69314718055994530942;
constexpr double kHalfLogOfTwoPi = 0.91893853320467274178;

}  // namespace

double LogExpectedImprovement(double z) {
  const double log_density = -0.5 * z * z - kHalfLogOfTwoPi;
  // Below, the two terms cancel: their sum is phi(z) / z^2 (1 - 3 / z^2 + 15 / z^4 - 105 / z^6
  // ...).
  constexpr double kFar = -12;
  if (z < kFar) {
    const double t = 1 / (z * z);
    const double series = t * (-3 + t * (15 + t * (-105 + t * (945 - t * 10395))));
    return log_density + Log(t) + Log1Plus(series);
  }
  return Log(Exp(log_density) + z * NormalCdf(z));
}

Acquisition Acquisition::Of(AcquisitionKind kind, std::size_t n_at_once, double best_mean) {
  const double doublings = Log(static_cast<double>(n_at_once)) / kLogOfTwo;
  return {kind, kKappa + kKappaByDoubling * doublings, best_mean};
}

double Acquisition::At(double mean, double deviation) const {
  if (kind == AcquisitionKind::kConfidenceBound) return kappa * deviation - mean;
  if (!(deviation > 0)) return -std::numeric_limits<double>::infinity();
  return Log(deviation) + LogExpectedImprovement((best_mean - mean) / deviation);
}

}  // namespace coppice::strategies
