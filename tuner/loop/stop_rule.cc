#include "tuner/loop/stop_rule.h"

#include <fmt/format.h>

#include <string>

#include "tuner/loop/goal.h"

namespace coppice::tuner {
namespace {

using study::StopReason;
using study::StudyStopped;
using study::ToIndex;
using study::TrialState;

std::string CountTrials(int n) { return n == 1 ? "1 trial" : fmt::format("{} trials", n); }

bool HasScore(const ToldTrial& trial) {
  return trial.state == TrialState::kCompleted || trial.state == TrialState::kPruned ||
         trial.state == TrialState::kPaused;
}

}  // namespace

std::optional<StudyStopped> TrialsRule(const StopLimits& limits, int n_created) {
  if (!limits.trials || n_created < *limits.trials) return std::nullopt;
  return StudyStopped{StopReason::kTrials,
                      fmt::format("The limit of {} is reached.", CountTrials(*limits.trials))};
}

std::optional<StudyStopped> SecondsRule(const StopLimits& limits, double elapsed_seconds) {
  if (!limits.seconds || elapsed_seconds < *limits.seconds) return std::nullopt;
  return StudyStopped{StopReason::kSeconds,
                      fmt::format("The time limit of {} seconds is reached.", *limits.seconds)};
}

std::optional<StudyStopped> TargetRule(const StopLimits& limits, std::span<const ToldTrial> told) {
  if (!limits.target) return std::nullopt;
  for (const ToldTrial& t : told) {
    if (!HasScore(t)) continue;
    if (IsBetter(limits.goal, *limits.target, t.score)) continue;
    return StudyStopped{StopReason::kTarget,
                        fmt::format("Trial {} reached the target of {} with a score of {}.",
                                    ToIndex(t.trial), *limits.target, t.score)};
  }
  return std::nullopt;
}

std::optional<StudyStopped> NoGainRule(const StopLimits& limits, std::span<const ToldTrial> told) {
  if (!limits.no_gain_trials) return std::nullopt;
  const ToldTrial* best = nullptr;
  int without_gain = 0;
  for (const ToldTrial& t : told) {
    const bool scored = HasScore(t);
    if (scored && (best == nullptr || IsBetter(limits.goal, t.score, best->score))) {
      best = &t;
      without_gain = 0;
    } else if ((scored || t.state == TrialState::kFailed) &&
               ToIndex(t.trial) >= limits.no_gain_from) {
      ++without_gain;
    }
  }
  if (without_gain < *limits.no_gain_trials) return std::nullopt;
  const std::string what = best == nullptr ? std::string("no score")
                                           : fmt::format("no better score than the {} of trial {}",
                                                         best->score, ToIndex(best->trial));
  return StudyStopped{StopReason::kNoGain,
                      fmt::format("{} in a row brought {}.", CountTrials(without_gain), what)};
}

std::optional<StudyStopped> FailuresRule(const StopLimits& limits,
                                         std::span<const ToldTrial> told) {
  int failed = 0;
  for (const ToldTrial& t : told) {
    if (t.state == TrialState::kFailed && ToIndex(t.trial) >= limits.failures_from) ++failed;
  }
  if (failed < limits.failures) return std::nullopt;
  return StudyStopped{StopReason::kFailures, fmt::format("{} failed, and the limit is {}.",
                                                         CountTrials(failed), limits.failures)};
}

std::optional<StudyStopped> FirstStop(const StopLimits& limits, std::span<const ToldTrial> told,
                                      int n_created) {
  if (auto stop = TargetRule(limits, told)) return stop;
  if (auto stop = FailuresRule(limits, told)) return stop;
  if (auto stop = NoGainRule(limits, told)) return stop;
  return TrialsRule(limits, n_created);
}

StopLimits Extended(StopLimits limits, const study::StudyExtended& extension,
                    const std::optional<StudyStopped>& lifted, int n_created,
                    double elapsed_seconds) {
  if (extension.trials > 0) limits.trials = limits.trials.value_or(n_created) + extension.trials;
  if (extension.seconds > 0) {
    limits.seconds = limits.seconds.value_or(elapsed_seconds) + extension.seconds;
  }
  if (!lifted) return limits;
  if (lifted->reason == StopReason::kTarget) limits.target.reset();
  if (lifted->reason == StopReason::kFailures) limits.failures_from = n_created;
  if (lifted->reason == StopReason::kNoGain) limits.no_gain_from = n_created;
  return limits;
}

}  // namespace coppice::tuner
