#pragma once
// A = L L^T for symmetric positive definite A, and what is solved with L. Sums have an order that
// depends on sizes only, so that results are the same bits on every machine.

#include <span>

#include "strategies/bayesian/matrix.h"

namespace coppice::strategies {

// Reads the lower triangle of `a` and leaves L there; what is above the diagonal means nothing.
// False when `a` is not positive definite; then its content means nothing either.
bool FactorInPlace(Matrix& a);

// B := L^-1 B, for B with as many rows as L.
void SolveLower(const Matrix& l, Matrix& b);
// b := A^-1 b, for the leading b.size() rows and columns of A.
void SolveBoth(const Matrix& l, std::span<double> b);

// The lower triangle of A^-1; above the diagonal, zeros or parts of it. Costs 2/3 n^3 operations.
Matrix InverseFromFactor(const Matrix& l);

}  // namespace coppice::strategies
