#include "tuner/cli/live_progress.h"

#include <fmt/format.h>

#include "tuner/cli/progress_lines.h"

namespace coppice::tuner {
namespace {

constexpr double kSecondsBetweenFrames = 0.1;
// The loop comes by that often: a little less, or every other of its visits would be too early.
constexpr double kEarlyEnough = 0.9 * kSecondsBetweenFrames;

}  // namespace

LiveProgress::LiveProgress(const RunOutline& outline, const Clock& clock, const RoundBoard& board,
                           Screen& screen)
    : outline_(outline),
      clock_(clock),
      board_(board),
      screen_(screen),
      model_(outline, clock.Now()),
      block_(screen),
      lines_(outline.metric, [this](const std::string& line) { SayAbove(line); }) {}

LiveProgress::~LiveProgress() { OwnsScreen(); }

bool LiveProgress::OwnsScreen() {
  if (screen_.IsOurs()) return true;
  block_.Forget();
  return false;
}

void LiveProgress::SayAbove(const std::string& line) {
  if (OwnsScreen()) {
    block_.PrintAbove(line);
  } else {
    screen_.Write(line + "\n");
  }
}

void LiveProgress::TrialStarted(const study::TrialCreated& trial, const RunCounts&) {
  model_.TrialStarted(trial, clock_.Now());
}

void LiveProgress::TrialFinished(const study::TrialFinished& trial, bool is_best,
                                 std::optional<double>, const RunCounts& counts) {
  model_.TrialFinished(trial);
  lines_.TrialFinished(trial, is_best, counts);
  if (is_stopped_ && counts.running == 0) DrawEnd(counts);
}

void LiveProgress::Stopped(const study::StudyStopped& stop, const RunCounts& counts) {
  is_stopped_ = true;
  model_.Stopped();
  lines_.Stopped(stop, counts);
  if (counts.running == 0) DrawEnd(counts);
}

void LiveProgress::DrawEnd(const RunCounts& counts) {
  if (!outline_.trains_here || !counts.best_trial) {
    if (OwnsScreen()) block_.Erase();
    return;
  }
  DrawLine("training the best configuration on all rows but the test rows");
}

void LiveProgress::DrawLine(const std::string& line) {
  if (OwnsScreen()) block_.Draw({ElideMiddle(line, screen_.Size().columns - 1)});
}

void LiveProgress::Waiting(const RunCounts& counts) {
  const double now = clock_.Now();
  if (last_frame_ && now - *last_frame_ < kEarlyEnough) return;
  last_frame_ = now;
  if (!OwnsScreen()) return;
  const ScreenSize size = screen_.Size();
  block_.Draw(FrameLines(model_.View(counts, board_.Read(), now), size.columns, size.rows));
}

void LiveProgress::Confirming(int trials, int folds, double elapsed_seconds) {
  lines_.Confirming(trials, folds, elapsed_seconds);
  n_to_confirm_ = trials;
  DrawConfirmed();
}

void LiveProgress::Confirmed(const study::TrialConfirmed&, double) {
  ++n_confirmed_;
  DrawConfirmed();
}

void LiveProgress::DrawConfirmed() {
  DrawLine(n_confirmed_ < n_to_confirm_
               ? fmt::format("{} of {} confirmed", n_confirmed_, n_to_confirm_)
               : "training the best configuration on all rows but the test rows");
}

void LiveProgress::Interrupted(const RunCounts& counts) {
  model_.Interrupted();
  last_frame_.reset();
  Waiting(counts);
}

}  // namespace coppice::tuner
