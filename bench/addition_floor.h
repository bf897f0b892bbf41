#pragma once
// What a training cannot do without: so many additions to histograms, each of which costs so much
// where nothing else does.

#include <cstdint>

#include "trainer/bins/binned_matrix.h"
#include "trainer/boost/booster.h"
#include "trainer/data/dataset.h"

namespace coppice::trainer {

// The additions of a training on all rows of `data`, whose model `booster` is: a row and stored
// column each for the root and for the smaller side of every split whose sides may be split again.
// Counted from the trees, so that the training counts nothing.
std::uint64_t CountAdditions(const Booster& booster, const Dataset& data,
                             const BinnedMatrix& matrix, int max_depth);

// Processor nanoseconds of one addition where codes, gradients and sums lie in the first cache: the
// median of some tens of milliseconds, as what else runs on the machine slows a training down, too.
double NanosecondsPerAddition();

}  // namespace coppice::trainer
