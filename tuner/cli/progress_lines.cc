#include "tuner/cli/progress_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace coppice::tuner {
namespace {

// A byte a column: the name of a study may be anything.
std::string Ascii(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

int Digits(int number) { return static_cast<int>(fmt::format("{}", number).size()); }

// Coarser than times that were measured.
std::string RoughSeconds(double seconds) {
  if (seconds < 100) return fmt::format("{} s", static_cast<int>(std::ceil(seconds)));
  const double minutes = std::round(seconds / 60);
  if (minutes < 100) return fmt::format("{} min", static_cast<int>(minutes));
  return fmt::format("{:.1f} h", seconds / 3600);
}

std::string FoldText(const RoundReport& report) {
  if (report.n_folds == 1) return {};
  if (report.folds < report.n_folds) return fmt::format("  fold 1 of {}", report.n_folds);
  return fmt::format("  all {} folds", report.n_folds);
}

// "round  12/500", or "round 12/67 of a rung".
std::string RoundText(const RoundReport& report) {
  return fmt::format("  round {:>{}}/{}{}", report.round, Digits(report.rounds), report.rounds,
                     report.is_rung ? " of a rung" : "");
}

std::string TrialLine(const TrialView& trial, const std::string& metric, int digits) {
  std::string line = fmt::format("trial {:>{}}", study::ToIndex(trial.trial), digits);
  if (trial.report) {
    line += FoldText(*trial.report) + RoundText(*trial.report);
    if (trial.report->score) line += fmt::format("  {} {:.6g}", metric, *trial.report->score);
    if (trial.report->best_score) line += fmt::format(", best {:.6g}", *trial.report->best_score);
  }
  line += "  " + FormatSeconds(trial.seconds);
  if (!trial.origin.empty()) line += "  " + trial.origin;
  return line;
}

std::string TotalLine(const RunView& view) {
  const RunCounts& counts = view.counts;
  std::string line =
      fmt::format("[{}] {}", FormatSeconds(counts.elapsed_seconds), CountsText(counts));
  if (view.queued > 0) line += fmt::format(" ({} queued)", view.queued);
  if (counts.best_score) {
    line += fmt::format("; best {} {:.6g}", view.metric, *counts.best_score);
    if (counts.best_trial) line += fmt::format(" (trial {})", study::ToIndex(*counts.best_trial));
  }
  if (view.is_interrupted) return line + "; interrupted, ending";
  const std::string left = ForecastText(view.forecast, view.may_end_sooner);
  return left.empty() ? line : line + "; " + left;
}

}  // namespace

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

std::string ForecastText(const Forecast& forecast, bool may_end_sooner) {
  if (forecast.state == ForecastState::kNone) return {};
  if (forecast.state == ForecastState::kTooEarly) {
    return fmt::format("forecast after {} trials", kTrialsForForecast);
  }
  const std::string low = RoughSeconds(forecast.left.low);
  const std::string high = RoughSeconds(forecast.left.high);
  if (may_end_sooner) return fmt::format("at most {} left", high);
  return low == high ? fmt::format("{} left", low) : fmt::format("{} to {} left", low, high);
}

std::string ElideMiddle(std::string_view text, int width) {
  constexpr std::string_view kGap = "...";
  const auto room = static_cast<std::size_t>(std::max(width, 0));
  if (text.size() <= room) return std::string(text);
  if (room <= kGap.size()) return std::string(text.substr(0, room));
  const std::size_t kept = room - kGap.size();
  const std::size_t behind = kept / 2;
  return fmt::format("{}{}{}", text.substr(0, kept - behind), kGap,
                     text.substr(text.size() - behind));
}

std::vector<std::string> FrameLines(const RunView& view, int columns, int rows) {
  // The cursor waits on a row of its own, and the total needs one.
  const auto room = static_cast<std::size_t>(std::max(rows - 2, 0));
  std::size_t shown = view.running.size();
  if (shown > room) shown = room > 0 ? room - 1 : 0;
  int digits = 1;
  for (const TrialView& trial : view.running) {
    digits = std::max(digits, Digits(study::ToIndex(trial.trial)));
  }
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown; ++i) {
    lines.push_back(TrialLine(view.running[i], view.metric, digits));
  }
  if (shown < view.running.size() && room > 0) {
    lines.push_back(fmt::format("and {} more that run", view.running.size() - shown));
  }
  lines.push_back(TotalLine(view));
  for (std::string& line : lines) line = ElideMiddle(Ascii(std::move(line)), columns - 1);
  return lines;
}

}  // namespace coppice::tuner
