#include "results/store/sql.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <string_view>

#include "base/error.h"
#include "results/store/database.h"
#include "results/store/study_file.h"

namespace coppice::results {
namespace {

constexpr const char* kSqlHint =
    "`coppice sql STUDY` lists the tables and views; docs/store_format.md explains them";

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using OwnedStatement = std::unique_ptr<sqlite3_stmt, Finalizer>;

// Reading alone is allowed. What the authorizer refuses fails when the statement is compiled.
int Authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    // What SQLite does by itself to know the columns of a table that is a function. A statement
    // that does it is not one that only reads, and is refused as that.
    case SQLITE_UPDATE:
      return first != nullptr && std::string_view(first) == "sqlite_master" ? SQLITE_OK
                                                                            : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY
                                                                               : SQLITE_OK;
    case SQLITE_PRAGMA: {
      const std::string_view name = first == nullptr ? "" : first;
      for (const char* reading :
           {"table_info", "table_xinfo", "table_list", "index_list", "index_info"}) {
        if (name == reading) return SQLITE_OK;
      }
      const bool asks = second == nullptr && (name == "user_version" || name == "application_id");
      return asks ? SQLITE_OK : SQLITE_DENY;
    }
    default:
      return SQLITE_DENY;
  }
}

[[noreturn]] void FailWriting() {
  throw Error(ErrorKind::kUsage, "the statement would do more than read the study", {},
              "a study is only changed by its commands; `SELECT ...` asks it");
}

// Bad SQL is the user's; a bad file is the store's.
[[noreturn]] void FailSql(const Database& database, int code) {
  // A function that is refused is an error of another code.
  const std::string_view text = sqlite3_errmsg(database.handle());
  if ((code & 0xFF) == SQLITE_AUTH || text.starts_with("not authorized")) FailWriting();
  if ((code & 0xFF) != SQLITE_ERROR && (code & 0xFF) != SQLITE_TOOBIG &&
      (code & 0xFF) != SQLITE_MISMATCH) {
    database.Fail();
  }
  throw Error(ErrorKind::kUsage, fmt::format("SQLite says: {}", sqlite3_errmsg(database.handle())),
              {}, kSqlHint);
}

OwnedStatement Compile(const Database& database, std::string_view sql, std::string_view* rest) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, &tail);
  if (code != SQLITE_OK) FailSql(database, code);
  *rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  return OwnedStatement(statement);
}

// The one statement of `sql`; blanks and comments may stand around it.
OwnedStatement CompileOne(const Database& database, std::string_view sql) {
  OwnedStatement found;
  std::string_view rest = sql;
  while (!rest.empty()) {
    OwnedStatement next = Compile(database, rest, &rest);
    if (next == nullptr) continue;
    if (sqlite3_stmt_readonly(next.get()) == 0) FailWriting();
    if (found != nullptr) {
      throw Error(ErrorKind::kUsage, "there is more than one statement", {},
                  "ask them one after another");
    }
    found = std::move(next);
  }
  if (found == nullptr) {
    throw Error(ErrorKind::kUsage, "there is no statement in the SQL", {}, kSqlHint);
  }
  return found;
}

std::string Hexadecimal(sqlite3_stmt* row, int column) {
  const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(row, column));
  std::string text;
  for (int i = 0; i < sqlite3_column_bytes(row, column); ++i)
    text += fmt::format("{:02x}", bytes[i]);
  return text;
}

Json CellOf(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(row, column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(row, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
      return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
    }
    case SQLITE_BLOB:
      return Hexadecimal(row, column);
    default:
      return nullptr;
  }
}

SqlAnswer AnswerOn(Database& database, std::string_view sql) {
  sqlite3_set_authorizer(database.handle(), Authorize, nullptr);
  const OwnedStatement statement = CompileOne(database, sql);
  SqlAnswer answer;
  const int n_columns = sqlite3_column_count(statement.get());
  for (int i = 0; i < n_columns; ++i) {
    answer.columns.emplace_back(sqlite3_column_name(statement.get(), i));
  }
  for (;;) {
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return answer;
    if (code != SQLITE_ROW) FailSql(database, code);
    std::vector<Json>& row = answer.rows.emplace_back();
    for (int i = 0; i < n_columns; ++i) row.push_back(CellOf(statement.get(), i));
  }
}

}  // namespace

SqlAnswer AnswerSql(const std::string& path, const std::string& sql) {
  StudyFile file(path, StudyFile::Use::kRead);
  return file.Read([&](Database& database) {
    SqlAnswer answer = AnswerOn(database, sql);
    sqlite3_set_authorizer(database.handle(), nullptr, nullptr);
    return answer;
  });
}

SqlAnswer ListTables(const std::string& path) {
  return AnswerSql(
      path,
      "SELECT m.name, m.type AS kind, group_concat(c.name, ', ') AS columns "
      "FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c "
      "WHERE m.type IN ('table', 'view') GROUP BY m.name ORDER BY m.type DESC, m.name");
}

}  // namespace coppice::results
