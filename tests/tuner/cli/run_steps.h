#pragma once
// What the tests of progress have in common: a clock that is set, and the events of a run.

#include <string>

#include "base/clock.h"
#include "tuner/loop/progress.h"
#include "tuner/loop/round_board.h"

namespace coppice::tuner {

class SetClock : public Clock {
 public:
  double Now() const override { return now; }
  double WallTime() const override { return now; }
  double now = 0;
};

inline RunCounts Counts(int completed, int running, int limit = 2) {
  RunCounts counts;
  counts.completed = completed;
  counts.running = running;
  counts.created = completed + running;
  counts.trials = limit;
  return counts;
}

inline study::TrialCreated Created(int trial) {
  study::TrialCreated created;
  created.trial = study::TrialId{trial};
  created.origin = "random";
  return created;
}

inline study::TrialFinished Finished(int trial, double score) {
  return {study::TrialId{trial}, study::Completed{score, 12.34, 1, 1}, {}, 0.5};
}

inline RoundReport ReportOf(int trial, int round) {
  RoundReport report;
  report.trial = study::TrialId{trial};
  report.folds = 5;
  report.n_folds = 5;
  report.round = round;
  report.rounds = 500;
  return report;
}

}  // namespace coppice::tuner
