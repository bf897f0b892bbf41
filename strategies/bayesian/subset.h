#pragma once
// Which observations the model looks at where there are too many for n^3 operations.

#include <cstddef>
#include <vector>

#include "strategies/bayesian/fit.h"

namespace coppice::strategies {

// The `n_best` lowest values, and `n_spread` others, each the one that is farthest from those taken
// before (in encoded columns), so that the rest of the space is known too. Ties go to the earlier.
// Indices, ascending; all of them when there are no more than n_best + n_spread.
std::vector<std::size_t> ChooseSubset(const Observations& observations, std::size_t n_best,
                                      std::size_t n_spread);

Observations Subset(const Observations& observations, const std::vector<std::size_t>& indices);

}  // namespace coppice::strategies
