#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <memory>
#include <system_error>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "results/store/lease.h"
#include "tuner/cli/command.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/terminal.h"
#include "tuner/loop/changed_rules.h"
#include "tuner/report/answer_words.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

struct StatusOptions {
  std::string study;
  std::string format;
};

struct Status {
  std::string study;
  std::string folder;
  std::string state;  // running (process 123), stopped: ..., interrupted
  std::map<study::TrialState, int> trials;
  std::optional<int> trials_limit;
  std::optional<results::LeaderboardRow> best;
  std::string metric;
  double seconds = 0;
  std::optional<double> seconds_left;
  std::uintmax_t bytes = 0;
  std::string last_failure;
  std::string round_cap;  // what to say of it; empty when the best trial ends before it
};

std::uintmax_t SizeOf(const std::string& folder) {
  std::uintmax_t bytes = 0;
  std::error_code ignored;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    if (file.is_regular_file(ignored)) bytes += file.file_size(ignored);
  }
  return bytes;
}

// How a study stands: the last stop that no extension lifted; extensions raise the limits.
void ReadLog(const OpenStudy& open, Status* status) {
  std::optional<study::StudyStopped> stopped;
  // A single training has no search to limit.
  StopLimits limits;
  if (!open.spec.search.empty()) limits.trials = open.spec.stop.trials;
  limits.seconds = open.spec.stop.seconds;
  for (const results::LoggedEvent& logged : open.store->EventsWithoutCurves()) {
    if (const auto* stop = std::get_if<study::StudyStopped>(&logged.event)) stopped = *stop;
    if (const auto* more = std::get_if<study::StudyExtended>(&logged.event)) {
      stopped.reset();
      if (limits.trials) *limits.trials += more->trials;
      if (limits.seconds) *limits.seconds += more->seconds;
    }
    if (const auto* change = std::get_if<study::StudyChanged>(&logged.event)) {
      stopped.reset();
      for (const auto& [path, text] : change->fields) SetLimit(path, text, &limits);
    }
  }
  status->trials_limit = limits.trials;
  int pid = 0;
  if (results::Lease::IsHeld(open.folder.path, &pid)) {
    status->state = fmt::format("running (process {})", pid);
  } else if (stopped) {
    status->state = fmt::format("stopped: {}", stopped->text);
  } else if (open.spec.is_external) {
    status->state = "open; " + HintForExternal(status->study);
  } else {
    status->state = fmt::format("interrupted; `coppice resume {}` goes on with it", status->study);
  }
  if (limits.seconds && !stopped) {
    status->seconds_left = std::max(0.0, *limits.seconds - status->seconds);
  }
}

Status StatusOf(const OpenStudy& open) {
  Status status;
  status.study = open.record.name;
  status.folder = open.folder.path;
  status.metric = open.spec.metric;
  for (const study::Trial& trial : open.store->Trials()) {
    ++status.trials[trial.state];
    if (!trial.outcome) continue;
    if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
      status.last_failure = fmt::format("trial {}: {}", study::ToIndex(trial.id), failed->reason);
    }
  }
  const results::Leaderboard board = LeaderboardOf(*open.store, open.spec, false);
  if (const results::LeaderboardRow* best = board.best()) status.best = *best;
  if (status.best && EndsAtRoundCap(*status.best, open.spec)) {
    status.round_cap = RoundCapText(*status.best, open.spec);
  }
  status.seconds = open.store->ElapsedSeconds();
  status.bytes = SizeOf(open.folder.path);
  ReadLog(open, &status);
  return status;
}

// A study that cannot be read is no reason to hide the others.
Status StatusOrTrouble(CommandLine& line, const std::string& store, const std::string& name) {
  try {
    return StatusOf(OpenForReading(line, store + "/" + name));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kStore) throw;
    Status status;
    status.study = name;
    status.folder = store + "/" + name;
    status.state = "unreadable: " + error.findings().front().message;
    status.bytes = SizeOf(status.folder);
    return status;
  }
}

