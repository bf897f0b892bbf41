#pragma once
// From the records of a delimited file to columns: numbers, or codes of texts. One pass over the
// text reads any number of columns, and no field is copied on the way. A long text is read in parts
// at the same time, in the caller's arena, with the same result.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "trainer/data/csv_layout.h"
#include "trainer/data/csv_tokenizer.h"
#include "trainer/data/finding_list.h"
#include "trainer/data/number_field.h"

namespace coppice::trainer {

// The distinct texts of a column, in order of first appearance, and how often each stands there.
// One thread at a time.
class TextDictionary {
 public:
  // The text's code; a new one if the text is new. Counts it.
  std::int32_t Add(std::string_view text) { return Add(text, 1); }
  // The same for a text that was found `times` times.
  std::int32_t Add(std::string_view text, std::size_t times);

  const std::vector<std::string>& texts() const { return texts_; }
  const std::vector<std::size_t>& counts() const { return counts_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
  std::vector<std::string> texts_;
  std::vector<std::size_t> counts_;
};

// How many fields of a kind there are, and the first of them.
struct FieldSample {
  std::size_t count = 0;
  std::vector<Field> first;

  void Add(const Field& field) {
    ++count;
    if (first.size() < FindingList::kMostShown) first.push_back(field);
  }
  // Those that stand behind these.
  void Append(const FieldSample& next) {
    count += next.count;
    const std::size_t room = FindingList::kMostShown - first.size();
    const auto begin = next.first.begin();
    first.insert(first.end(), begin,
                 begin + static_cast<std::ptrdiff_t>(std::min(room, next.first.size())));
  }
};

struct ColumnRequest {
  std::size_t column = 0;
  TextDictionary* dictionary = nullptr;  // null: as numbers
};

// What a column holds. Samples are filled when it is read as numbers; `missing` always.
struct ColumnContent {
  std::vector<float> numbers;       // [n_rows]; NaN where missing or a text
  std::vector<std::int32_t> codes;  // [n_rows] of the dictionary; -1 where missing
  std::size_t n_numbers = 0;        // infinite ones too
  FieldSample missing;
  FieldSample texts;
  FieldSample infinite;
};

struct TableContent {
  std::size_t n_rows = 0;
  std::vector<ColumnContent> columns;  // as requested
};

// Throws Error (kData) with every row that has too many or too few fields, or broken quotes.
TableContent ReadColumns(const CsvFile& file, const std::vector<ColumnRequest>& requests,
                         const MissingTexts& missing);

// The field of a row, 0-based. Cost: a walk through the file up to it.
Field FieldAt(const CsvFile& file, std::size_t row, std::size_t column);

}  // namespace coppice::trainer
