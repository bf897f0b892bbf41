#pragma once
// A run on a terminal: a line for each trial that a worker runs and one of the whole, drawn over
// themselves, and above them the lines that stay.

#include <optional>

#include "base/clock.h"
#include "tuner/cli/live_block.h"
#include "tuner/cli/progress.h"
#include "tuner/loop/run_model.h"

namespace coppice::tuner {

// Frames are drawn by the loop thread when it would wait, at most ten a second: trials never wait
// for the terminal. Called by that thread only.
class LiveProgress : public ProgressSink {
 public:
  // All but the outline are borrowed.
  LiveProgress(const RunOutline& outline, const Clock& clock, const RoundBoard& board,
               Screen& screen);
  // The live lines go.
  ~LiveProgress() override;

  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override;
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;
  void Waiting(const RunCounts& counts) override;
  void Interrupted(const RunCounts& counts) override;
  void Confirming(int trials, int folds, double elapsed_seconds) override;
  void Confirmed(const study::TrialConfirmed& trial, double elapsed_seconds) override;

 private:
  void SayAbove(const std::string& line);
  // Where there is nothing to wait for but the model.
  void DrawEnd(const RunCounts& counts);
  void DrawConfirmed();
  void DrawLine(const std::string& line);
  // False, and the block is forgotten, while the process is in the background.
  bool OwnsScreen();

  RunOutline outline_;
  const Clock& clock_;
  const RoundBoard& board_;
  Screen& screen_;
  RunModel model_;
  LiveBlock block_;
  RunLines lines_;
  std::optional<double> last_frame_;
  bool is_stopped_ = false;
  int n_to_confirm_ = 0;
  int n_confirmed_ = 0;
};

}  // namespace coppice::tuner
