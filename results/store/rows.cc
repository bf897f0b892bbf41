#include "results/store/rows.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/json.h"
#include "results/store/row_content.h"
#include "results/store/row_text.h"

namespace coppice::results {
namespace {

using study::StudyEvent;
using study::TrialFinished;

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

StudyEvent EventOf(const Database& database, const EventRow& row) {
  const Json body = Json::parse(row.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded()) {
    database.FailDamaged(fmt::format("event `{}` is not JSON", row.sequence));
  }
  try {
    return study::EventFromJson(std::string(row.kind), body);
  } catch (Error& error) {
    error.AddNote(fmt::format("while reading event `{}` of `{}`", row.sequence, database.path()));
    throw;
  }
}

// Format 1 did not record it.
int DecisionsOf(Database& database) {
  if (database.Number("PRAGMA user_version") < 2) return 1;
  return static_cast<int>(database.Number("SELECT decisions FROM study"));
}

}  // namespace

void WriteRecord(Database& database, const StudyRecord& record) {
  const std::string spec = CompactText(record.resolved_spec);
  Statement row(database,
                "INSERT INTO study (id, name, resolved_spec, data_hash, spec_folder, program, "
                "created_at, checksum, decisions) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)");
  row.Bind(record.name)
      .Bind(spec)
      .Bind(record.data_hash)
      .Bind(record.spec_folder)
      .Bind(record.program)
      .Bind(record.created_at)
      .Bind(SumOf(record, spec))
      .Bind(std::int64_t{record.decisions});
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
  record.decisions = DecisionsOf(database);
  if (SumOf(record, row.Text(1)) != row.Text(6) || record.resolved_spec.is_discarded()) {
    database.FailDamaged("what it says of the study is not what was written");
  }
  return record;
}

EventWriter::EventWriter(Database& database)
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

void EventWriter::Begin() { finished_.clear(); }

void EventWriter::WriteEvent(std::int64_t sequence, double elapsed_seconds,
                             const StudyEvent& event) {
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

void EventWriter::WriteCurve(std::int64_t event, std::int64_t position, study::TrialId trial,
                             const study::Curve& curve) {
  const std::string points = PointsText(curve.values);
  const CurveRow row{event,        position, study::ToIndex(trial), curve.fold, curve.part,
                     curve.metric, points};
  curves_.Bind(row.event).Bind(row.position).Bind(row.trial).Bind(row.fold);
  curves_.Bind(row.part).Bind(row.metric).Bind(row.points).Bind(row.Sum());
  curves_.Run();
}

void EventWriter::WriteTrial(const study::Trial& trial) {
  trials_.Bind(std::int64_t{study::ToIndex(trial.id)}).Bind(study::ToText(trial.state));
  BindOutcome(trial);
  trials_.Bind(trial.origin).Bind(CompactText(trial.configuration.ToJson()));
  trials_.Bind(std::int64_t{trial.attempts});
  const auto finished = finished_.find(trial.id);
  trials_.Bind(finished == finished_.end() ? std::nullopt : std::optional(finished->second));
  trials_.Run();
}

// score, std_error, best_round, rounds, seconds, failure_kind, reason
void EventWriter::BindOutcome(const study::Trial& trial) {
  if (!trial.outcome) {
    for (int i = 0; i < 7; ++i) trials_.BindNull();
    return;
  }
  if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
    trials_.Bind(result->score).Bind(result->std_error);
    trials_.Bind(std::int64_t{result->best_round}).Bind(std::int64_t{result->rounds});
  } else {
    trials_.BindNull().BindNull().BindNull().BindNull();
  }
  trials_.Bind(trial.seconds);
  if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
    trials_.Bind(study::ToText(failed->kind));
  } else {
    trials_.BindNull();
  }
  const std::string reason = study::ReasonOf(*trial.outcome);
  if (reason.empty()) {
    trials_.BindNull();
  } else {
    trials_.Bind(reason);
  }
}

EventReader::EventReader(Database& database, std::int64_t after)
    : database_(database),
      last_(after),
      rows_(database,
            "SELECT sequence, elapsed_seconds, kind, trial, body, n_curves, checksum "
            "FROM events WHERE sequence > ? ORDER BY sequence") {
  rows_.Bind(after);
}

std::optional<LoggedEvent> EventReader::Next() {
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
  return LoggedEvent{row.sequence, row.elapsed_seconds, EventOf(database_, row)};
}

CurveReader::CurveReader(Database& database)
    : database_(database),
      rows_(database,
            "SELECT event, position, trial, fold, part, metric, points, checksum "
            "FROM curves WHERE event = ? ORDER BY position") {}

std::vector<study::Curve> CurveReader::Of(std::int64_t event, std::int64_t n_curves) {
  std::vector<study::Curve> curves;
  rows_.Bind(event);
  while (rows_.Step()) curves.push_back(CurveOfRow());
  if (static_cast<std::int64_t>(curves.size()) != n_curves) {
    database_.FailDamaged(fmt::format("event `{}` has `{}` curves where `{}` were written", event,
                                      curves.size(), n_curves));
  }
  return curves;
}

study::Curve CurveReader::CurveOfRow() const {
  const CurveRow row{rows_.Integer(0), rows_.Integer(1), rows_.Integer(2), rows_.Integer(3),
                     rows_.Text(4),    rows_.Text(5),    rows_.Text(6)};
  if (row.Sum() != rows_.Text(7)) {
    database_.FailDamaged(
        fmt::format("curve `{}` of event `{}` is not what was written", row.position, row.event));
  }
  return {static_cast<int>(row.fold), std::string(row.part), std::string(row.metric),
          PointsFromText(row.points)};
}

}  // namespace coppice::results
