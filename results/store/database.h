#pragma once
// SQLite with C++ lifetimes, and every failure as an Error (kStore) that names the file and says
// what to do.
//
//   Statement events(database, "SELECT kind FROM events WHERE trial = ?");
//   events.Bind(3);
//   while (events.Step()) use(events.Text(0));

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace coppice::results {

// A connection to one existing file. One thread at a time.
class Database {
 public:
  enum class Mode {
    kCreate,    // an empty file is made
    kWrite,     // the file exists and may be changed
    kRead,      // sees what a writer commits; needs the -wal and -shm files beside it
    kSnapshot,  // reads the file alone and makes none; right only while nobody writes to it
  };

  Database(std::string path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void Execute(const char* sql);
  // The first column of the first row.
  std::int64_t Number(const char* sql);
  std::string Text(const char* sql);

  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_; }

  // Throws for the last call that failed.
  [[noreturn]] void Fail() const;
  // Throws for content that SQLite can read but that cannot be ours.
  [[noreturn]] void FailDamaged(const std::string& what) const;

 private:
  std::string path_;
  sqlite3* handle_ = nullptr;
};

// A prepared statement; the database outlives it. Bind fills the parameters from left to right and
// Step begins anew after it has returned false.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& Bind(std::int64_t value);
  Statement& Bind(double value);  // not a number is stored as NULL
  Statement& Bind(std::string_view value);
  Statement& BindNull();
  template <typename T>
  Statement& Bind(const std::optional<T>& value) {
    return value ? Bind(*value) : BindNull();
  }

  // Whether there is a row; throws Error (kStore).
  bool Step();
  // For a statement without rows.
  void Run() {
    while (Step()) {
    }
  }

  // Of the current row; the text lives until the next Step.
  std::int64_t Integer(int column) const;
  double Real(int column) const;
  std::string_view Text(int column) const;
  bool IsNull(int column) const;

 private:
  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
  int n_bound_ = 0;
};

// Rolled back unless committed.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace coppice::results
