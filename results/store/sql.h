#pragma once
// What a person asks a study's file in SQL (docs/store_format.md says of which tables and views).

#include <string>
#include <vector>

#include "base/json.h"

namespace coppice::results {

// Cells are numbers, texts and nulls; a blob is its bytes in hexadecimal.
struct SqlAnswer {
  std::vector<std::string> columns;
  std::vector<std::vector<Json>> rows;
};

// Answers one statement from one state of the study at `path`, beside its writer if there is one.
// Nothing can be changed, no other file opened. Throws Error: kUsage for what is not one statement
// of valid SQL or would do more than read, kStore as SqliteStore::OpenForReading.
SqlAnswer AnswerSql(const std::string& path, const std::string& sql);

// The tables and views of the study, each with its kind and columns.
SqlAnswer ListTables(const std::string& path);

}  // namespace coppice::results
