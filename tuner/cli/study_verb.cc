#include "tuner/cli/study_verb.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/threads.h"
#include "tuner/cli/exit_code.h"
#include "tuner/cli/json_progress.h"
#include "tuner/cli/progress.h"
#include "tuner/cli/signals.h"
#include "tuner/cli/terminal.h"
#include "tuner/report/answer_words.h"
#include "tuner/report/contenders.h"
#include "tuner/run/fold_words.h"
#include "tuner/run/memory_plan.h"
#include "tuner/run/plan.h"

namespace coppice::tuner {
namespace {

std::string CountsLine(const StudySummary& summary) {
  std::string text = fmt::format("{} trials completed", summary.completed);
  if (summary.pruned > 0) text += fmt::format(", {} pruned", summary.pruned);
  if (summary.paused > 0) text += fmt::format(", {} paused", summary.paused);
  if (summary.failed > 0) text += fmt::format(", {} failed", summary.failed);
  if (summary.cancelled > 0) text += fmt::format(", {} cancelled", summary.cancelled);
  return text + fmt::format(" in {}", FormatSeconds(summary.seconds));
}

// Why no trial has a score: what became of the last one that did not complete.
std::string LastReason(const std::vector<study::Trial>& trials) {
  std::string reason;
  for (const study::Trial& trial : trials) {
    if (!trial.outcome) continue;
    const int number = study::ToIndex(trial.id);
    if (const auto* failed = std::get_if<study::Failed>(&*trial.outcome)) {
      reason = fmt::format(": trial {} failed ({}): {}", number, study::ToText(failed->kind),
                           failed->reason);
    } else if (const auto* cancelled = std::get_if<study::Cancelled>(&*trial.outcome)) {
      reason = fmt::format(": trial {} was cancelled: {}", number, cancelled->reason);
    }
  }
  return reason;
}

// The answer is no, so that it is said to the quiet too.
void SayNoBest(const StudySummary& summary, const results::TrialStore& store) {
  PrintError(
      Error(ErrorKind::kData, fmt::format("no trial completed{}", LastReason(store.Trials())), {},
            fmt::format("`coppice leaderboard {} --all` lists every reason", summary.folder)));
}

// By how much the best flatters itself.
std::optional<Flattery> FlatteryOfBest(const StudySummary& summary, const Spec& spec,
                                       const results::TrialStore& store) {
  if (!summary.best) return std::nullopt;
  return FlatteryOf(ReadContenders(store, spec, LeaderboardOf(store, spec, false)), spec);
}

void SaySummary(const StudySummary& summary, const Spec& spec, const results::TrialStore& store,
                const std::optional<Flattery>& flattery) {
  Say(CountsLine(summary));
  if (summary.interrupted) {
    Say(fmt::format("interrupted: `coppice resume {}` goes on where it stopped", summary.folder));
    return;
  }
  if (summary.cancelled > 0) {
    Say(
        fmt::format("notice: the time limit cut {} trial{} short; `coppice resume {} --seconds "
                    "+600` runs {} again and goes on",
                    summary.cancelled, summary.cancelled == 1 ? "" : "s", summary.folder,
                    summary.cancelled == 1 ? "it" : "them"));
  }
  if (!summary.best) {
    SayNoBest(summary, store);
    return;
  }
  for (const std::string& notice : summary.notices) Say("notice: " + notice);
  const results::Leaderboard board = LeaderboardOf(store, spec, false);
  const auto confirmed = ConfirmedOf(board, store, spec);
  if (confirmed) Say(ConfirmText(*confirmed));
  // A default that did not complete has no fresh score.
  if (!confirmed || !confirmed->by_default) {
    if (const std::string gain = GainText(store, spec, *summary.best); !gain.empty()) Say(gain);
  }
  if (flattery) Say(FlatteryText(*flattery));
  if (const std::string moved = MovedDefaultsText(spec); !moved.empty()) {
    Say(fmt::format("trial 0 is the default configuration but for {}: {}", moved,
                    WhyDefaultsMoved(spec)));
  }
  if (EndsAtRoundCap(*summary.best, spec)) Say("notice: " + RoundCapText(*summary.best, spec));
  Say(fmt::format("model: {} ({} rounds on {} rows)", summary.model, summary.model_rounds,
                  summary.model_rows));
  for (const auto& [metric, value] : summary.test) {
    Say(fmt::format("test {} {:.6g}", metric, value));
  }
  Say(fmt::format("next: `coppice leaderboard {}`", summary.folder));
}

// The best row only, so that a pipe gets exactly one result.
std::string SummaryTable(const StudySummary& summary, const Spec& spec, results::Format format) {
  results::Table table;
  table.columns = {"trial", spec.metric, "round"};
  if (summary.best) {
    std::vector<Json> row = {study::ToIndex(summary.best->trial), *summary.best->score,
                             summary.best->round};
    for (const auto& [name, value] : summary.best->configuration.values()) {
      table.columns.push_back(name);
      row.push_back(coppice::ToJson(value));
    }
    table.rows.push_back(std::move(row));
  }
  return results::Render(table, format);
}

// How the best compares with trial 0, beside the latter's score.
Json DefaultJson(const StudySummary& summary, const Spec& spec, const results::TrialStore& store) {
  Json json = {{"score", summary.default_score ? Json(*summary.default_score) : Json()}};
  json["moved"] = MovedDefaultsJson(spec);
  if (!summary.best) return json;
  if (const auto paired = GainOverDefault(store, spec, *summary.best)) {
    json["gain"] = paired->gain;
    json["gain_std_error"] = paired->std_error ? Json(*paired->std_error) : Json();
    json["within_noise"] = paired->is_within_noise();
  }
  return json;
}

// What the fresh folds say of the winner and of the default configuration; null without them.
Json ConfirmedJson(const Spec& spec, const results::TrialStore& store) {
  const results::Leaderboard board = LeaderboardOf(store, spec, false);
  const auto confirmed = ConfirmedOf(board, store, spec);
  if (!confirmed) return nullptr;
  Json json = {{"trials", confirmed->n_confirmed}, {"folds", confirmed->n_folds}};
  json["default"] =
      confirmed->by_default == nullptr ? Json() : Json(confirmed->by_default->fresh->score);
  if (confirmed->gain) {
    const auto& error = confirmed->gain->std_error;
    json["gain"] = confirmed->gain->gain;
    json["gain_std_error"] = error ? Json(*error) : Json();
    json["within_noise"] = confirmed->gain->is_within_noise();
  }
  return json;
}

// The JSON shape that scripts rely on.
Json ToJson(const StudySummary& summary, const Spec& spec, const results::TrialStore& store,
            const std::optional<Flattery>& flattery) {
  Json json;
  json["study"] = summary.study;
  json["folder"] = summary.folder;
  json["trials"] = {{"completed", summary.completed},
                    {"pruned", summary.pruned},
                    {"paused", summary.paused},
                    {"failed", summary.failed},
                    {"cancelled", summary.cancelled}};
  json["best"] = nullptr;
  if (summary.best) {
    json["best"] = {
        {"trial", study::ToIndex(summary.best->trial)},
        {"score", *summary.best->score},
        {"std_error", summary.best->std_error ? Json(*summary.best->std_error) : Json()},
        {"round", summary.best->round},
        {"at_round_cap", EndsAtRoundCap(*summary.best, spec)},
        {"optimism", FlatteryJson(flattery)},
        {"config", summary.best->configuration.ToJson()}};
    if (summary.best->fresh) json["best"]["fresh"] = BestToJson(*summary.best, spec)["fresh"];
  }
  json["confirmed"] = ConfirmedJson(spec, store);
  json["test"] = summary.test;
  json["default"] = DefaultJson(summary, spec, store);
  json["seconds"] = summary.seconds;
  json["model"] = summary.model.empty() ? Json() : Json(summary.model);
  json["interrupted"] = summary.interrupted;
  if (summary.stopped) {
    json["stopped"] = {{"reason", study::ToText(summary.stopped->reason)},
                       {"text", summary.stopped->text}};
  }
  return json;
}

}  // namespace

int ThreadsFor(const Spec& spec, int flag) {
  if (flag > 0) return flag;
  return spec.parallel.threads ? *spec.parallel.threads : AvailableCores();
}

StudyData LoadAndSay(CommandLine& line, const Spec& spec) {
  trainer::Notices notices;
  StudyData data = LoadStudyData(spec, line.disk, &notices);
  for (const std::string& notice : notices) Say(fmt::format("notice: {}", notice));
  const trainer::Split& split = data.split;
  Say(fmt::format("data: {} rows, {} features, {} bins; {}, {} test rows ({})", data.table->n_rows,
                  data.table->n_features(), FormatBytes(static_cast<double>(data.matrix->Bytes())),
                  FoldsText(spec.split), split.test.size(),
                  FormatSeconds(data.load_seconds + data.bin_seconds)));
  return data;
}

void SayStrategy(const Spec& spec) {
  const StrategyWords words = DescribeStrategy(spec);
  for (const std::string& rung : words.rungs) Say(fmt::format("{}: {}", spec.strategy.kind, rung));
  if (!words.notice.empty()) Say("notice: " + words.notice);
  if (const std::string then = ConfirmationWords(spec); !then.empty()) Say("confirmation: " + then);
}

int RunAndAnswer(CommandLine& line, const StudyFolder& folder, const Spec& spec,
                 const StudyData& data, results::TrialStore& store, int threads,
                 const std::string& format) {
  const RealClock clock;
  const MemoryPlan memory = PlanMemory(spec, data, threads, ReadMemoryState());
  Say("memory: " + memory.ToText());
  StudySummary summary;
  int interrupted_code = kInterrupted;
  {
    const SignalGuard signals;
    RoundBoard board;
    StderrScreen screen;
    ProgressFan progress;
    progress.Add(MakeProgress(
        line.progress, spec, StudyStartedEvent(spec, folder.path, threads, data.split.folds.size()),
        clock, board, screen));
    progress.Add(std::make_unique<LogProgress>(folder.log(), line.disk, clock));
    // Trials write to the board only where somebody reads it.
    const bool is_read =
        line.progress == ProgressStyle::kLive || line.progress == ProgressStyle::kJson;
    const RunOptions options{threads, memory, &progress, &signals.token(),
                             is_read ? &board : nullptr};
    summary = RunStudy(folder, spec, data, store, options, line.disk);
    interrupted_code = signals.exit_code();
  }
  if (line.progress == ProgressStyle::kJson) SayEvent(StudyFinishedEvent(summary));
  const std::optional<Flattery> flattery = FlatteryOfBest(summary, spec, store);
  SaySummary(summary, spec, store, flattery);
  if (format == "json") {
    Print(ToJson(summary, spec, store, flattery).dump(2) + "\n");
  } else if (!summary.interrupted) {
    Print(SummaryTable(summary, spec, results::FormatFromText(format)));
  }
  if (summary.interrupted) return interrupted_code;
  return summary.best ? kDone : kAnswerIsNo;
}

}  // namespace coppice::tuner
