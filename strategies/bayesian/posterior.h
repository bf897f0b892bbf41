#pragma once
// What the observations say about points that were not tried: with A the covariance of the
// observations, k that of the point with them and a = A^-1 y,
//   mean = k^T a,  variance = s - k^T A^-1 k
// (Rasmussen and Williams 2006, equations 2.25 and 2.26). Running trials count in the variance
// only: a value equal to their own mean would leave all means as they are, so they need none.

#include <cstddef>
#include <span>
#include <vector>

#include "strategies/bayesian/fit.h"
#include "strategies/bayesian/kernel.h"

namespace coppice::strategies {

// Of one point, with the derivatives by its encoded columns; those by words are 0.
struct Belief {
  double mean = 0;
  double deviation = 0;
  std::vector<double> mean_slopes;
  std::vector<double> deviation_slopes;
};

// Immutable. Thread-safe.
class Posterior {
 public:
  // `running`: encoded, a row each. The observations are not empty.
  Posterior(const std::vector<EncodedColumn>& columns, const Hyperparameters& hyper,
            const Observations& observations, const Matrix& running);

  // Of encoded points, a row each.
  void At(const Matrix& encoded, std::span<double> means, std::span<double> deviations) const;
  // Of one encoded point, a matrix of one row.
  Belief Near(const Matrix& encoded) const;
  // The means at the observed points.
  std::vector<double> MeansAtObserved() const;

 private:
  Kernel kernel_;
  double signal_;
  std::size_t n_observed_;
  Matrix scaled_;  // observed points, then running ones
  Matrix inverse_factor_;
  std::vector<double> solved_;  // A^-1 y, of the observed
  std::vector<double> means_at_observed_;
};

}  // namespace coppice::strategies
