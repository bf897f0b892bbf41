#pragma once
// One table, five ways to write it. Numbers align right on a terminal; nothing is ever cut off.

#include <string>
#include <vector>

#include "base/json.h"

namespace coppice::results {

enum class Format { kTable, kJson, kJsonl, kCsv, kMarkdown };

// Throws Error (kUsage) for an unknown word, with the valid ones.
Format FormatFromText(const std::string& word);

// Cells are JSON values: numbers, strings, null (an empty cell), or objects and arrays (written as
// compact JSON outside the JSON formats).
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Json>> rows;  // each as long as `columns`
};

// kTable and kMarkdown round numbers to `digits` significant ones; kCsv, kJson and kJsonl write the
// shortest text that reads back the same. kJson is an array of objects. Ends with a line end.
std::string Render(const Table& table, Format format, int digits = 5);

// A CSV field, quoted if it needs to be.
std::string CsvField(const std::string& text);

}  // namespace coppice::results
