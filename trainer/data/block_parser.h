#pragma once
// From a block of lines to columns: numbers, or codes of texts. No field is copied on the way.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainer/data/column_content.h"
#include "trainer/data/csv_blocks.h"
#include "trainer/data/csv_layout.h"
#include "trainer/data/number_field.h"

namespace coppice::trainer {

// Codes are of the block's own dictionaries.
struct ParsedBlock {
  TableContent table;
  std::vector<TextDictionary> dictionaries;  // [n_requests]; empty where numbers are read
  // Some record has too many or too few fields, or broken quotes, or some byte is no text. What is
  // in the table then has no meaning.
  bool has_fault = false;
  // The last record goes on behind the block, and is not in the table.
  bool is_open = false;
  std::size_t open_at = 0;  // where it begins in the block's text
};

// Immutable.
class BlockParser {
 public:
  // Borrows `missing`. Nothing but the columns of each request is taken of it.
  BlockParser(const CsvFile& file, const std::vector<ColumnRequest>& requests,
              const MissingTexts& missing);

  ParsedBlock Parse(const CsvBlock& block) const;

 private:
  class Rows;
  enum class Way : std::uint8_t {
    kSkipped,
    kNumber,  // as numbers only, and none of them means missing
    kField,   // anything else
  };

  const char delimiter_;
  const MissingTexts& missing_;
  std::vector<Way> ways_;                           // [n_columns]
  std::vector<std::vector<std::size_t>> asked_by_;  // [n_columns]: requests
  std::vector<bool> as_text_;                       // [n_requests]
};

}  // namespace coppice::trainer
