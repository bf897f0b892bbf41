#include "results/store/salvage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <span>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "results/store/page_scan.h"
#include "results/store/row_content.h"
#include "results/store/row_text.h"
#include "results/store/schema.h"
#include "results/store/sqlite_store.h"

namespace coppice::results {
namespace {

using study::Trial;
using study::TrialState;

const std::string* TextIn(const FoundRecord& row, std::size_t column) {
  return std::get_if<std::string>(&row.values.at(column));
}

std::optional<std::int64_t> WholeIn(const FoundRecord& row, std::size_t column) {
  const auto* number = std::get_if<std::int64_t>(&row.values.at(column));
  return number == nullptr ? std::nullopt : std::optional(*number);
}

// A column of reals holds whole ones as integers.
std::optional<double> RealIn(const FoundRecord& row, std::size_t column) {
  if (const auto* number = std::get_if<double>(&row.values.at(column))) return *number;
  const auto whole = WholeIn(row, column);
  return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

// Collects the rows that are what was written. The first of several with one key is kept: the
// newest.
class SoundRows {
 public:
  struct Event {
    LoggedEvent logged;
    std::int64_t n_curves = 0;
  };

  void operator()(const FoundRecord& row) {
    if (row.values.size() == 7) TakeEvent(row);
    if (row.values.size() == 8) TakeCurve(row);
    // `decisions` came with format 2; a row that is older lacks it.
    if (row.values.size() == 8 || row.values.size() == 9) TakeStudy(row);
  }

  const std::optional<StudyRecord>& record() const { return record_; }
  std::map<std::int64_t, Event>& events() { return events_; }
  // By event and position.
  std::map<std::pair<std::int64_t, std::int64_t>, study::Curve>& curves() { return curves_; }

 private:
  // sequence (the row's id), elapsed_seconds, kind, trial, body, n_curves, checksum
  void TakeEvent(const FoundRecord& row) {
    const auto elapsed = RealIn(row, 1);
    const std::string* kind = TextIn(row, 2);
    const std::string* body = TextIn(row, 4);
    const auto n_curves = WholeIn(row, 5);
    const std::string* sum = TextIn(row, 6);
    if (!elapsed || !kind || !body || !n_curves || !sum) return;
    const EventRow event{row.row_id, *elapsed, *kind, WholeIn(row, 3), *body, *n_curves};
    if (event.Sum() != *sum || events_.contains(event.sequence)) return;
    const Json json = Json::parse(*body, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) return;
    try {
      events_[event.sequence] = {{event.sequence, *elapsed, study::EventFromJson(*kind, json)},
                                 *n_curves};
    } catch (const Error&) {
      // Of a kind that this program does not know: lost to it.
    }
  }

  // event, position, trial, fold, part, metric, points, checksum
  void TakeCurve(const FoundRecord& row) {
    const auto event = WholeIn(row, 0);
    const auto position = WholeIn(row, 1);
    const auto trial = WholeIn(row, 2);
    const auto fold = WholeIn(row, 3);
    const std::string* part = TextIn(row, 4);
    const std::string* metric = TextIn(row, 5);
    const std::string* points = TextIn(row, 6);
    const std::string* sum = TextIn(row, 7);
    if (!event || !position || !trial || !fold || !part || !metric || !points || !sum) return;
    const CurveRow curve{*event, *position, *trial, *fold, *part, *metric, *points};
    if (curve.Sum() != *sum) return;
    try {
      curves_.try_emplace({*event, *position}, study::Curve{static_cast<int>(*fold), *part, *metric,
                                                            PointsFromText(*points)});
    } catch (const Error&) {
      // Points that this program does not write.
    }
  }

  // id (the row's), name, resolved_spec, data_hash, spec_folder, program, created_at, checksum
  void TakeStudy(const FoundRecord& row) {
    const auto created_at = RealIn(row, 6);
    const auto decisions = row.values.size() == 9 ? WholeIn(row, 8) : 1;
    for (const std::size_t column : {1, 2, 3, 4, 5, 7}) {
      if (TextIn(row, column) == nullptr) return;
    }
    if (record_ || !created_at || !decisions) return;
    StudyRecord record{*TextIn(row, 1),
                       Json(),
                       *TextIn(row, 3),
                       *TextIn(row, 4),
                       *TextIn(row, 5),
                       *created_at,
                       static_cast<int>(*decisions)};
    if (SumOf(record, *TextIn(row, 2)) != *TextIn(row, 7)) return;
    record.resolved_spec = Json::parse(*TextIn(row, 2), nullptr, /*allow_exceptions=*/false);
    if (!record.resolved_spec.is_discarded()) record_ = std::move(record);
  }

  std::optional<StudyRecord> record_;
  std::map<std::int64_t, Event> events_;
  std::map<std::pair<std::int64_t, std::int64_t>, study::Curve> curves_;
};

// What TrialFold does of a whole log; here nothing is refused.
class LooseFold {
 public:
  void operator()(const study::TrialCreated& event) {
    Trial& trial = At(event.trial);
    trial.configuration = event.configuration;
    trial.origin = event.origin;
    trial.seed_trial = event.seed_trial;
  }
  void operator()(const study::TrialStarted& event) {
    Trial& trial = At(event.trial);
    trial.state = TrialState::kRunning;
    trial.attempts += 1;
  }
  void operator()(const study::TrialFinished& event) {
    Trial& trial = At(event.trial);
    trial.state = study::StateOf(event.outcome);
    trial.outcome = event.outcome;
    trial.seconds = event.seconds;
  }
  void operator()(const study::TrialRequeued& event) {
    Trial& trial = At(event.trial);
    trial.state = TrialState::kWaiting;
    trial.outcome.reset();
    trial.seconds = 0;
  }
  void operator()(const study::TrialPromoted& event) {
    At(event.trial).state = TrialState::kWaiting;
  }
  void operator()(const study::TrialConfirmed& event) { At(event.trial).fresh = event.result; }
  void operator()(const study::StudyStopped&) {}
  void operator()(const study::StudyExtended&) {}
  void operator()(const study::StudyChanged&) {}

  std::vector<Trial> Take() {
    std::vector<Trial> trials;
    for (auto& [id, trial] : trials_) trials.push_back(std::move(trial));
    return trials;
  }

 private:
  Trial& At(study::TrialId id) {
    Trial& trial = trials_[id];
    trial.id = id;
    return trial;
  }

  std::map<study::TrialId, Trial> trials_;
};

// Moves the sound curves of an event to it; how many it lacks.
std::int64_t TakeCurves(SoundRows& rows, SoundRows::Event& event) {
  auto* finished = std::get_if<study::TrialFinished>(&event.logged.event);
  if (finished == nullptr) return event.n_curves;
  auto& curves = rows.curves();
  const std::int64_t sequence = event.logged.sequence;
  for (auto at = curves.lower_bound({sequence, 0});
       at != curves.end() && at->first.first == sequence; ++at) {
    finished->curves.push_back(std::move(at->second));
  }
  return std::max<std::int64_t>(
      0, event.n_curves - static_cast<std::int64_t>(finished->curves.size()));
}

std::string ReadIfThere(const std::string& path) {
  RealFileSystem disk;
  return disk.Exists(path) ? disk.Read(path) : std::string();
}

}  // namespace

Salvage SalvageStudy(const std::string& path) {
  SoundRows rows;
  const std::string database = ReadIfThere(path);
  const std::string log = ReadIfThere(path + "-wal");
  ScanPages(database, log, std::ref(rows));
  Salvage left;
  left.record = rows.record();
  std::int64_t expected = 1;
  bool is_whole = true;
  LooseFold fold;
  for (auto& [sequence, event] : rows.events()) {
    const std::int64_t n_lost_curves = TakeCurves(rows, event);
    left.n_lost_events += sequence - expected;
    left.n_lost_curves += n_lost_curves;
    is_whole = is_whole && sequence == expected && n_lost_curves == 0;
    if (is_whole) left.whole_until = sequence;
    std::visit(fold, event.logged.event);
    left.events.push_back(std::move(event.logged));
    expected = sequence + 1;
  }
  left.trials = fold.Take();
  if (left.record || !left.events.empty()) return left;
  throw Error(ErrorKind::kStore, fmt::format("there is nothing of a study left in `{}`", path), {},
              "put back a copy of the file, or begin the study anew");
}

}  // namespace coppice::results
