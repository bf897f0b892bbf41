#include "tuner/cli/progress.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "results/report/score_text.h"
#include "tuner/cli/progress_lines.h"
#include "tuner/cli/terminal.h"

namespace coppice::tuner {
namespace {

constexpr double kSecondsBetweenLines = 30;

// A sentence as the end of another one.
std::string InSentence(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

}  // namespace

RunLines::RunLines(std::string metric, std::function<void(const std::string& line)> say)
    : metric_(std::move(metric)), say_(std::move(say)) {}

void RunLines::TrialFinished(const study::TrialFinished& trial, bool is_best,
                             const RunCounts& counts) {
  const std::string time = FormatSeconds(counts.elapsed_seconds);
  const study::Completed* result = study::ResultOf(trial.outcome);
  if (is_best && result != nullptr) {
    say_(fmt::format("[{}] trial {}: {} {}, the best so far ({})", time,
                     study::ToIndex(trial.trial), metric_,
                     results::ScoreText(result->score, result->std_error), CountsText(counts)));
  } else if (const auto* failed = std::get_if<study::Failed>(&trial.outcome)) {
    say_(fmt::format("[{}] trial {} failed ({}): {}", time, study::ToIndex(trial.trial),
                     study::ToText(failed->kind), failed->reason));
  }
  SayStopIfIdle(counts);
}

void RunLines::Stopped(const study::StudyStopped& stop, const RunCounts& counts) {
  stop_ = InSentence(stop.text);
  SayStopIfIdle(counts);
}

void RunLines::Confirming(int trials, int folds, double elapsed_seconds) {
  say_(fmt::format("[{}] confirming {} trial{} on {} fresh fold{}", FormatSeconds(elapsed_seconds),
                   trials, trials == 1 ? "" : "s", folds, folds == 1 ? "" : "s"));
}

void RunLines::SayStopIfIdle(const RunCounts& counts) {
  if (!stop_ || counts.running > 0) return;
  say_(fmt::format("[{}] stopped because {}", FormatSeconds(counts.elapsed_seconds), *stop_));
  stop_.reset();
}

PlainProgress::PlainProgress(std::string metric, const Clock& clock)
    : metric_(metric),
      clock_(clock),
      last_line_(clock.Now()),
      lines_(metric, [this](const std::string& line) {
        Say(line);
        last_line_ = clock_.Now();
      }) {}

void PlainProgress::TrialFinished(const study::TrialFinished& trial, bool is_best,
                                  std::optional<double>, const RunCounts& counts) {
  lines_.TrialFinished(trial, is_best, counts);
}

void PlainProgress::Stopped(const study::StudyStopped& stop, const RunCounts& counts) {
  lines_.Stopped(stop, counts);
}

void PlainProgress::Confirming(int trials, int folds, double elapsed_seconds) {
  lines_.Confirming(trials, folds, elapsed_seconds);
}

void PlainProgress::Waiting(const RunCounts& counts) {
  if (clock_.Now() - last_line_ < kSecondsBetweenLines) return;
  std::string line =
      fmt::format("[{}] {}", FormatSeconds(counts.elapsed_seconds), CountsText(counts));
  if (counts.best_score) line += fmt::format(", best {} {:.6g}", metric_, *counts.best_score);
  Say(line);
  last_line_ = clock_.Now();
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

void LogProgress::Confirmed(const study::TrialConfirmed& trial, double) {
  Write({{"event", "trial_confirmed"},
         {"trial", study::ToIndex(trial.trial)},
         {"score", trial.result.score},
         {"seconds", trial.result.seconds}});
}

}  // namespace coppice::tuner
