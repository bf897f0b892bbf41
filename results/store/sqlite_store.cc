#include "results/store/sqlite_store.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/json.h"
#include "results/store/database.h"
#include "results/store/rows.h"
#include "results/store/schema.h"
#include "results/store/study_file.h"
#include "results/store/wal_sync.h"

namespace coppice::results {
namespace {

using study::StudyEvent;
using study::TrialFinished;

static_assert(SqliteStore::kFormat == kNewestFormat);

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<StudyFile> file) : file_(std::move(file)) {
  file_->Read(ReadRecord);  // a damaged or foreign file shows at once
  CatchUp();
}

SqliteStore::~SqliteStore() = default;

std::unique_ptr<SqliteStore> SqliteStore::Create(const std::string& path,
                                                 const StudyRecord& record) {
  StudyFile::Create(path, [&](Database& database) { WriteRecord(database, record); });
  return OpenForWriting(path);
}

std::unique_ptr<SqliteStore> SqliteStore::OpenForWriting(const std::string& path,
                                                         Durability durability) {
  std::unique_ptr<SqliteStore> store(
      new SqliteStore(std::make_unique<StudyFile>(path, StudyFile::Use::kWrite)));
  if (durability == Durability::kGrouped) {
    store->file_->SyncLogOnlyBeforeCheckpoints();
    store->sync_ = std::make_unique<WalSync>(path);
  }
  return store;
}

std::unique_ptr<SqliteStore> SqliteStore::OpenForReading(const std::string& path) {
  return std::unique_ptr<SqliteStore>(
      new SqliteStore(std::make_unique<StudyFile>(path, StudyFile::Use::kRead)));
}

StudyRecord SqliteStore::RecordAt(const std::string& path) {
  return StudyFile(path, StudyFile::Use::kRead).Read(ReadRecord);
}

void SqliteStore::Append(std::span<const StudyEvent> events, double elapsed_seconds) {
  if (!file_->writable()) {
    throw Error(ErrorKind::kInternal, "a store that was opened for reading was appended to");
  }
  if (events.empty()) return;
  std::vector<study::Trial> changed = known_.fold.After(events);
  Database& database = file_->database();
  std::int64_t sequence = known_.last_sequence;
  if (writer_ == nullptr) writer_ = std::make_unique<EventWriter>(database);
  try {
    Transaction transaction(database, Transaction::Kind::kWrite);
    writer_->Begin();
    for (const StudyEvent& event : events) {
      writer_->WriteEvent(++sequence, elapsed_seconds, event);
    }
    for (const study::Trial& trial : changed) writer_->WriteTrial(trial);
    transaction.Commit();
  } catch (...) {
    writer_.reset();  // its statements may be half run
    throw;
  }
  if (sync_ != nullptr) sync_->Note();
  known_.fold.Apply(std::move(changed));
  known_.last_sequence = sequence;
  known_.elapsed_seconds = elapsed_seconds;
}

void SqliteStore::Sync() {
  if (sync_ != nullptr) sync_->Wait();
}

StudyRecord SqliteStore::study() const { return file_->Read(ReadRecord); }

const SqliteStore::Known& SqliteStore::CatchUp() const {
  return file_->Read([this](Database& database) {
    if (known_.generation != file_->generation()) known_ = Known{{}, 0, 0, file_->generation()};
    EventReader reader(database, known_.last_sequence);
    std::vector<StudyEvent> events;
    std::int64_t last = known_.last_sequence;
    double elapsed = known_.elapsed_seconds;
    while (std::optional<LoggedEvent> logged = reader.Next()) {
      last = logged->sequence;
      elapsed = logged->elapsed_seconds;
      events.push_back(std::move(logged->event));
    }
    try {
      known_.fold.Apply(known_.fold.After(events));
    } catch (const Error& error) {
      database.FailDamaged(fmt::format("its events contradict each other: {}", error.what()));
    }
    known_.last_sequence = last;
    known_.elapsed_seconds = elapsed;
    return std::cref(known_);
  });
}

std::vector<LoggedEvent> SqliteStore::Events() const {
  return file_->Read([](Database& database) {
    // One state of the file for both tables.
    const Transaction snapshot(database, Transaction::Kind::kRead);
    std::vector<LoggedEvent> events;
    EventReader reader(database, 0);
    CurveReader curves(database);
    while (std::optional<LoggedEvent> logged = reader.Next()) {
      if (auto* finished = std::get_if<TrialFinished>(&logged->event)) {
        finished->curves = curves.Of(logged->sequence, reader.n_curves());
      }
      events.push_back(std::move(*logged));
    }
    return events;
  });
}

std::vector<LoggedEvent> SqliteStore::EventsWithoutCurves() const {
  return file_->Read([](Database& database) {
    std::vector<LoggedEvent> events;
    EventReader reader(database, 0);
    while (std::optional<LoggedEvent> logged = reader.Next()) events.push_back(std::move(*logged));
    return events;
  });
}

std::vector<study::Trial> SqliteStore::Trials() const { return CatchUp().fold.trials(); }

std::vector<study::Curve> SqliteStore::Curves(study::TrialId trial) const {
  return file_->Read([trial](Database& database) {
    const Transaction snapshot(database, Transaction::Kind::kRead);
    Statement last(database,
                   "SELECT sequence, n_curves FROM events WHERE trial = ? AND kind = ? "
                   "ORDER BY sequence DESC LIMIT 1");
    const std::string kind = study::KindOf(TrialFinished{});
    last.Bind(std::int64_t{study::ToIndex(trial)}).Bind(kind);
    if (!last.Step()) return std::vector<study::Curve>();
    return CurveReader(database).Of(last.Integer(0), last.Integer(1));
  });
}

double SqliteStore::ElapsedSeconds() const { return CatchUp().elapsed_seconds; }

void SqliteStore::LimitPages(int pages) {
  file_->database().Execute(fmt::format("PRAGMA max_page_count = {}", pages).c_str());
}

}  // namespace coppice::results
