#pragma once
// How a delimited file is laid out: its delimiter, whether it has a header, its columns' names.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "trainer/data/csv_tokenizer.h"
#include "trainer/data/finding_list.h"
#include "trainer/data/number_field.h"
#include "trainer/data/text_source.h"

namespace coppice::trainer {

// Borrows the source.
struct CsvFile {
  const TextFile* source = nullptr;
  char delimiter = ',';
  bool has_header = false;
  // [n_columns]; `f` and the column's index where the file gives none.
  std::vector<std::string> names;
  std::uint64_t body_begin = 0;  // of the first row of data, in the text

  std::size_t n_columns() const { return names.size(); }
};

// What a file's header is compared with, when the columns are known already.
struct KnownColumns {
  bool has_header = false;
  std::vector<std::string> names;
};

// Adds what is wrong with the quotes of a record; the fault is not kNone, and stands at `offset`.
void AddQuoteFault(CsvFault fault, std::uint64_t offset, const TextFile& source,
                   FindingList& findings);

// What a column says in the first rows of a file.
struct ColumnTaste {
  std::size_t n_numbers = 0;
  std::size_t n_texts = 0;
};

// [n_columns], of what the head of the file holds, up to a thousand rows.
std::vector<ColumnTaste> TasteColumns(const CsvFile& file, const MissingTexts& missing);

// Where a walk finds another text than the one before did.
Error ChangedWhileRead(const TextFile& source);

// Comment lines before the data (`|` or `#` in front and another number of fields than the rows)
// are skipped with a notice. With `known` (may be null), a line that has its names is a header.
// Lets the head of the source grow to a thousand rows, if they are not very long. Adds findings: a
// name given twice. Throws Error (kData): a broken first line,
// a header without rows.
CsvFile OpenCsv(TextFile& source, const MissingTexts& missing, const KnownColumns* known,
                FindingList& findings, std::vector<std::string>* notices);

}  // namespace coppice::trainer
