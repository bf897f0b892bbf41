#include "tuner/loop/stop_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
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

// What a score has to be better than that of `best` by, to be a gain.
double NeededGain(const StopLimits& limits, const ToldTrial& best) {
  switch (limits.min_gain_unit) {
    case GainUnit::kAbsolute:
      return limits.min_gain;
    case GainUnit::kRelative:
      return limits.min_gain * std::abs(best.score);
    case GainUnit::kStdErrors:
      return limits.min_gain * best.std_error.value_or(0);
  }
  return limits.min_gain;
}

bool IsGain(const StopLimits& limits, const ToldTrial& trial, const ToldTrial& best) {
  if (!IsBetter(limits.goal, trial.score, best.score)) return false;
  return LossOf(limits.goal, best.score) - LossOf(limits.goal, trial.score) >=
         NeededGain(limits, best);
}

// "no better score than the 0.5 of trial 0", or by how much it had to be better.
std::string WithoutGainText(const StopLimits& limits, const ToldTrial& best) {
  const std::string that = fmt::format("the {:.6g} of trial {}", best.score, ToIndex(best.trial));
  if (!(limits.min_gain > 0)) return "no better score than " + that;
  const std::string by =
      fmt::format("no score that is better than {} by {}", that, limits.min_gain);
  if (limits.min_gain_unit == GainUnit::kRelative) return by + " of its size";
  if (limits.min_gain_unit == GainUnit::kStdErrors) return by + " of its standard errors";
  return by;
}

}  // namespace

std::optional<StudyStopped> TrialsRule(const StopLimits& limits, int n_created) {
  if (!limits.trials || n_created < *limits.trials) return std::nullopt;
  return StudyStopped{StopReason::kTrials,
                      fmt::format("The limit of {} is reached.", CountTrials(*limits.trials))};
}

int TrialsToConfirm(double share, int candidates, int n_scored) {
  // 0.29 of 100 are 29, though their product is a little less.
  const double part = std::floor(share * n_scored + 1e-9);
  const int n = part < candidates ? static_cast<int>(part) : candidates;
  return n < 2 ? 0 : n;
}

double SearchSeconds(const StopLimits& limits, int n_scored) {
  const bool confirms = TrialsToConfirm(limits.confirm_share, 2, n_scored) > 0;
  return confirms ? *limits.seconds * (1 - limits.confirm_share) : *limits.seconds;
}

std::optional<StudyStopped> SecondsRule(const StopLimits& limits, double elapsed_seconds,
                                        int n_scored) {
  if (!limits.seconds) return std::nullopt;
  const double of_search = SearchSeconds(limits, n_scored);
  if (elapsed_seconds < of_search) return std::nullopt;
  std::string text = fmt::format("The time limit of {} seconds is reached", *limits.seconds);
  if (of_search < *limits.seconds) {
    text += fmt::format(": {:.6g} s, and {:.6g} s for the confirmation", of_search,
                        *limits.seconds - of_search);
  }
  return StudyStopped{StopReason::kSeconds, text + "."};
}

std::optional<StudyStopped> TargetRule(const StopLimits& limits, std::span<const ToldTrial> told) {
  if (!limits.target) return std::nullopt;
  for (const ToldTrial& t : told) {
    if (!HasScore(t)) continue;
    if (IsBetter(limits.goal, *limits.target, t.score)) continue;
    return StudyStopped{StopReason::kTarget,
                        fmt::format("Trial {} reached the target of {} with a score of {:.6g}.",
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
    if (scored && (best == nullptr || IsGain(limits, t, *best))) {
      best = &t;
      without_gain = 0;
    } else if ((scored || t.state == TrialState::kFailed) &&
               ToIndex(t.trial) >= limits.no_gain_from && !t.is_taken_over) {
      ++without_gain;
    }
  }
  if (without_gain < *limits.no_gain_trials) return std::nullopt;
  const std::string what =
      best == nullptr ? std::string("no score") : WithoutGainText(limits, *best);
  return StudyStopped{StopReason::kNoGain,
                      fmt::format("{} in a row brought {}.", CountTrials(without_gain), what)};
}

std::optional<StudyStopped> FailuresRule(const StopLimits& limits,
                                         std::span<const ToldTrial> told) {
  std::map<study::FailureKind, int> kinds;
  int failed = 0;
  for (const ToldTrial& t : told) {
    if (t.state != TrialState::kFailed || ToIndex(t.trial) < limits.failures_from) continue;
    ++failed;
    if (t.failure) ++kinds[*t.failure];
  }
  if (failed < limits.failures) return std::nullopt;
  std::string of_kinds;
  for (const auto& [kind, n] : kinds) {
    of_kinds += fmt::format("{}{} {}", of_kinds.empty() ? "" : ", ", n, ToText(kind));
  }
  if (!of_kinds.empty()) of_kinds = fmt::format(" ({})", of_kinds);
  return StudyStopped{StopReason::kFailures,
                      fmt::format("{} failed{}, and the limit is {}.", CountTrials(failed),
                                  of_kinds, limits.failures)};
}

bool AsksExpectedGain(const StopLimits& limits, std::span<const ToldTrial> told) {
  return limits.converged && std::count_if(told.begin(), told.end(), HasScore) >= kConvergedTrials;
}

std::optional<double> InStdErrors(const StopLimits& limits, double gain, const ToldTrial& best) {
  const double error = best.std_error.value_or(0) * limits.error_factor;
  if (!HasScore(best) || !(error > 0)) return std::nullopt;
  return gain / error;
}

std::optional<StudyStopped> ConvergedRule(const StopLimits& limits,
                                          std::span<const std::optional<double>> expected_gains) {
  const auto from = static_cast<std::size_t>(limits.converged_from);
  const auto n = static_cast<std::size_t>(kConvergedInARow);
  if (!limits.converged || expected_gains.size() < from + n) return std::nullopt;
  const auto row = expected_gains.last(n);
  const bool all_small = std::all_of(
      row.begin(), row.end(), [](const auto& gain) { return gain && *gain < kConvergedErrors; });
  if (!all_small) return std::nullopt;
  return StudyStopped{
      StopReason::kConverged,
      fmt::format("The search has converged: before each of the last {} trials, one more was "
                  "expected to gain less than {} standard errors of the best score.",
                  kConvergedInARow, kConvergedErrors)};
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
  if (lifted->reason == StopReason::kConverged) limits.converged_from = n_created;
  return limits;
}

}  // namespace coppice::tuner
