#pragma once
// Columns that tell rows apart instead of describing them: a model that learns from them has
// learned the training rows by heart.

#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::tuner {

struct IdColumn {
  std::string name;
  std::string why;  // "890 different texts in 891 rows"
};

// Features of whole numbers, none of them twice, that are called an id ("id", "user_id", "rowId");
// features that count the rows; and features of texts of which at least 19 in 20 stand in one row
// only. Tables of fewer than kFewestRowsForIds rows say nothing. In the order of the table.
std::vector<IdColumn> FindIdColumns(const trainer::Dataset& table);

inline constexpr std::size_t kFewestRowsForIds = 20;

}  // namespace coppice::tuner
