#pragma once
// How a delimited file is laid out: its delimiter, whether it has a header, its columns' names.

#include <string>
#include <string_view>
#include <vector>

#include "trainer/data/csv_tokenizer.h"
#include "trainer/data/finding_list.h"
#include "trainer/data/number_field.h"
#include "trainer/data/text_source.h"

namespace coppice::trainer {

// Borrows the source.
struct CsvFile {
  const TextSource* source = nullptr;
  char delimiter = ',';
  bool has_header = false;
  // [n_columns]; `f` and the column's index where the file gives none.
  std::vector<std::string> names;
  std::string_view body;  // from the first row of data on

  std::size_t n_columns() const { return names.size(); }
};

// What a file's header is compared with, when the columns are known already.
struct KnownColumns {
  bool has_header = false;
  std::vector<std::string> names;
};

// Adds what is wrong with the quotes of the record that was read last, if anything.
void AddQuoteFault(const CsvTokenizer& records, const TextSource& source, FindingList& findings);

// Comment lines before the data (`|` or `#` in front and another number of fields than the rows)
// are skipped with a notice. With `known` (may be null), a line that has its names is a header.
// Adds findings: a name given twice. Throws Error (kData): a broken first line,
// a header without rows.
CsvFile OpenCsv(const TextSource& source, const MissingTexts& missing, const KnownColumns* known,
                FindingList& findings, std::vector<std::string>* notices);

}  // namespace coppice::trainer
