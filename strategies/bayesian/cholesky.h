#pragma once
// A = L L^T for symmetric positive definite A, and what is solved with W = L^-1: A^-1 = W^T W.
// Multiplying with W is several times faster than solving with L, and A has noise on its diagonal,
// so that L is well conditioned. Sums have an order that depends on sizes only, so that results are
// the same bits on every machine.

#include <optional>
#include <span>

#include "strategies/bayesian/matrix.h"

namespace coppice::strategies {

// W, with zeros above the diagonal; reads the lower triangle of `a`. Nothing when `a` is not
// positive definite. ln det A = -2 sum_i ln W_ii. Costs 2/3 n^3 operations.
std::optional<Matrix> InverseFactor(Matrix a);

// b := A^-1 b, for the leading b.size() rows and columns of A.
void Solve(const Matrix& w, std::span<double> b);
// b^T A^-1 b of each column of `b`, which has as many rows as A.
void SquaredNorms(const Matrix& w, const Matrix& b, std::span<double> norms);

// The lower triangle of A^-1; above the diagonal, zeros or parts of it. Costs 1/3 n^3 operations.
Matrix Inverse(const Matrix& w);

}  // namespace coppice::strategies
