#pragma once
// The covariance between points: Matern 5/2 with one length scale an axis,
//   k = s (1 + r + r^2 / 3) exp(-r),  r^2 = 5 sum_j d_j^2 / l_j^2,
// d_j^2 the squared distances of encoding.h, s the signal variance (Rasmussen and Williams 2006,
// "Gaussian processes for machine learning", equation 4.17).

#include <cstddef>
#include <span>
#include <vector>

#include "strategies/bayesian/encoding.h"
#include "strategies/bayesian/matrix.h"

namespace coppice::strategies {

// In units of the warped outputs, which have variance 1.
struct Hyperparameters {
  std::vector<double> lengths;  // [n_axes]
  double signal = 1;            // variance of the function
  double noise = 0;             // variance of an observation around it

  bool operator==(const Hyperparameters&) const = default;
};

// Immutable. Thread-safe.
class Kernel {
 public:
  Kernel(std::vector<EncodedColumn> columns, const Hyperparameters& hyper);

  // Of encoded points (a row each), in the units in which distances are taken.
  Matrix Scaled(const Matrix& encoded) const;
  // [n_rows of a][n_rows of b], of scaled points.
  Matrix Cross(const Matrix& a, const Matrix& b) const;
  // Of scaled points `a` with one more, `point` (a row): their covariances, and `pulls` such that
  // the derivative of covariance i by column c of the point, not scaled, is
  //   pulls[i] * (point(0, c) - a(i, c)) * root_weight(c).
  void CrossWithPulls(const Matrix& a, const Matrix& point, std::span<double> covariances,
                      std::span<double> pulls) const;
  const std::vector<EncodedColumn>& columns() const { return columns_; }
  double root_weight(std::size_t column) const { return root_weights_[column]; }

 private:
  std::vector<EncodedColumn> columns_;
  std::vector<double> root_weights_;  // sqrt(5) / l, by column
  double signal_;
};

// By axis, d_j^2 of all pairs of points i > j, in the order of the columns of a lower triangle:
// (1,0), (2,0), ..., (n-1,0), (2,1), ...
Matrix PairDistances(const std::vector<EncodedColumn>& columns, std::size_t n_axes,
                     const Matrix& encoded);

}  // namespace coppice::strategies
