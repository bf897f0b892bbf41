// What a crash of the machine would leave: SQLite's files go through a layer that counts how often
// they are forced onto the disk.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>
#include <string>

#include "results/store/sqlite_store.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

// While it lives, new SQLite connections go through it. One at a time.
class SyncCounter {
 public:
  SyncCounter() : vfs_(*sqlite3_vfs_find(nullptr)) {
    original_ = sqlite3_vfs_find(nullptr);
    vfs_.zName = "counts-syncs";
    vfs_.xOpen = Open;
    current_ = this;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~SyncCounter() {
    sqlite3_vfs_register(original_, 1);
    sqlite3_vfs_unregister(&vfs_);
    current_ = nullptr;
  }
  SyncCounter(const SyncCounter&) = delete;
  SyncCounter& operator=(const SyncCounter&) = delete;

  // Of files whose name ends so.
  int CountOf(const std::string& suffix) const {
    int count = 0;
    for (const auto& [name, n] : counts_) {
      if (name.size() >= suffix.size() && name.ends_with(suffix)) count += n;
    }
    return count;
  }

 private:
  static int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    SyncCounter& self = *current_;
    const int code = self.original_->xOpen(self.original_, name, file, flags, out_flags);
    if (code != SQLITE_OK || file->pMethods == nullptr || name == nullptr) return code;
    self.originals_[file] = file->pMethods;
    self.names_[file] = name;
    sqlite3_io_methods& methods = self.methods_[file->pMethods];
    methods = *file->pMethods;
    methods.xSync = Sync;
    file->pMethods = &methods;
    return code;
  }

  static int Sync(sqlite3_file* file, int flags) {
    SyncCounter& self = *current_;
    ++self.counts_[self.names_[file]];
    return self.originals_[file]->xSync(file, flags);
  }

  inline static SyncCounter* current_ = nullptr;
  sqlite3_vfs* original_ = nullptr;
  sqlite3_vfs vfs_;
  std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods_;
  std::map<sqlite3_file*, const sqlite3_io_methods*> originals_;
  std::map<sqlite3_file*, std::string> names_;
  std::map<std::string, int> counts_;
};

TEST(SqliteStoreSync, ForcesEveryAppendOntoTheDiskBeforeItReturns) {
  const TempFolder folder;
  const SyncCounter counter;
  const auto store = SqliteStore::Create(folder.File("study.db"), SampleRecord());
  for (int k = 0; k < 3; ++k) {
    const int before = counter.CountOf("/study.db-wal");
    Append(*store, {Created(k), Started(k), Scored(k, 0.5)});
    EXPECT_GT(counter.CountOf("/study.db-wal"), before);
  }
}

TEST(SqliteStoreSync, ForcesANewStudyOntoTheDiskBeforeItHasItsName) {
  const TempFolder folder;
  const SyncCounter counter;
  SqliteStore::Create(folder.File("study.db"), SampleRecord());
  EXPECT_GT(counter.CountOf("/study.db.new"), 0);
}

}  // namespace
}  // namespace coppice::results
