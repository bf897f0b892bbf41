#include "strategies/bayesian/cost_model.h"

#include <utility>

#include "base/error.h"
#include "base/exact_math.h"
#include "strategies/bayesian/cholesky.h"

namespace coppice::strategies {
namespace {

// Standard deviations of a slope before anything is known, and of what is not linear.
constexpr double kSlope = 2;
constexpr double kResidual = 0.4;
constexpr std::size_t kFewest = 3;

double MeanOf(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

// The posterior mean of the slopes, in its dual form: S = s^2 X^T (s^2 X X^T + r^2 I)^-1 y, whose
// matrix has a row for each trial.
std::optional<CostModel> CostModel::Fit(const Matrix& encoded, std::span<const double> costs) {
  const std::size_t n = costs.size();
  COPPICE_CHECK(encoded.n_rows() == n, "a cost for each row");
  if (n < kFewest) return std::nullopt;
  CostModel model;
  Matrix x = encoded;
  for (std::size_t c = 0; c < x.n_columns(); ++c) {
    const double mean = MeanOf(x.Column(c));
    for (double& value : x.Column(c)) value -= mean;
    model.centre_.push_back(mean);
  }
  std::vector<double> y;
  for (const double cost : costs) y.push_back(Log(cost));
  const double mean = MeanOf(y);
  for (double& value : y) value -= mean;

  Matrix covariance(n, n);
  for (std::size_t c = 0; c < x.n_columns(); ++c) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = j; i < n; ++i) covariance(i, j) += kSlope * kSlope * x(i, c) * x(j, c);
    }
  }
  for (std::size_t i = 0; i < n; ++i) covariance(i, i) += kResidual * kResidual;
  const std::optional<Matrix> w = InverseFactor(std::move(covariance));
  COPPICE_CHECK(w.has_value(), "noise on the diagonal makes it positive definite");
  Solve(*w, y);
  for (std::size_t c = 0; c < x.n_columns(); ++c) {
    double slope = 0;
    for (std::size_t i = 0; i < n; ++i) slope += kSlope * kSlope * x(i, c) * y[i];
    model.slopes_.push_back(slope);
  }
  return model;
}

double CostModel::At(const Matrix& encoded, std::size_t row) const {
  double sum = 0;
  for (std::size_t c = 0; c < slopes_.size(); ++c) {
    sum += slopes_[c] * (encoded(row, c) - centre_[c]);
  }
  return sum;
}

}  // namespace coppice::strategies
