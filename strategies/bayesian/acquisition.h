#pragma once
// How much a point is worth trying, from the posterior there; larger is better.

#include <cstddef>
#include <span>

namespace coppice::strategies {

enum class AcquisitionKind {
  // kappa * deviation - mean (Srinivas et al. 2010). kappa = 1.4 + 0.35 log2(P) with P trials at
  // once: the more proposals share one knowledge, the wider they have to spread.
  kConfidenceBound,
  // The logarithm of the expected improvement over the best mean (Ament et al. 2023, "Unexpected
  // improvements to expected improvement"), which has a slope where the improvement itself is 0.
  kExpectedImprovement,
};

// ln E[max(0, z + e)], e standard normal: ln(phi(z) + z Phi(z)).
double LogExpectedImprovement(double z);

// Immutable.
struct Acquisition {
  AcquisitionKind kind = AcquisitionKind::kConfidenceBound;
  double kappa = 1.4;
  double best_mean = 0;  // the lowest posterior mean among the trials

  // `n_at_once`: trials that run, with the one that is proposed.
  static Acquisition Of(AcquisitionKind kind, std::size_t n_at_once, double best_mean);

  double At(double mean, double deviation) const;
};

}  // namespace coppice::strategies
