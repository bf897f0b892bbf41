#include "strategies/bayesian/cholesky.h"

#include <Eigen/Dense>
#include <algorithm>

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

constexpr Index kBlock = 32;

// L^-1, block column by block column: each begins at its diagonal.
Eigen::MatrixXd InverseOfLower(const ConstDense& l) {
  const Index n = l.rows();
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Zero(n, n);
  for (Index j = 0; j < n; j += kBlock) {
    const Index width = std::min(kBlock, n - j);
    inverse.block(j, j, width, width).setIdentity();
    auto below = inverse.block(j, j, n - j, width);
    l.block(j, j, n - j, n - j).triangularView<Eigen::Lower>().solveInPlace(below);
  }
  return inverse;
}

}  // namespace

bool FactorInPlace(Matrix& a) {
  Dense view = View(a);
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(view);
  return factor.info() == Eigen::Success;
}

void SolveLower(const Matrix& l, Matrix& b) {
  COPPICE_CHECK(l.n_rows() == b.n_rows(), "as many rows");
  Dense right = View(b);
  View(l).triangularView<Eigen::Lower>().solveInPlace(right);
}

void SolveBoth(const Matrix& l, std::span<double> b) {
  const auto n = static_cast<Index>(b.size());
  Eigen::Map<Eigen::VectorXd> right(b.data(), n);
  const auto leading = View(l).topLeftCorner(n, n);
  leading.triangularView<Eigen::Lower>().solveInPlace(right);
  leading.transpose().triangularView<Eigen::Upper>().solveInPlace(right);
}

Matrix InverseFromFactor(const Matrix& l) {
  const Eigen::MatrixXd lower = InverseOfLower(View(l));
  Matrix result(l.n_rows(), l.n_rows());
  Dense inverse = View(result);
  const Index n = lower.rows();
  // A^-1 = L^-T L^-1; rows i to i + width, of which only those of L^-1 from i on are not zero.
  for (Index i = 0; i < n; i += kBlock) {
    const Index width = std::min(kBlock, n - i);
    inverse.block(i, 0, width, i + width).noalias() =
        lower.block(i, i, n - i, width).transpose() * lower.block(i, 0, n - i, i + width);
  }
  return result;
}

}  // namespace coppice::strategies
