#pragma once
// The columns of a delimited file, in one pass over its text, which is never held whole: blocks of
// lines are parsed at the same time, in the caller's arena, and put together in order. What comes
// out does not depend on the number of threads.

#include <cstddef>
#include <vector>

#include "base/error.h"
#include "trainer/data/column_content.h"
#include "trainer/data/csv_layout.h"
#include "trainer/data/number_field.h"

namespace coppice::trainer {

// Throws Error (kData) with every row that has too many or too few fields, or broken quotes; or
// the first byte that is no text. Memory beyond the columns: some blocks for each thread.
TableContent ReadColumns(const CsvFile& file, const std::vector<ColumnRequest>& requests,
                         const MissingTexts& missing);

// Of the field of a row, 0-based. Cost: two walks through the file up to it.
Place PlaceOfField(const CsvFile& file, std::size_t row, std::size_t column);

}  // namespace coppice::trainer
