#pragma once
// The SQLite file of a study, opened in the way that suits its use and its folder.
//
// A reader has two ways. Beside a writer (there is a -wal file with content) it joins SQLite's
// shared memory. Otherwise the main file is complete, and it is read alone: that needs no rights on
// the folder and leaves nothing there. Should a writer come meanwhile, the file's stamp tells, the
// reader opens anew and asks again.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "results/store/database.h"

namespace coppice::results {

// Without it a crash of the machine could undo a renaming beside `path`. Some file systems cannot
// sync a folder; the renaming itself has happened.
void SyncFolderOf(const std::string& path);

// One thread at a time.
class StudyFile {
 public:
  enum class Use { kWrite, kRead };

  // Makes the file with what `fill` writes in one transaction; it is there whole or not at all.
  // Throws Error (kStore) when there is one already.
  static void Create(const std::string& path, const std::function<void(Database&)>& fill);

  // A whole file that is about to take the place of the damaged one at `path`. Where it is found,
  // the repair was interrupted, and the study is neither read nor written until it has ended.
  static std::string MendedFile(const std::string& path) { return path + ".mended"; }

  // Throws Error (kStore): no such file, not a study, damaged, of a newer format, not writable. A
  // writer brings a file of an older format up to date; a reader reads it as it is.
  StudyFile(std::string path, Use use);
  // A writer moves all content into the main file, so that no -wal and -shm stay.
  ~StudyFile();
  StudyFile(const StudyFile&) = delete;
  StudyFile& operator=(const StudyFile&) = delete;

  // From now on a commit reaches the disk when its log does: somebody else syncs `path`-wal.
  // Whatever is lost then, a beginning of the commits is left.
  void SyncLogOnlyBeforeCheckpoints();

  // For Append; readers go through Read.
  Database& database() { return *database_; }
  bool writable() const { return use_ == Use::kWrite; }

  // Counts how often the file was opened anew: what was learned under another number is void.
  int generation() const { return generation_; }

  // What `query(database)` returns on a file that nobody changed in place meanwhile; it may be
  // called more than once.
  template <typename Query>
  auto Read(Query query) {
    for (;;) {
      try {
        auto result = query(*database_);
        if (!ReopenIfChanged()) return result;
      } catch (const Error&) {
        if (!ReopenIfChanged()) throw;
      }
    }
  }

 private:
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t size_bytes = 0;
    std::int64_t changed_seconds = 0;
    std::int64_t changed_nanoseconds = 0;
    std::int64_t wal_bytes = 0;
    bool operator==(const Stamp&) const = default;
  };

  static Stamp StampOf(const std::string& path);
  void OpenWriter();
  void OpenReader();
  bool ReopenIfChanged();

  const std::string path_;
  const Use use_;
  std::unique_ptr<Database> database_;
  std::optional<Stamp> alone_;  // set while the file is read alone
  int generation_ = 0;
};

}  // namespace coppice::results
