#pragma once
// What a tree cost, known from the tree itself.

#include "trainer/bins/binned_matrix.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {

// About how many additions to histograms a tree took that grew on `n_rows` rows of `matrix`; other
// steps count as so many additions as take their time. A row's share is that of its hessian. The
// same number on every machine and for any number of threads, so that decisions may rest on it.
double TreeWork(const Tree& tree, const BinnedMatrix& matrix, std::size_t n_rows);

}  // namespace coppice::trainer
