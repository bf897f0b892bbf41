#pragma once
// What is asked of the columns of a delimited file, and what they hold.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trainer/data/finding_list.h"
#include "trainer/data/text_dictionary.h"

namespace coppice::trainer {

// A field that may be worth a finding.
struct SampledField {
  std::string text;          // without quotes
  std::uint64_t offset = 0;  // in the file's text; of its quote, if it has one
};

// How many fields of a kind there are, and the first of them.
struct FieldSample {
  std::size_t count = 0;
  std::vector<SampledField> first;

  bool HasRoom() const { return first.size() < FindingList::kMostShown; }
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

}  // namespace coppice::trainer
