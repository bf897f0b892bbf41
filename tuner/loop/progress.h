#pragma once
// What a run says while it goes on: events only; how they look is the sink's business.

#include <optional>
#include <string>

#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

struct RunCounts {
  int completed = 0;
  int pruned = 0;
  int paused = 0;
  int failed = 0;
  int running = 0;
  std::optional<int> trials;  // the limit, if there is one
  double elapsed_seconds = 0;
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
};

class SilentProgress : public ProgressSink {
 public:
  void TrialStarted(const study::TrialCreated&, const RunCounts&) override {}
  void TrialFinished(const study::TrialFinished&, bool, std::optional<double>,
                     const RunCounts&) override {}
  void Stopped(const study::StudyStopped&, const RunCounts&) override {}
};

}  // namespace coppice::tuner
