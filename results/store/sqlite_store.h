#pragma once
// TrialStore in one SQLite file (docs/store_format.md describes its tables and views).
//
// WAL mode; every Append is one transaction, which other processes see when it returns. Every row
// that is read back is checked against its checksum. Every failure of the file is an Error (kStore)
// that names it and says what to do; nothing of an Append that failed is in the file.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "results/store/trial_fold.h"
#include "results/store/trial_store.h"

namespace coppice::results {

class EventWriter;
class StudyFile;
class WalSync;

// When an Append is safe from the loss of power. The death of the process alone never undoes one.
enum class Durability {
  kEachAppend,  // when it returns: for who shows trials to another program
  // Soon after: a thread syncs what has come together meanwhile, some 50 times a second at most, so
  // that the run waits for no disk. Power that fails takes the last moments of the log; a study in
  // the deterministic order makes them again as they were.
  kGrouped,
};

// One thread at a time; any number of processes may read.
class SqliteStore : public TrialStore {
 public:
  // The version of the tables that this program writes.
  static constexpr int kFormat = 3;

  // Makes a new file, whole or not at all, and opens it for writing; throws Error (kStore) when
  // there is one. The caller holds the folder's Lease.
  static std::unique_ptr<SqliteStore> Create(const std::string& path, const StudyRecord& record);
  // Throws Error (kStore): no such file, not a study, damaged, or of a newer format (named). Reads
  // the whole file once to find damage. The caller holds the folder's Lease.
  static std::unique_ptr<SqliteStore> OpenForWriting(
      const std::string& path, Durability durability = Durability::kEachAppend);
  // Works beside a writer and in a folder that may not be written to, and makes no file there;
  // every query sees what had been appended when it was asked. Append throws (kInternal).
  static std::unique_ptr<SqliteStore> OpenForReading(const std::string& path);

  // What the study at `path` is; its log is not read. Throws as OpenForReading.
  static StudyRecord RecordAt(const std::string& path);

  // A writer moves all content into the one file: no -wal and -shm stay, unless a reader in another
  // process still uses them.
  ~SqliteStore() override;

  void Append(std::span<const study::StudyEvent> events, double elapsed_seconds) override;
  void Sync() override;
  StudyRecord study() const override;
  std::vector<LoggedEvent> Events() const override;
  std::vector<LoggedEvent> EventsWithoutCurves() const override;
  std::vector<study::Trial> Trials() const override;
  std::vector<study::Curve> Curves(study::TrialId trial) const override;
  double ElapsedSeconds() const override;

  // At most so many pages may be used, as if the disk ended there; for tests.
  void LimitPages(int pages);

 private:
  // What is known of the log: a cache, brought up to date by CatchUp.
  struct Known {
    TrialFold fold;
    std::int64_t last_sequence = 0;
    double elapsed_seconds = 0;
    int generation = 0;  // of the file
  };

  explicit SqliteStore(std::unique_ptr<StudyFile> file);
  const Known& CatchUp() const;

  std::unique_ptr<StudyFile> file_;
  std::unique_ptr<EventWriter> writer_;  // made by the first Append
  std::unique_ptr<WalSync> sync_;        // of kGrouped
  mutable Known known_;
};

}  // namespace coppice::results
