#include "results/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/error.h"

namespace coppice::results {
namespace {

// A commit holds the file for milliseconds, a checkpoint of a large study for seconds.
constexpr int kBusyTimeoutMilliseconds = 10000;

// A "file:" URI; all but the plainest characters are escaped, as `?` and `#` end a path there.
std::string SnapshotUri(const std::string& path) {
  std::string uri = "file://";
  for (const char c : std::filesystem::absolute(path).string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::strchr("/-._~", c) != nullptr;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

int OpenFlags(Database::Mode mode) {
  switch (mode) {
    case Database::Mode::kCreate:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Database::Mode::kWrite:
      return SQLITE_OPEN_READWRITE;
    case Database::Mode::kRead:
      return SQLITE_OPEN_READONLY;
    case Database::Mode::kSnapshot:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  }
  return 0;
}

struct Explanation {
  std::string message;
  std::string hint;
};

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string HintForDamage(const std::string& path) {
  return fmt::format(
      "put back a copy of the file, or `coppice repair {}` keeps what is whole, and "
      "`coppice resume` then makes the rest again",
      FolderOf(path));
}

Explanation ExplainDamage(const std::string& path, const std::string& what) {
  return {fmt::format("`{}` is damaged: {}", path, what), HintForDamage(path)};
}

Explanation ExplainFullDisk(const std::string& path) {
  return {fmt::format("the disk of `{}` is full", path),
          fmt::format("nothing that was recorded is lost: make room, then `coppice resume {}`",
                      FolderOf(path))};
}

Explanation Explain(const std::string& path, int code, const std::string& text, int system_error) {
  const std::string reason =
      system_error != 0 ? fmt::format("{} ({})", text, std::strerror(system_error)) : text;
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return ExplainFullDisk(path);
    case SQLITE_IOERR:
      if (system_error == ENOSPC || system_error == EDQUOT) return ExplainFullDisk(path);
      return {
          fmt::format("the disk failed under `{}`: {}", path, reason),
          fmt::format("nothing that was recorded is lost: see to the disk, then `coppice resume "
                      "{}`",
                      FolderOf(path))};
    case SQLITE_CORRUPT:
      return ExplainDamage(path, text);
    case SQLITE_NOTADB:
      return {fmt::format("`{}` is not a study, or its first bytes are damaged", path),
              "name a study's folder; or " + HintForDamage(path)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {fmt::format("`{}` is locked by another program", path),
              "close the program that keeps it open (a sqlite3 shell in a transaction, a backup)"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {fmt::format("`{}` may not be written to: {}", path, reason),
              "check the permissions of the study's folder"};
    case SQLITE_CANTOPEN:
      return {fmt::format("cannot open `{}`: {}", path, reason),
              "check the permissions of the study's folder; a study whose writer died can only be "
              "read where files may be made: copy the folder there"};
    case SQLITE_CONSTRAINT:
      return {fmt::format("`{}` was changed by another program: {}", path, text),
              "let only coppice write to a study"};
    default:
      return {fmt::format("cannot use `{}`: {}", path, reason), ""};
  }
}

[[noreturn]] void Throw(const std::string& path, int code, const std::string& text,
                        int system_error) {
  Explanation why = Explain(path, code, text, system_error);
  throw Error(ErrorKind::kStore, std::move(why.message), {}, std::move(why.hint));
}

}  // namespace

Database::Database(std::string path, Mode mode) : path_(std::move(path)) {
  const std::string name = mode == Mode::kSnapshot ? SnapshotUri(path_) : path_;
  const int code =
      sqlite3_open_v2(name.c_str(), &handle_,
                      OpenFlags(mode) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (code != SQLITE_OK) {
    const std::string text = sqlite3_errstr(code);
    const int system_error = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
    sqlite3_close(handle_);
    Throw(path_, code, text, system_error);
  }
  sqlite3_busy_timeout(handle_, kBusyTimeoutMilliseconds);
}

Database::~Database() { sqlite3_close(handle_); }

void Database::Fail() const {
  const int code = sqlite3_extended_errcode(handle_);
  // The system's number is of the last call that failed there, which need not be this one.
  const int kind = code & 0xFF;
  const bool of_system = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
  Throw(path_, code, sqlite3_errmsg(handle_), of_system ? sqlite3_system_errno(handle_) : 0);
}

void Database::FailDamaged(const std::string& what) const {
  Explanation why = ExplainDamage(path_, what);
  throw Error(ErrorKind::kStore, std::move(why.message), {}, std::move(why.hint));
}

void Database::Execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) Fail();
}

std::int64_t Database::Number(const char* sql) {
  Statement statement(*this, sql);
  if (!statement.Step()) FailDamaged(fmt::format("nothing answers `{}`", sql));
  return statement.Integer(0);
}

std::string Database::Text(const char* sql) {
  Statement statement(*this, sql);
  if (!statement.Step()) FailDamaged(fmt::format("nothing answers `{}`", sql));
  return std::string(statement.Text(0));
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  if (sqlite3_prepare_v2(database.handle(), sql, -1, &handle_, nullptr) != SQLITE_OK) {
    database.Fail();
  }
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::Bind(std::int64_t value) {
  if (sqlite3_bind_int64(handle_, ++n_bound_, value) != SQLITE_OK) database_.Fail();
  return *this;
}

Statement& Statement::Bind(double value) {
  if (sqlite3_bind_double(handle_, ++n_bound_, value) != SQLITE_OK) database_.Fail();
  return *this;
}

Statement& Statement::Bind(std::string_view value) {
  // A null pointer would be stored as NULL.
  const char* text = value.data() == nullptr ? "" : value.data();
  if (sqlite3_bind_text64(handle_, ++n_bound_, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK) {
    database_.Fail();
  }
  return *this;
}

Statement& Statement::BindNull() {
  if (sqlite3_bind_null(handle_, ++n_bound_) != SQLITE_OK) database_.Fail();
  return *this;
}

bool Statement::Step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.Fail();
  sqlite3_reset(handle_);
  n_bound_ = 0;
  return false;
}

std::int64_t Statement::Integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::Real(int column) const { return sqlite3_column_double(handle_, column); }

std::string_view Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  database.Execute(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // SQLite itself may have rolled back (a full disk); a second time is an error without meaning.
  if (open_ && sqlite3_get_autocommit(database_.handle()) == 0) {
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::Commit() {
  database_.Execute("COMMIT");
  open_ = false;
}

}  // namespace coppice::results