Json ToJson(const Status& status) {
  Json json = {{"study", status.study}, {"folder", status.folder}, {"state", status.state}};
  json["trials"] = Json::object();
  for (const auto& [state, count] : status.trials) json["trials"][study::ToText(state)] = count;
  json["trials_limit"] = status.trials_limit ? Json(*status.trials_limit) : Json();
  json["best"] = nullptr;
  if (status.best) {
    json["best"] = {{"trial", study::ToIndex(status.best->trial)},
                    {"score", *status.best->score},
                    {"at_round_cap", !status.round_cap.empty()}};
    if (status.best->fresh) json["best"]["fresh"] = status.best->fresh->score;
  }
  json["seconds"] = status.seconds;
  json["seconds_left"] = status.seconds_left ? Json(*status.seconds_left) : Json();
  json["bytes"] = status.bytes;
  json["last_failure"] = status.last_failure.empty() ? Json() : Json(status.last_failure);
  return json;
}

std::string TrialsText(const Status& status) {
  std::vector<std::string> parts;
  for (const auto& [state, count] : status.trials) {
    parts.push_back(fmt::format("{} {}", count, study::ToText(state)));
  }
  std::string text = parts.empty() ? "none yet" : fmt::format("{}", fmt::join(parts, ", "));
  if (status.trials_limit) text += fmt::format(" of {}", *status.trials_limit);
  return text;
}

std::string FreshText(const results::LeaderboardRow& best) {
  return best.fresh ? fmt::format("; {:.6g} on fresh folds", best.fresh->score) : std::string();
}

results::Table OneStudy(const Status& status) {
  results::Table table;
  table.columns = {"what", "value"};
  table.rows = {{"study", status.study},
                {"state", status.state},
                {"trials", TrialsText(status)},
                {"time used", FormatSeconds(status.seconds)},
                {"size", FormatBytes(static_cast<double>(status.bytes))},
                {"folder", status.folder}};
  if (status.best) {
    table.rows.push_back(
        {"best", fmt::format("{} {:.6g} (trial {}{})", status.metric, *status.best->score,
                             study::ToIndex(status.best->trial), FreshText(*status.best))});
  }
  if (!status.round_cap.empty()) table.rows.push_back({"notice", status.round_cap});
  if (status.seconds_left) table.rows.push_back({"time left", FormatSeconds(*status.seconds_left)});
  if (!status.last_failure.empty()) table.rows.push_back({"last failure", status.last_failure});
  return table;
}

results::Table ManyStudies(const std::vector<Status>& all) {
  results::Table table;
  table.columns = {"study", "state", "trials", "metric", "best", "seconds", "size"};
  for (const Status& status : all) {
    table.rows.push_back({status.study, status.state, TrialsText(status), status.metric,
                          status.best ? Json(*status.best->score) : Json(), status.seconds,
                          FormatBytes(static_cast<double>(status.bytes))});
  }
  return table;
}

int ShowStatus(CommandLine& line, const StatusOptions& options) {
  std::vector<Status> all;
  if (!options.study.empty()) {
    all.push_back(StatusOf(OpenForReading(line, options.study)));
  } else {
    const std::string store = StoreFolder(line.store);
    for (const std::string& name : ListStudies(store, line.disk)) {
      all.push_back(StatusOrTrouble(line, store, name));
    }
    if (all.empty()) Say(fmt::format("there are no studies in `{}`", store));
  }
  if (options.format == "json") {
    Json list = Json::array();
    for (const Status& status : all) list.push_back(ToJson(status));
    Print((options.study.empty() ? list : list.front()).dump(2) + "\n");
  } else {
    const results::Table table = options.study.empty() ? ManyStudies(all) : OneStudy(all.front());
    Print(results::Render(table, results::FormatFromText(options.format)));
  }
  return kDone;
}

}  // namespace

void AddStatus(CommandLine& line) {
  auto options = std::make_shared<StatusOptions>();
  Verb(line, "status", "Tells how a study stands, or lists all studies.", "coppice status titanic")
      .Word("STUDY", &options->study, "the study's name or folder; none: all of them", false)
      .Format(&options->format, TableFormats())
      .Does([&line, options] { return ShowStatus(line, *options); });
}

}  // namespace coppice::tuner
