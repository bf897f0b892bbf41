#include "tuner/cli/progress.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "results/report/score_text.h"
#include "tuner/cli/terminal.h"

namespace coppice::tuner {
namespace {

constexpr double kSecondsBetweenLines = 30;

std::string CountsText(const RunCounts& counts) {
  const int done = counts.completed + counts.pruned + counts.paused + counts.failed;
  std::string text = counts.trials ? fmt::format("{}/{} trials", done, *counts.trials)
                                   : fmt::format("{} trials", done);
  if (counts.running > 0) text += fmt::format(", {} running", counts.running);
  if (counts.pruned > 0) text += fmt::format(", {} pruned", counts.pruned);
  if (counts.paused > 0) text += fmt::format(", {} paused", counts.paused);
  if (counts.failed > 0) text += fmt::format(", {} failed", counts.failed);
  return text;
}

// A sentence as the end of another one.
std::string InSentence(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

}  // namespace

StderrProgress::StderrProgress(std::string metric, const Clock& clock)
    : metric_(std::move(metric)),
      clock_(clock),
      smart_(IsSmartTerminal()),
      last_line_(clock.Now()) {}

StderrProgress::~StderrProgress() { Erase(); }

void StderrProgress::Draw(const RunCounts& counts) {
  if (IsQuiet()) return;
  std::string line =
      fmt::format("[{}] {}", FormatSeconds(counts.elapsed_seconds), CountsText(counts));
  if (best_) line += fmt::format(", best {} {:.6g}", metric_, *best_);
  if (smart_) {
    const auto width = static_cast<std::size_t>(TerminalWidth()) - 1;
    fmt::print(stderr, "\r\x1b[K{}", line.substr(0, width));
    std::fflush(stderr);
    drawn_ = true;
  } else if (clock_.Now() - last_line_ >= kSecondsBetweenLines) {
    Say(line);
    last_line_ = clock_.Now();
  }
}

void StderrProgress::Erase() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

void StderrProgress::TrialStarted(const study::TrialCreated&, const RunCounts& counts) {
  Draw(counts);
}

void StderrProgress::TrialFinished(const study::TrialFinished& trial, bool is_best,
                                   std::optional<double> best, const RunCounts& counts) {
  best_ = best;
  const study::Completed* result = study::ResultOf(trial.outcome);
  if (is_best && result != nullptr) {
    Erase();
    Say(fmt::format("[{}] trial {}: {} {}, the best so far ({})",
                    FormatSeconds(counts.elapsed_seconds), study::ToIndex(trial.trial), metric_,
                    results::ScoreText(result->score, result->std_error), CountsText(counts)));
    last_line_ = clock_.Now();
  } else if (const auto* failed = std::get_if<study::Failed>(&trial.outcome)) {
    Erase();
    Say(fmt::format("[{}] trial {} failed ({}): {}", FormatSeconds(counts.elapsed_seconds),
                    study::ToIndex(trial.trial), study::ToText(failed->kind), failed->reason));
  }
  SayStopIfIdle(counts);
  if (counts.running > 0) Draw(counts);
}

void StderrProgress::Stopped(const study::StudyStopped& stop, const RunCounts& counts) {
  stop_ = InSentence(stop.text);
  SayStopIfIdle(counts);
}

void StderrProgress::SayStopIfIdle(const RunCounts& counts) {
  if (!stop_ || counts.running > 0) return;
  Erase();
  Say(fmt::format("[{}] stopped because {}", FormatSeconds(counts.elapsed_seconds), *stop_));
  stop_.reset();
}

LogProgress::LogProgress(std::string file, FileSystem& disk, const Clock& clock)
    : file_(std::move(file)), disk_(disk), clock_(clock) {}

void LogProgress::Write(Json line) {
  line["time"] = clock_.WallTime();
  disk_.Append(file_, line.dump() + "\n");
}

void LogProgress::TrialStarted(const study::TrialCreated& trial, const RunCounts&) {
  Write({{"event", "trial_started"},
         {"trial", study::ToIndex(trial.trial)},
         {"origin", trial.origin},
         {"config", trial.configuration.ToJson()}});
}

void LogProgress::TrialFinished(const study::TrialFinished& trial, bool is_best,
                                std::optional<double>, const RunCounts&) {
  Json line = {{"event", "trial_finished"},
               {"trial", study::ToIndex(trial.trial)},
               {"state", study::ToText(study::StateOf(trial.outcome))},
               {"seconds", trial.seconds}};
  if (const study::Completed* result = study::ResultOf(trial.outcome)) {
    line["score"] = result->score;
    line["is_best"] = is_best;
  }
  const std::string reason = study::ReasonOf(trial.outcome);
  if (!reason.empty()) line["reason"] = reason;
  Write(std::move(line));
}

void LogProgress::Stopped(const study::StudyStopped& stop, const RunCounts&) {
  Write({{"event", "study_stopped"}, {"reason", study::ToText(stop.reason)}, {"text", stop.text}});
}

}  // namespace coppice::tuner
