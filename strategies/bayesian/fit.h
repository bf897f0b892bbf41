#pragma once
// The hyperparameters that explain the observations best: the maximum of the marginal likelihood
// times a prior.
//
//   y ~ N(0, K + diag(noise + extra)),  log p = -1/2 y^T A^-1 y - sum_i ln L_ii - n/2 ln 2 pi
//   d log p / d t = 1/2 tr((a a^T - A^-1) dA/dt),  a = A^-1 y
// (Rasmussen and Williams 2006, equations 5.8 and 5.9). Variables are logarithms. The prior adds,
// in d axes, 2 ln l - 6 sqrt(4 / max(4, d)) l for each length, ln s - s / 2 for the signal and
// -z^2 / 2, z = (ln noise + 5) / 1.5, for the noise: no change of variables, so that the modes are
// those of the densities over l and s.

#include <cstddef>
#include <span>
#include <vector>

#include "strategies/bayesian/kernel.h"

namespace coppice::strategies {

struct Observations {
  Matrix encoded;                      // a row each
  std::vector<double> values;          // of mean 0 and variance 1, smaller is better
  std::vector<double> extra_variance;  // added to the noise

  std::size_t size() const { return values.size(); }
  bool operator==(const Observations&) const = default;
};

// Minus the logarithm of likelihood times prior. Borrows the observations. One thread at a time.
class FitObjective {
 public:
  FitObjective(const std::vector<EncodedColumn>& columns, std::size_t n_axes,
               const Observations& observations);

  // At the logarithms of lengths, signal and noise, [n_axes + 2]; infinity where the covariance is
  // not positive definite.
  double operator()(std::span<const double> logs, std::span<double> gradient);

  std::size_t n_variables() const { return n_axes_ + 2; }

 private:
  double Prior(std::span<const double> logs, std::span<double> gradient) const;
  void FillCovariance(double signal, double noise);
  void AddGradient(std::span<const double> logs, const Matrix& inverse, std::span<double> gradient);

  std::size_t n_axes_;
  const Observations& observations_;
  Matrix distances_;                 // of PairDistances
  std::vector<double> covariances_;  // of pairs, signal included
  std::vector<double> slopes_;       // of pairs: dk / d ln l_j is this times d_j^2 / l_j^2
  std::vector<double> solved_;       // A^-1 y
  std::vector<double> weights_;      // of pairs: A^-1 - a a^T
  Matrix lower_;                     // the lower triangle of A
};

// The best of a few fixed starts; the same on every machine.
Hyperparameters Fit(const std::vector<EncodedColumn>& columns, std::size_t n_axes,
                    const Observations& observations);

}  // namespace coppice::strategies
