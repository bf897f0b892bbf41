#pragma once
// A study whose trials are evaluated between the runs of this program: one command takes the next
// trial and ends, another tells what it was worth. The log is the study, so each command begins by
// telling it to a new strategy, as a resumed loop does; the trials are those that one loop would
// have made.
//
//   StepwiseStudy study(setup, strategy, store, clock, progress);
//   if (auto trial = study.Suggest()) ...          // appended: from now on it runs
//   study.Tell(trial, {score}, {}, seconds);       // in another process
//
// A trial that was suggested and not told runs, however long ago that was; nothing puts it back.
// `stop.seconds` counts from the making of the study, whether anybody worked or not.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "results/store/trial_store.h"
#include "strategies/strategy.h"
#include "strategies/study/event.h"
#include "strategies/study/trial.h"
#include "tuner/loop/loop_setup.h"
#include "tuner/loop/loop_state.h"
#include "tuner/loop/progress.h"

namespace coppice::tuner {

// One thread at a time.
class StepwiseStudy {
 public:
  // All are borrowed. Replays the store.
  StepwiseStudy(const LoopSetup& setup, strategies::Strategy& strategy, results::TrialStore& store,
                const Clock& clock, ProgressSink& progress);

  // The next trial, in the log as started. Nothing: no trial can begin before more is told, or the
  // study has stopped, maybe just now.
  std::optional<study::TrialId> Suggest();
  // A trial's end, or the end of the rounds that it was given; a failure when that took longer than
  // a trial may. Throws Error (kUsage) when it does not run.
  void Tell(study::TrialId trial, study::TrialOutcome outcome);

  // Suggested and not told.
  const std::set<study::TrialId>& running() const { return state_.running(); }
  const std::optional<study::StudyStopped>& stopped() const { return state_.stopped(); }
  // With what extensions have added.
  const StopLimits& limits() const { return state_.limits(); }
  const study::TrialCreated& created(study::TrialId trial) const { return state_.created(trial); }
  // It is to be told after so many; 0: at its end.
  int rounds(study::TrialId trial) const { return state_.rounds(trial); }

 private:
  double Elapsed() const;
  void Append(const std::vector<study::StudyEvent>& events);
  bool StopForTime();
  // What a turn of the strategy began; nothing: it waits, or the study stopped.
  std::optional<study::TrialId> TakeTurns();
  std::optional<study::TrialId> Begun(study::TrialId trial);
  RunCounts Counts() const;

  std::size_t slots_;
  bool is_asap_;
  std::optional<double> trial_seconds_;
  strategies::Strategy& strategy_;
  results::TrialStore& store_;
  const Clock& clock_;
  ProgressSink& progress_;
  double made_at_;  // Clock::WallTime
  double elapsed_before_;
  LoopState state_;
  std::map<study::TrialId, double> started_at_;  // in the study's time
};

}  // namespace coppice::tuner
