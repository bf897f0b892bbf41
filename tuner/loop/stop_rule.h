#pragma once
// When a study stops: pure predicates over what is known before the next trial is proposed. Every
// rule holds from its limit on (`>=`), and says so in a sentence.
//
// Knowledge is the told trials only, never those that have ended but are beyond the horizon, so
// that the number of trials does not depend on which trial happened to end first. Seconds are the
// exception, by nature.

#include <optional>
#include <span>

#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

// What the rules know of a told trial.
struct ToldTrial {
  study::TrialId trial{};
  study::TrialState state = study::TrialState::kCompleted;
  double score = 0;  // in the metric's own direction; only of completed and pruned ones
};

// The limits in force; all are positive. Absent: no such limit.
struct StopLimits {
  study::Goal goal = study::Goal::kMinimize;
  std::optional<int> trials;      // created, whatever became of them
  std::optional<double> seconds;  // of the study's running time, over all its runs
  std::optional<double> target;
  std::optional<int> no_gain_trials;
  int failures = 10;
  // Failures and trials without gain count from this trial on (see Extended).
  int failures_from = 0;
  int no_gain_from = 0;
};

std::optional<study::StudyStopped> TrialsRule(const StopLimits& limits, int n_created);
std::optional<study::StudyStopped> SecondsRule(const StopLimits& limits, double elapsed_seconds);
// The score of a completed or pruned trial is the target or better.
std::optional<study::StudyStopped> TargetRule(const StopLimits& limits,
                                              std::span<const ToldTrial> told);
// So many trials, completed, pruned or failed, were told since the last one that was strictly
// better than all before it. Cancelled trials count for nothing.
std::optional<study::StudyStopped> NoGainRule(const StopLimits& limits,
                                              std::span<const ToldTrial> told);
std::optional<study::StudyStopped> FailuresRule(const StopLimits& limits,
                                                std::span<const ToldTrial> told);

// The first rule that holds, of: target, failures, no gain, trials. O(told).
std::optional<study::StudyStopped> FirstStop(const StopLimits& limits,
                                             std::span<const ToldTrial> told, int n_created);

// The limits after `extension`, which came when `n_created` trials and `elapsed_seconds` had been.
// Its trials and seconds are added to the limits; where there is no limit, one is set so far ahead
// of what had been by then. A study that had stopped gets past the rule that stopped it: a target
// no longer counts, failures and trials without gain are counted from the next trial on.
StopLimits Extended(StopLimits limits, const study::StudyExtended& extension,
                    const std::optional<study::StudyStopped>& lifted, int n_created,
                    double elapsed_seconds);

}  // namespace coppice::tuner
