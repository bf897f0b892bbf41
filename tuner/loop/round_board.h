#pragma once
// How far the running trials are, for whoever shows it. Trials write here after each round, a
// screen reads some ten times a second; nothing that is decided looks at it.

#include <mutex>
#include <optional>
#include <vector>

#include "strategies/study/trial.h"

namespace coppice::tuner {

// One running trial.
struct RoundReport {
  study::TrialId trial{};
  double started_at = 0;  // of this stint, by Clock::Now
  int folds = 1;          // that are trained side by side
  int n_folds = 1;        // of the study; with fewer of them, the first goes ahead
  int round = 0;          // of the last of these folds
  int rounds = 0;         // it ends there at the latest
  bool is_rung = false;   // there it is paused
  // Of the rounds that all these folds have done: the mean over them, after the last one and at the
  // best one. Nothing before the first of them.
  std::optional<double> score = {};
  std::optional<double> best_score = {};
};

// Thread-safe. A call holds the lock for the copy of some numbers.
class RoundBoard {
 public:
  // Replaces what the trial said before.
  void Report(const RoundReport& report);
  // The trial has ended, or is paused.
  void Remove(study::TrialId trial);
  // In the order of their beginning here.
  std::vector<RoundReport> Read() const;

 private:
  mutable std::mutex mutex_;
  std::vector<RoundReport> reports_;  // as many as trials run: found by looking through
};

}  // namespace coppice::tuner
