#pragma once
// What a study's loop needs of the spec.

#include <optional>
#include <string>

#include "strategies/prune/pruner.h"
#include "strategies/study/trial.h"
#include "tuner/loop/stop_rule.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct LoopSetup {
  study::Goal goal = study::Goal::kMinimize;
  std::string metric;                    // the objective's; only a pruner asks for its curves
  strategies::Pruner* pruner = nullptr;  // borrowed; null: no trial is stopped
  StopSpec stop;  // of the spec; what StudyExtended events in the store add is added by the loop
  double error_factor = 1;  // of StopLimits
  int failures_limit = 10;
  double confirm_share = 0;             // of StopLimits
  std::optional<double> trial_seconds;  // of trials that no executor watches (StepwiseStudy)
  int slots = 4;
  // Of the first trials, where a StudyChanged has changed them since: the log says from where on.
  std::optional<int> first_slots = {};
  CommitRule order = CommitRule::kDeterministic;
};

// The limits of a study that was never extended.
StopLimits LimitsOf(const LoopSetup& setup);

}  // namespace coppice::tuner
