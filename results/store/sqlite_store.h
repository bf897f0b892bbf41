#pragma once
// TrialStore in one SQLite file (docs/store_format.md describes its tables and views).
//
// WAL mode; every Append is one transaction and is on the disk when it returns.

#include <memory>
#include <string>

#include "results/store/trial_store.h"

struct sqlite3;

namespace coppice::results {

class SqliteStore : public TrialStore {
 public:
  // The version of the tables that this program writes.
  static constexpr int kFormat = 1;

  // Makes a new file; throws Error (kStore) when there is one.
  static std::unique_ptr<SqliteStore> Create(const std::string& path, const StudyRecord& record);
  // Throws Error (kStore): no such file, not a study, damaged, or of a newer format (named).
  static std::unique_ptr<SqliteStore> OpenForWriting(const std::string& path);
  // Works beside a writer and in a folder that may not be written to.
  static std::unique_ptr<SqliteStore> OpenForReading(const std::string& path);

  ~SqliteStore() override;

  void Append(std::span<const study::StudyEvent> events, double elapsed_seconds) override;
  StudyRecord study() const override;
  std::vector<LoggedEvent> Events() const override;
  std::vector<study::Trial> Trials() const override;
  std::vector<study::Curve> Curves(study::TrialId trial) const override;
  double ElapsedSeconds() const override;

  // At most so many pages may be used, as if the disk ended there; for tests.
  void LimitPages(int pages);

 private:
  explicit SqliteStore(sqlite3* database);
  sqlite3* database_;
};

}  // namespace coppice::results
