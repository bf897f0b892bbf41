#include "results/store/study_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "results/store/schema.h"

namespace coppice::results {
namespace {

// At the end a reader may hold an old state of the file; the -wal file then stays, which is right
// as well, so that waiting long is not worth it.
constexpr int kCloseTimeoutMilliseconds = 1000;

// A checkpoint waits for the disk twice: once in about 500 trials, for a log of 16 MB.
constexpr int kCheckpointPages = 4000;

constexpr std::array<const char*, 3> kCompanions = {"-wal", "-shm", "-journal"};

// A log of a file that is gone would be replayed into the new one.
void RemoveCompanions(const std::string& path) {
  for (const char* suffix : kCompanions) ::unlink((path + suffix).c_str());
}

void WriteWhole(const std::string& path, const std::function<void(Database&)>& fill) {
  Database database(path, Database::Mode::kCreate);
  database.Execute("PRAGMA synchronous = FULL");
  Transaction transaction(database, Transaction::Kind::kWrite);
  MakeTables(database);
  fill(database);
  transaction.Commit();
}

// Of a file without a log beside it. SQLite itself takes a last page that lacks its end for zeros.
void CheckLength(Database& database, std::int64_t size_bytes) {
  const std::int64_t expected =
      database.Number("PRAGMA page_count") * database.Number("PRAGMA page_size");
  if (size_bytes < expected) {
    database.FailDamaged(
        fmt::format("it has `{}` bytes where `{}` were written", size_bytes, expected));
  }
}

}  // namespace

void SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

void StudyFile::Create(const std::string& path, const std::function<void(Database&)>& fill) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) == 0) {
    throw Error(ErrorKind::kStore, fmt::format("there is a study at `{}` already", path), {},
                "continue it with `coppice resume`, or give the new one another name");
  }
  const std::string unfinished = path + ".new";
  ::unlink(unfinished.c_str());
  RemoveCompanions(unfinished);
  RemoveCompanions(path);
  try {
    WriteWhole(unfinished, fill);
    if (::rename(unfinished.c_str(), path.c_str()) != 0) {
      throw Error(ErrorKind::kStore,
                  fmt::format("cannot make `{}`: {}", path, std::strerror(errno)), {},
                  "check the permissions of the study's folder");
    }
  } catch (...) {
    ::unlink(unfinished.c_str());
    RemoveCompanions(unfinished);
    throw;
  }
  SyncFolderOf(path);
}

StudyFile::StudyFile(std::string path, Use use) : path_(std::move(path)), use_(use) {
  if (use_ == Use::kWrite) {
    OpenWriter();
  } else {
    OpenReader();
  }
}

StudyFile::~StudyFile() {
  if (use_ != Use::kWrite || database_ == nullptr) return;
  // Closing the last connection does this too, but there may be readers. A failure loses nothing:
  // the next one that opens the file does it again.
  sqlite3* handle = database_->handle();
  sqlite3_busy_timeout(handle, kCloseTimeoutMilliseconds);
  sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

StudyFile::Stamp StudyFile::StampOf(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    const int code = errno;
    const bool missing = code == ENOENT || code == ENOTDIR;
    throw Error(ErrorKind::kStore,
                missing ? fmt::format("there is no study at `{}`", path)
                        : fmt::format("cannot open `{}`: {}", path, std::strerror(code)),
                {}, "check the study's name and --store; `coppice status` lists the studies");
  }
  if (!S_ISREG(about.st_mode)) {
    throw Error(ErrorKind::kStore, fmt::format("`{}` is not a file", path), {},
                "name a study or its folder");
  }
  struct stat mended {};
  if (::stat(MendedFile(path).c_str(), &mended) == 0) {
    throw Error(ErrorKind::kStore, fmt::format("the repair of `{}` was interrupted", path), {},
                fmt::format("`coppice repair {}` finishes it",
                            std::filesystem::path(path).parent_path().string()));
  }
  struct stat wal {};
  const bool has_wal = ::stat((path + "-wal").c_str(), &wal) == 0;
  return {about.st_ino, about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec,
          has_wal ? wal.st_size : 0};
}

void StudyFile::OpenWriter() {
  const Stamp stamp = StampOf(path_);
  database_ = std::make_unique<Database>(path_, Database::Mode::kWrite);
  Database& database = *database_;
  CheckedFormat(database);
  if (stamp.wal_bytes == 0) CheckLength(database, stamp.size_bytes);
  if (sqlite3_db_readonly(database.handle(), "main") == 1) {
    throw Error(ErrorKind::kStore, fmt::format("`{}` may not be written to", path_), {},
                "check the permissions of the file and its folder");
  }
  const bool was_wal = database.Text("PRAGMA journal_mode") == "wal";
  if (database.Text("PRAGMA journal_mode = WAL") != "wal") {
    throw Error(
        ErrorKind::kStore,
        fmt::format("the file system of `{}` has no shared memory, which the store needs", path_),
        {}, "choose a folder on a local disk, with --store");
  }
  // The journal of the change is gone before there is a log: after a loss of power it would be
  // played back over what came later.
  if (!was_wal) SyncFolderOf(path_);
  database.Execute("PRAGMA synchronous = FULL");
  // Writing into a damaged tree of pages would spread the damage.
  const std::string verdict = database.Text("PRAGMA quick_check(1)");
  if (verdict != "ok") database.FailDamaged(verdict);
  Migrate(database);
}

void StudyFile::SyncLogOnlyBeforeCheckpoints() {
  database_->Execute("PRAGMA synchronous = NORMAL");
  database_->Execute(fmt::format("PRAGMA wal_autocheckpoint = {}", kCheckpointPages).c_str());
}

void StudyFile::OpenReader() {
  for (;;) {
    const Stamp stamp = StampOf(path_);
    const bool alone = stamp.wal_bytes == 0;
    try {
      database_ = std::make_unique<Database>(
          path_, alone ? Database::Mode::kSnapshot : Database::Mode::kRead);
      CheckedFormat(*database_);
      if (alone) CheckLength(*database_, stamp.size_bytes);
      if (StampOf(path_) == stamp || !alone) {
        alone_ = alone ? std::optional(stamp) : std::nullopt;
        ++generation_;
        return;
      }
    } catch (const Error&) {
      if (StampOf(path_) == stamp) throw;
    }
  }
}

bool StudyFile::ReopenIfChanged() {
  if (!alone_ || StampOf(path_) == *alone_) return false;
  OpenReader();
  return true;
}

}  // namespace coppice::results
