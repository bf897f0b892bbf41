#pragma once
// How much a point is worth trying, from the posterior there; larger is better.

#include <cstddef>
#include <span>

namespace coppice::strategies {

enum class AcquisitionKind {
  // kappa * deviation - mean (Srinivas et al. 2010).
  kConfidenceBound,
  // The logarithm of the expected improvement over the best mean (Ament et al. 2023, "Unexpected
  // improvements to expected improvement"), which has a slope where the improvement itself is 0.
  kExpectedImprovement,
};

// ln E[max(0, z + e)], e standard normal: ln(phi(z) + z Phi(z)).
double LogExpectedImprovement(double z);

// Its derivative, Phi(z) / (phi(z) + z Phi(z)).
double LogExpectedImprovementSlope(double z);

// With P trials at once, the proposed one included, and n outcomes known:
//   (1.4 + 0.35 log2 P) max(1/2, sqrt(30 / max(30, n)))
// The more proposals share one knowledge, the wider they have to spread; the more is known, the
// less is left to be found elsewhere, and the sooner the best place is followed to its bottom.
double KappaOf(std::size_t n_at_once, std::size_t n_observed);

// Immutable.
struct Acquisition {
  AcquisitionKind kind = AcquisitionKind::kConfidenceBound;
  double kappa = 1.4;
  double best_mean = 0;  // the lowest posterior mean among the trials

  double At(double mean, double deviation) const;
  // The derivatives of At by mean and deviation. deviation > 0.
  struct Slopes {
    double by_mean;
    double by_deviation;
  };
  Slopes SlopesAt(double mean, double deviation) const;
};

}  // namespace coppice::strategies
