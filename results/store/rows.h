#pragma once
// The rows of a study's tables: how they are written, and how they are read back and proven against
// their checksums. A row that is not what was written is an Error (kStore) that names it.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "results/store/database.h"
#include "results/store/trial_store.h"
#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::results {

void WriteRecord(Database& database, const StudyRecord& record);
StudyRecord ReadRecord(Database& database);

// Writes the rows of Appends, each within a transaction of the caller's. Statements are compiled
// once for all of them. One thread at a time.
class EventWriter {
 public:
  explicit EventWriter(Database& database);

  // Before the events of an Append.
  void Begin();
  // The event, and the curves that it carries.
  void WriteEvent(std::int64_t sequence, double elapsed_seconds, const study::StudyEvent& event);
  // The trial as it is after all events of the Append, which have been written.
  void WriteTrial(const study::Trial& trial);

 private:
  void WriteCurve(std::int64_t event, std::int64_t position, study::TrialId trial,
                  const study::Curve& curve);
  void BindOutcome(const study::Trial& trial);

  Statement events_;
  Statement curves_;
  Statement trials_;
  std::map<study::TrialId, std::int64_t> finished_;  // the last of this Append
};

// Reads the log in order. One thread at a time.
class EventReader {
 public:
  // Begins with event `after` + 1.
  EventReader(Database& database, std::int64_t after);

  // The next event, without its curves; nothing at the end.
  std::optional<LoggedEvent> Next();
  // Of the event that Next gave last.
  std::int64_t n_curves() const { return n_curves_; }

 private:
  Database& database_;
  std::int64_t last_;
  std::int64_t n_curves_ = 0;
  Statement rows_;
};

// One thread at a time.
class CurveReader {
 public:
  explicit CurveReader(Database& database);

  // Of one event, of which the log says that it has `n_curves`.
  std::vector<study::Curve> Of(std::int64_t event, std::int64_t n_curves);

 private:
  study::Curve CurveOfRow() const;

  Database& database_;
  Statement rows_;
};

}  // namespace coppice::results
