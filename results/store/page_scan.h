#pragma once
// Records in the bytes of an SQLite file, found without its trees: each page is looked at by
// itself, so that damage elsewhere hides nothing. What is found may be wrong; the caller proves it.
//
// Source: "Database File Format", sqlite.org/fileformat2.html, sections 1.6 (pages and overflow), 2
// (records) and 4 (the log).

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coppice::results {

// Null, whole number, number, or text (a blob counts as one).
using FoundValue = std::variant<std::monostate, std::int64_t, double, std::string>;

struct FoundRecord {
  std::int64_t row_id = 0;
  std::vector<FoundValue> values;
};

// Calls `found` for everything in `database` (the main file) and `log` (the -wal file, or nothing)
// that can be read as a row of a table: first what was committed to the log last, then older. A row
// may come several times, and as what its pages were before. Bytes of any kind are fine.
void ScanPages(std::string_view database, std::string_view log,
               const std::function<void(const FoundRecord&)>& found);

}  // namespace coppice::results
