#pragma once
// What a person sees who opens a study's file with another program.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

namespace coppice::results {

// Runs SQL as the sqlite3 shell would; one text a row, its columns joined by '|'; a failure is a
// row that begins with "error: ".
inline std::vector<std::string> Query(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  std::vector<std::string> rows;
  const auto take = [](void* to, int n, char** values, char**) {
    std::string row;
    for (int i = 0; i < n; ++i) {
      if (i > 0) row += '|';
      row += values[i] == nullptr ? "" : values[i];
    }
    static_cast<std::vector<std::string>*>(to)->push_back(row);
    return 0;
  };
  if (sqlite3_exec(database, sql.c_str(), take, &rows, nullptr) != SQLITE_OK) {
    rows.push_back(std::string("error: ") + sqlite3_errmsg(database));
  }
  sqlite3_close(database);
  return rows;
}

}  // namespace coppice::results
