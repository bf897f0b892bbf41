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

// kTable and kMarkdown round numbers to `digits` significant ones, but never the part before the
// point; kCsv, kJson and kJsonl write the shortest text that reads back the same. kJson is an array
// of objects, one a line. Ends with a line end (kJsonl without rows is empty).
//
// Numbers that JSON does not have are null in the JSON formats, and nan, inf and -inf elsewhere.
// Line ends and control characters in a cell are written as escapes (\n, \x1b) in kTable and
// kMarkdown, so that a row is one line and no cell can steer a terminal.
std::string Render(const Table& table, Format format, int digits = 5);

// A CSV field, quoted if it needs to be (RFC 4180).
std::string CsvField(const std::string& text);

}  // namespace coppice::results
