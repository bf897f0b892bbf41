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

// The share of rows that would be equal to one of `n_others` if each column and the label had its
// values by chance: 1 - (1 - p)^n_others, where p is the product over columns of the chance that
// two rows have the same value. Columns that depend on each other make more of them. From the first
// 20,000 rows.
double EqualByChance(const trainer::Dataset& table, std::size_t n_others);

}  // namespace coppice::tuner
