#include "strategies/bayesian/kernel.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/exact_math.h"

namespace coppice::strategies {
namespace {

constexpr double kRootOfFive = 2.23606797749978969641;

void AddSquares(std::span<const double> column, double at, std::span<double> squares) {
  for (std::size_t i = 0; i < squares.size(); ++i) {
    const double difference = column[i] - at;
    squares[i] += difference * difference;
  }
}

void AddMismatches(std::span<const double> column, double at, double weight,
                   std::span<double> squares) {
  for (std::size_t i = 0; i < squares.size(); ++i) {
    squares[i] += column[i] == at ? 0.0 : weight;
  }
}

// 5 sum d^2 / l^2 of scaled points `a` to row `at` of b.
void SquaresTo(const std::vector<EncodedColumn>& columns, const std::vector<double>& root_weights,
               const Matrix& a, const Matrix& b, std::size_t at, std::span<double> squares) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].is_word) {
      AddMismatches(a.Column(c), b(at, c), root_weights[c] * root_weights[c], squares);
    } else {
      AddSquares(a.Column(c), b(at, c), squares);
    }
  }
}

void SquaresToCovariances(double signal, std::span<double> values) {
  for (double& value : values) {
    const double r = std::sqrt(value);
    value = signal * (1.0 + r + value * (1.0 / 3.0)) * Exp(-r);
  }
}

}  // namespace

Kernel::Kernel(std::vector<EncodedColumn> columns, const Hyperparameters& hyper)
    : columns_(std::move(columns)), signal_(hyper.signal) {
  for (const EncodedColumn& column : columns_) {
    root_weights_.push_back(kRootOfFive / hyper.lengths[column.axis]);
  }
}

Matrix Kernel::Scaled(const Matrix& encoded) const {
  Matrix scaled = encoded;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].is_word) continue;
    for (double& value : scaled.Column(c)) value *= root_weights_[c];
  }
  return scaled;
}

Matrix Kernel::Cross(const Matrix& a, const Matrix& b) const {
  Matrix result(a.n_rows(), b.n_rows());
  for (std::size_t j = 0; j < b.n_rows(); ++j) {
    const std::span<double> values = result.Column(j);
    SquaresTo(columns_, root_weights_, a, b, j, values);
    SquaresToCovariances(signal_, values);
  }
  return result;
}

// With q = r^2: dk / dq = -s / 6 (1 + r) exp(-r), and dq / dz = 2 (z - z_i) for a scaled column z.
void Kernel::CrossWithPulls(const Matrix& a, const Matrix& point, std::span<double> covariances,
                            std::span<double> pulls) const {
  std::fill(covariances.begin(), covariances.end(), 0.0);
  SquaresTo(columns_, root_weights_, a, point, 0, covariances);
  for (std::size_t i = 0; i < covariances.size(); ++i) {
    const double r = std::sqrt(covariances[i]);
    const double decay = signal_ * Exp(-r);
    covariances[i] = (1.0 + r + covariances[i] * (1.0 / 3.0)) * decay;
    pulls[i] = (-1.0 / 3.0) * (1.0 + r) * decay;
  }
}

Matrix PairDistances(const std::vector<EncodedColumn>& columns, std::size_t n_axes,
                     const Matrix& encoded) {
  const std::size_t n = encoded.n_rows();
  Matrix distances(n < 2 ? 0 : n * (n - 1) / 2, n_axes);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::span<const double> values = encoded.Column(c);
    const std::span<double> all = distances.Column(columns[c].axis);
    std::size_t begin = 0;
    for (std::size_t j = 0; j + 1 < n; ++j) {
      const std::size_t below = n - 1 - j;
      const std::span<double> squares = all.subspan(begin, below);
      if (columns[c].is_word) {
        AddMismatches(values.subspan(j + 1), values[j], 1, squares);
      } else {
        AddSquares(values.subspan(j + 1), values[j], squares);
      }
      begin += below;
    }
  }
  return distances;
}

}  // namespace coppice::strategies
