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

// How much cost counts (1: gain per cost, 0: gain alone): max(0, 1 - n / 40) / 2 with n outcomes
// known. While little is known a cheap trial tells nearly as much as a dear one; the last bit of
// gain is often to be had from dear ones only (cost cooling: Lee et al. 2020, "Cost-aware Bayesian
// optimization").
double ThriftOf(std::size_t n_observed);

// Immutable.
struct Acquisition {
  AcquisitionKind kind = AcquisitionKind::kConfidenceBound;
  double kappa = 1.4;
  double best_mean = 0;  // the lowest posterior mean among the trials
  double thrift = 0;

  // With thrift, of the gain over the best mean that the bound leaves possible, per cost^thrift;
  // as a logarithm.
  double At(double mean, double deviation, double log_cost) const;
  // The derivatives of At. deviation > 0.
  struct Slopes {
    double by_mean;
    double by_deviation;
    double by_log_cost;
  };
  Slopes SlopesAt(double mean, double deviation) const;
};

}  // namespace coppice::strategies
