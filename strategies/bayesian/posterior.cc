#include "strategies/bayesian/posterior.h"

#include <algorithm>
#include <cmath>

#include "strategies/bayesian/cholesky.h"

namespace coppice::strategies {
namespace {

Matrix Stacked(const Matrix& above, const Matrix& below) {
  Matrix both(above.n_rows() + below.n_rows(), above.n_columns());
  for (std::size_t c = 0; c < above.n_columns(); ++c) {
    const auto rest =
        std::copy(above.Column(c).begin(), above.Column(c).end(), both.Column(c).begin());
    if (below.n_rows() > 0) std::copy(below.Column(c).begin(), below.Column(c).end(), rest);
  }
  return both;
}

}  // namespace

Posterior::Posterior(const std::vector<EncodedColumn>& columns, const Hyperparameters& hyper,
                     const Observations& observations, const Matrix& running)
    : kernel_(columns, hyper),
      signal_(hyper.signal),
      n_observed_(observations.size()),
      scaled_(kernel_.Scaled(Stacked(observations.encoded, running))),
      factor_(kernel_.Cross(scaled_, scaled_)),
      solved_(observations.values),
      means_at_observed_(observations.values) {
  const Matrix covariance = factor_;
  double noise = hyper.noise;
  const auto factorize = [&] {
    factor_ = covariance;
    for (std::size_t i = 0; i < factor_.n_rows(); ++i) {
      factor_(i, i) += noise + (i < n_observed_ ? observations.extra_variance[i] : 0.0);
    }
    return FactorInPlace(factor_);
  };
  // Rounding may leave the factor of many equal points without a positive diagonal; more noise
  // always mends that.
  constexpr double kLeast = 1e-10;
  while (!factorize()) noise = std::max(10 * noise, kLeast * signal_);
  SolveBoth(factor_, solved_);
  for (std::size_t i = 0; i < n_observed_; ++i) {
    means_at_observed_[i] -= (noise + observations.extra_variance[i]) * solved_[i];
  }
}

void Posterior::At(const Matrix& encoded, std::span<double> means,
                   std::span<double> deviations) const {
  Matrix cross = kernel_.Cross(scaled_, kernel_.Scaled(encoded));
  for (std::size_t j = 0; j < cross.n_columns(); ++j) {
    const std::span<const double> column = cross.Column(j);
    double mean = 0;
    for (std::size_t i = 0; i < n_observed_; ++i) mean += column[i] * solved_[i];
    means[j] = mean;
  }
  SolveLower(factor_, cross);
  for (std::size_t j = 0; j < cross.n_columns(); ++j) {
    double explained = 0;
    for (const double part : cross.Column(j)) explained += part * part;
    deviations[j] = std::sqrt(std::max(signal_ - explained, 0.0));
  }
}

std::vector<double> Posterior::MeansAtObserved() const { return means_at_observed_; }

}  // namespace coppice::strategies
