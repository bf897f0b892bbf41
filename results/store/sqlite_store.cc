#include "results/store/sqlite_store.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/json.h"
#include "results/store/database.h"
#include "results/store/row_text.h"
#include "results/store/schema.h"
#include "results/store/study_file.h"

namespace coppice::results {
namespace {

using study::StudyEvent;
using study::TrialFinished;

static_assert(SqliteStore::kFormat == kNewestFormat);

std::optional<std::int64_t> TrialNumberOf(const StudyEvent& event) {
  const std::optional<study::TrialId> trial = study::TrialOf(event);
  if (!trial) return std::nullopt;
  return study::ToIndex(*trial);
}

// Curves are written once, in their own table.
Json BodyOf(const StudyEvent& event) {
  const auto* finished = std::get_if<TrialFinished>(&event);
  if (finished == nullptr) return study::ToJson(event);
  return study::ToJson(
      StudyEvent(TrialFinished{finished->trial, finished->outcome, {}, finished->seconds}));
}

std::string NumberText(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

// What an event's row says, apart from its checksum.
struct EventRow {
  std::int64_t sequence = 0;
  double elapsed_seconds = 0;
  std::string_view kind;
  std::optional<std::int64_t> trial;
  std::string_view body;
  std::int64_t n_curves = 0;

  std::string Sum() const {
    return Checksum({std::to_string(sequence), BitsText(elapsed_seconds), kind, NumberText(trial),
                     body, std::to_string(n_curves)});
  }
};

struct CurveRow {
  std::int64_t event = 0;
  std::int64_t position = 0;
  std::int64_t trial = 0;
  std::int64_t fold = 0;
  std::string_view part;
  std::string_view metric;
  std::string_view points;

  std::string Sum() const {
    return Checksum({std::to_string(event), std::to_string(position), std::to_string(trial),
                     std::to_string(fold), part, metric, points});
  }
};

// Writes the events of one Append. Statements are compiled once for all of them.
class EventWriter {
 public:
  explicit EventWriter(Database& database)
      : events_(database, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"),
        curves_(database, "INSERT INTO curves VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
        trials_(database,
                "INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (trial) DO UPDATE SET state = excluded.state, score = excluded.score, "
                "std_error = excluded.std_error, best_round = excluded.best_round, "
                "rounds = excluded.rounds, seconds = excluded.seconds, "
                "failure_kind = excluded.failure_kind, reason = excluded.reason, "
                "attempts = excluded.attempts, "
                "finished_event = coalesce(excluded.finished_event, finished_event)") {}

  void WriteEvent(std::int64_t sequence, double elapsed_seconds, const StudyEvent& event) {
    const std::string kind = study::KindOf(event);
    const std::string body = CompactText(BodyOf(event));
    EventRow row{sequence, elapsed_seconds, kind, TrialNumberOf(event), body, 0};
    const auto* finished = std::get_if<TrialFinished>(&event);
    if (finished != nullptr) row.n_curves = static_cast<std::int64_t>(finished->curves.size());
    events_.Bind(row.sequence).Bind(row.elapsed_seconds).Bind(row.kind).Bind(row.trial);
    events_.Bind(row.body).Bind(row.n_curves).Bind(row.Sum());
    events_.Run();
    if (finished == nullptr) return;
    finished_[finished->trial] = sequence;
    for (std::size_t i = 0; i < finished->curves.size(); ++i) {
      WriteCurve(sequence, static_cast<std::int64_t>(i), finished->trial, finished->curves[i]);
    }
  }

  void WriteTrial(const study::Trial& trial) {
    const auto* completed =
        trial.outcome ? std::get_if<study::Completed>(&*trial.outcome) : nullptr;
    trials_.Bind(std::int64_t{study::ToIndex(trial.id)}).Bind(study::ToText(trial.state));
    if (completed != nullptr) {
      trials_.Bind(completed->score).Bind(completed->std_error);
      trials_.Bind(std::int64_t{completed->best_round}).Bind(std::int64_t{completed->rounds});
    } else {
      trials_.BindNull().BindNull().BindNull().BindNull();
    }
    trials_.Bind(trial.outcome ? std::optional(trial.seconds) : std::nullopt);
    BindReason(trial);
    trials_.Bind(trial.origin)
        .Bind(CompactText(trial.configuration.ToJson()))
        .Bind(std::int64_t{trial.attempts});
    const auto finished = finished_.find(trial.id);
    trials_.Bind(finished == finished_.end() ? std::nullopt : std::optional(finished->second));
    trials_.Run();
  }

 private:
  void WriteCurve(std::int64_t event, std::int64_t position, study::TrialId trial,
                  const study::Curve& curve) {
    const std::string points = PointsText(curve.values);
    const CurveRow row{event,        position, study::ToIndex(trial), curve.fold, curve.part,
                       curve.metric, points};
    curves_.Bind(row.event).Bind(row.position).Bind(row.trial).Bind(row.fold);
    curves_.Bind(row.part).Bind(row.metric).Bind(row.points).Bind(row.Sum());
    curves_.Run();
  }

  void BindReason(const study::Trial& trial) {
    std::optional<std::string_view> reason;
    std::string kind;
    if (trial.outcome) {
      if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
        kind = study::ToText(failed->kind);
        reason = failed->reason;
      } else if (const auto* cancelled = std::get_if<study::Cancelled>(&*trial.outcome)) {
        reason = cancelled->reason;
      }
    }
    trials_.Bind(kind.empty() ? std::nullopt : std::optional<std::string_view>(kind)).Bind(reason);
  }

  Statement events_;
  Statement curves_;
  Statement trials_;
  std::map<study::TrialId, std::int64_t> finished_;  // the last of the batch
};

// Reads the log's rows and proves each one.
class EventReader {
 public:
  EventReader(Database& database, std::int64_t after)
      : database_(database),
        last_(after),
        rows_(database,
              "SELECT sequence, elapsed_seconds, kind, trial, body, n_curves, checksum "
              "FROM events WHERE sequence > ? ORDER BY sequence") {
    rows_.Bind(after);
  }

  // The next event, without its curves; nothing at the end.
  std::optional<LoggedEvent> Next() {
    if (!rows_.Step()) return std::nullopt;
    const EventRow row{
        rows_.Integer(0), rows_.Real(1),
        rows_.Text(2),    rows_.IsNull(3) ? std::nullopt : std::optional(rows_.Integer(3)),
        rows_.Text(4),    rows_.Integer(5)};
    if (row.sequence != last_ + 1) {
      database_.FailDamaged(fmt::format("event `{}` is missing", last_ + 1));
    }
    if (row.Sum() != rows_.Text(6)) {
      database_.FailDamaged(fmt::format("event `{}` is not what was written", row.sequence));
    }
    last_ = row.sequence;
    n_curves_ = row.n_curves;
    return LoggedEvent{row.sequence, row.elapsed_seconds, EventOf(row)};
  }

  // Of the event that Next gave last.
  std::int64_t n_curves() const { return n_curves_; }

 private:
  StudyEvent EventOf(const EventRow& row) {
    const Json body = Json::parse(row.body, nullptr, /*allow_exceptions=*/false);
    if (body.is_discarded()) {
      database_.FailDamaged(fmt::format("event `{}` is not JSON", row.sequence));
    }
    try {
      return study::EventFromJson(std::string(row.kind), body);
    } catch (Error& error) {
      error.AddNote(
          fmt::format("while reading event `{}` of `{}`", row.sequence, database_.path()));
      throw;
    }
  }

  Database& database_;
  std::int64_t last_;
  std::int64_t n_curves_ = 0;
  Statement rows_;
};

// The curves of one event, proven.
class CurveReader {
 public:
  explicit CurveReader(Database& database)
      : database_(database),
        rows_(database,
              "SELECT event, position, trial, fold, part, metric, points, checksum "
              "FROM curves WHERE event = ? ORDER BY position") {}

  std::vector<study::Curve> Of(std::int64_t event, std::int64_t n_curves) {
    std::vector<study::Curve> curves;
    rows_.Bind(event);
    while (rows_.Step()) curves.push_back(CurveOfRow());
    if (static_cast<std::int64_t>(curves.size()) != n_curves) {
      database_.FailDamaged(fmt::format("event `{}` has `{}` curves where `{}` were written", event,
                                        curves.size(), n_curves));
    }
    return curves;
  }

 private:
  study::Curve CurveOfRow() {
    const CurveRow row{rows_.Integer(0), rows_.Integer(1), rows_.Integer(2), rows_.Integer(3),
                       rows_.Text(4),    rows_.Text(5),    rows_.Text(6)};
    if (row.Sum() != rows_.Text(7)) {
      database_.FailDamaged(
          fmt::format("curve `{}` of event `{}` is not what was written", row.position, row.event));
    }
    return {static_cast<int>(row.fold), std::string(row.part), std::string(row.metric),
            PointsFromText(row.points)};
  }

  Database& database_;
  Statement rows_;
};

std::string SumOf(const StudyRecord& record, std::string_view spec) {
  return Checksum({record.name, spec, record.data_hash, record.spec_folder, record.program,
                   BitsText(record.created_at)});
}

void WriteRecord(Database& database, const StudyRecord& record) {
  const std::string spec = CompactText(record.resolved_spec);
  Statement row(database, "INSERT INTO study VALUES (1, ?, ?, ?, ?, ?, ?, ?)");
  row.Bind(record.name)
      .Bind(spec)
      .Bind(record.data_hash)
      .Bind(record.spec_folder)
      .Bind(record.program)
      .Bind(record.created_at)
      .Bind(SumOf(record, spec));
  row.Run();
}

StudyRecord ReadRecord(Database& database) {
  Statement row(database,
                "SELECT name, resolved_spec, data_hash, spec_folder, program, created_at, checksum "
                "FROM study");
  if (!row.Step()) database.FailDamaged("it does not say which study it is");
  StudyRecord record;
  record.name = row.Text(0);
  record.resolved_spec = Json::parse(row.Text(1), nullptr, /*allow_exceptions=*/false);
  record.data_hash = row.Text(2);
  record.spec_folder = row.Text(3);
  record.program = row.Text(4);
  record.created_at = row.Real(5);
  if (SumOf(record, row.Text(1)) != row.Text(6) || record.resolved_spec.is_discarded()) {
    database.FailDamaged("what it says of the study is not what was written");
  }
  return record;
}

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

std::unique_ptr<SqliteStore> SqliteStore::OpenForWriting(const std::string& path) {
  return std::unique_ptr<SqliteStore>(
      new SqliteStore(std::make_unique<StudyFile>(path, StudyFile::Use::kWrite)));
}

std::unique_ptr<SqliteStore> SqliteStore::OpenForReading(const std::string& path) {
  return std::unique_ptr<SqliteStore>(
      new SqliteStore(std::make_unique<StudyFile>(path, StudyFile::Use::kRead)));
}

void SqliteStore::Append(std::span<const StudyEvent> events, double elapsed_seconds) {
  if (!file_->writable()) {
    throw Error(ErrorKind::kInternal, "a store that was opened for reading was appended to");
  }
  if (events.empty()) return;
  std::vector<study::Trial> changed = known_.fold.After(events);
  Database& database = file_->database();
  std::int64_t sequence = known_.last_sequence;
  {
    Transaction transaction(database, Transaction::Kind::kWrite);
    EventWriter writer(database);
    for (const StudyEvent& event : events) writer.WriteEvent(++sequence, elapsed_seconds, event);
    for (const study::Trial& trial : changed) writer.WriteTrial(trial);
    transaction.Commit();
  }
  known_.fold.Apply(std::move(changed));
  known_.last_sequence = sequence;
  known_.elapsed_seconds = elapsed_seconds;
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
