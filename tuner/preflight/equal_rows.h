#pragma once
// Rows that stand in a table more than once.

#include <cstdint>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::tuner {

// [n_rows]: equal values and labels, equal hash. Missing values are equal to each other.
std::vector<std::uint64_t> HashRows(const trainer::Dataset& table);

// How many of `rows` are equal to one of `others`, by their hashes.
std::size_t CountEqual(const std::vector<std::uint64_t>& hashes,
                       const std::vector<trainer::RowIndex>& rows,
                       const std::vector<trainer::RowIndex>& others);

}  // namespace coppice::tuner
