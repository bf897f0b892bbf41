#include "strategies/bayesian/cholesky.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace coppice::strategies {
namespace {

using Eigen::Index;
using Dense = Eigen::Map<Eigen::MatrixXd>;
using ConstDense = Eigen::Map<const Eigen::MatrixXd>;

Dense View(Matrix& a) {
  return Dense(a.data(), static_cast<Index>(a.n_rows()), static_cast<Index>(a.n_columns()));
}

ConstDense View(const Matrix& a) {
  return ConstDense(a.data(), static_cast<Index>(a.n_rows()), static_cast<Index>(a.n_columns()));
}

// Rows and columns are taken in tiles, so that nearly all work is products of matrices.
constexpr Index kTile = 32;

// A block on the diagonal: L in place of the lower triangle of `a`, and its inverse. False when it
// is not positive definite.
bool FactorBlock(Eigen::Ref<Eigen::MatrixXd> a, Eigen::Ref<Eigen::MatrixXd> inverse) {
  const Index n = a.rows();
  for (Index j = 0; j < n; ++j) {
    if (!(a(j, j) > 0)) return false;
    a(j, j) = std::sqrt(a(j, j));
    const Index below = n - 1 - j;
    a.col(j).tail(below) /= a(j, j);
    for (Index k = j + 1; k < n; ++k) a.col(k).tail(n - k) -= a(k, j) * a.col(j).tail(n - k);
  }
  inverse.setIdentity();
  for (Index column = 0; column < n; ++column) {
    auto x = inverse.col(column);
    for (Index k = column; k < n; ++k) {
      x(k) /= a(k, k);
      x.tail(n - 1 - k) -= x(k) * a.col(k).tail(n - 1 - k);
    }
  }
  return true;
}

// L in place of the lower triangle of `a`, and in `w` the inverses of the blocks on its diagonal.
bool Factor(Dense a, Dense w) {
  const Index n = a.rows();
  Eigen::MatrixXd panel;
  for (Index j = 0; j < n; j += kTile) {
    const Index width = std::min(kTile, n - j);
    const Index below = n - j - width;
    a.block(j, j, n - j, width).noalias() -=
        a.block(j, 0, n - j, j) * a.block(j, 0, width, j).transpose();
    if (!FactorBlock(a.block(j, j, width, width), w.block(j, j, width, width))) return false;
    panel = a.block(j + width, j, below, width);
    a.block(j + width, j, below, width).noalias() = panel * w.block(j, j, width, width).transpose();
  }
  return true;
}

}  // namespace

// With L = ((P, 0), (Q, R)): W = ((P^-1, 0), (-R^-1 Q P^-1, R^-1)), block row by block row.
std::optional<Matrix> InverseFactor(Matrix a) {
  COPPICE_CHECK(a.n_rows() == a.n_columns(), "a square");
  Matrix result(a.n_rows(), a.n_rows());
  Dense l = View(a);
  Dense w = View(result);
  if (!Factor(l, w)) return std::nullopt;
  Eigen::MatrixXd product;
  for (Index i = kTile; i < l.rows(); i += kTile) {
    const Index height = std::min(kTile, l.rows() - i);
    for (Index j = 0; j < i; j += kTile) {
      product.noalias() = l.block(i, j, height, i - j) * w.block(j, j, i - j, kTile);
      w.block(i, j, height, kTile).noalias() = -w.block(i, i, height, height) * product;
    }
  }
  return result;
}

void Solve(const Matrix& w, std::span<double> b) {
  const auto n = static_cast<Index>(b.size());
  Eigen::Map<Eigen::VectorXd> right(b.data(), n);
  const auto leading = View(w).topLeftCorner(n, n);
  const Eigen::VectorXd half = leading * right;
  right.noalias() = leading.transpose() * half;
}

void SquaredNorms(const Matrix& w, const Matrix& b, std::span<double> norms) {
  COPPICE_CHECK(w.n_rows() == b.n_rows() && b.n_columns() == norms.size(), "sizes agree");
  const ConstDense lower = View(w);
  const ConstDense right = View(b);
  Eigen::Map<Eigen::RowVectorXd> sums(norms.data(), static_cast<Index>(norms.size()));
  sums.setZero();
  Eigen::MatrixXd part;
  for (Index i = 0; i < lower.rows(); i += kTile) {
    const Index height = std::min(kTile, lower.rows() - i);
    part.noalias() = lower.block(i, 0, height, i + height) * right.topRows(i + height);
    sums += part.colwise().squaredNorm();
  }
}

Matrix Inverse(const Matrix& w) {
  Matrix result(w.n_rows(), w.n_rows());
  const ConstDense lower = View(w);
  Dense inverse = View(result);
  const Index n = lower.rows();
  // Rows i to i + height of W^T W, of which only those of W from i on are not zero.
  for (Index i = 0; i < n; i += kTile) {
    const Index height = std::min(kTile, n - i);
    inverse.block(i, 0, height, i + height).noalias() =
        lower.block(i, i, n - i, height).transpose() * lower.block(i, 0, n - i, i + height);
  }
  return result;
}

}  // namespace coppice::strategies
