#pragma once
// What a run says while it goes on: events only; how they look is the sink's business.

#include <optional>
#include <string>

#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

// How a study stands, over all its runs.
struct RunCounts {
  int completed = 0;
  int pruned = 0;
  int paused = 0;
  int failed = 0;
  int running = 0;
  std::optional<int> trials;  // the limit, if there is one
  double elapsed_seconds = 0;
  int waiting = 0;                   // that are to run again, or were made for another program
  int created = 0;                   // whatever became of them
  std::optional<double> seconds;     // the limit, if there is one
  std::optional<double> best_score;  // of completed, pruned and paused trials
  std::optional<study::TrialId> best_trial;
};

// Called by the loop thread only.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) = 0;
  // `best` is the best score so far; `is_best` when this trial set it.
  virtual void TrialFinished(const study::TrialFinished& trial, bool is_best,
                             std::optional<double> best, const RunCounts& counts) = 0;
  virtual void Stopped(const study::StudyStopped& stop, const RunCounts& counts) = 0;
  // The loop is about to wait for trials: some ten times a second while they run.
  virtual void Waiting(const RunCounts& /*counts*/) {}
  // The run is to end; its trials are parked.
  virtual void Interrupted(const RunCounts& /*counts*/) {}
  // So many trials are scored again on so many fresh folds, from now on.
  virtual void Confirming(int, int, double /*elapsed_seconds*/) {}
  virtual void Confirmed(const study::TrialConfirmed&, double /*elapsed_seconds*/) {}
};

class SilentProgress : public ProgressSink {
 public:
  void TrialStarted(const study::TrialCreated&, const RunCounts&) override {}
  void TrialFinished(const study::TrialFinished&, bool, std::optional<double>,
                     const RunCounts&) override {}
  void Stopped(const study::StudyStopped&, const RunCounts&) override {}
};

}  // namespace coppice::tuner
