#include "strategies/bayesian/posterior.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

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
      solved_(observations.values),
      means_at_observed_(observations.values) {
  const Matrix covariance = kernel_.Cross(scaled_, scaled_);
  double noise = hyper.noise;
  const auto factorize = [&] {
    Matrix noisy = covariance;
    for (std::size_t i = 0; i < noisy.n_rows(); ++i) {
      noisy(i, i) += noise + (i < n_observed_ ? observations.extra_variance[i] : 0.0);
    }
    return InverseFactor(std::move(noisy));
  };
  // Rounding may leave the factor of many equal points without a positive diagonal; more noise
  // always mends that.
  constexpr double kLeast = 1e-10;
  std::optional<Matrix> inverse_factor = factorize();
  while (!inverse_factor) {
    noise = std::max(10 * noise, kLeast * signal_);
    inverse_factor = factorize();
  }
  inverse_factor_ = std::move(*inverse_factor);
  Solve(inverse_factor_, solved_);
  for (std::size_t i = 0; i < n_observed_; ++i) {
    means_at_observed_[i] -= (noise + observations.extra_variance[i]) * solved_[i];
  }
}

void Posterior::At(const Matrix& encoded, std::span<double> means,
                   std::span<double> deviations) const {
  const Matrix cross = kernel_.Cross(scaled_, kernel_.Scaled(encoded));
  for (std::size_t j = 0; j < cross.n_columns(); ++j) {
    const std::span<const double> column = cross.Column(j);
    double mean = 0;
    for (std::size_t i = 0; i < n_observed_; ++i) mean += column[i] * solved_[i];
    means[j] = mean;
  }
  SquaredNorms(inverse_factor_, cross, deviations);
  for (double& deviation : deviations) {
    deviation = std::sqrt(std::max(signal_ - deviation, 0.0));
  }
}

// With u = A^-1 k: d variance = -2 u^T dk, so d deviation = -u^T dk / deviation.
Belief Posterior::Near(const Matrix& encoded) const {
  const Matrix point = kernel_.Scaled(encoded);
  const std::size_t n = scaled_.n_rows();
  std::vector<double> covariances(n);
  std::vector<double> pulls(n);
  kernel_.CrossWithPulls(scaled_, point, covariances, pulls);
  std::vector<double> solved = covariances;
  Solve(inverse_factor_, solved);
  Belief belief;
  double explained = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i < n_observed_) belief.mean += covariances[i] * solved_[i];
    explained += covariances[i] * solved[i];
  }
  belief.deviation = std::sqrt(std::max(signal_ - explained, 0.0));
  const double per_deviation = belief.deviation > 0 ? -1 / belief.deviation : 0;
  belief.mean_slopes.resize(kernel_.columns().size());
  belief.deviation_slopes.resize(kernel_.columns().size());
  for (std::size_t c = 0; c < kernel_.columns().size(); ++c) {
    if (kernel_.columns()[c].is_word) continue;
    const std::span<const double> column = scaled_.Column(c);
    double of_mean = 0;
    double of_deviation = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double slope = pulls[i] * (point(0, c) - column[i]);
      if (i < n_observed_) of_mean += slope * solved_[i];
      of_deviation += slope * solved[i];
    }
    belief.mean_slopes[c] = of_mean * kernel_.root_weight(c);
    belief.deviation_slopes[c] = per_deviation * of_deviation * kernel_.root_weight(c);
  }
  return belief;
}

std::vector<double> Posterior::MeansAtObserved() const { return means_at_observed_; }

}  // namespace coppice::strategies
