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
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// What the rules know of a told trial.
struct ToldTrial {
  study::TrialId trial{};
  study::TrialState state = study::TrialState::kCompleted;
  double score = 0;  // in the metric's own direction; only of completed, pruned and paused ones
  std::optional<double> std_error = {};  // of the score, where it has one
  // From an earlier study: its score counts, but it is no trial that brought no gain here.
  bool is_taken_over = false;
  std::optional<study::FailureKind> failure = {};  // of failed ones
};

// The limits in force; all are positive. Absent: no such limit.
struct StopLimits {
  study::Goal goal = study::Goal::kMinimize;
  std::optional<int> trials;      // created, whatever became of them
  std::optional<double> seconds;  // of the study's running time, over all its runs
  // Of these, what is kept for the confirmation of the best trials.
  double confirm_share = 0;
  std::optional<double> target;
  std::optional<int> no_gain_trials;
  double min_gain = 0;  // of the best score, to count as one; 0: any
  GainUnit min_gain_unit = GainUnit::kAbsolute;
  bool converged = false;
  // What a score's std_error is multiplied by to get the error of what it estimates: the training
  // sets of folds overlap, so that fold scores are less independent than they look.
  double error_factor = 1;
  int failures = 10;
  // Failures, trials without gain and expectations count from this trial on (see Extended).
  int failures_from = 0;
  int no_gain_from = 0;
  int converged_from = 0;
};

// Convergence: after so many scored trials, expecting less than so many standard errors, before so
// many trials in a row (Makarova et al. 2022, "Automatic termination for hyperparameter
// optimization", compares regret with the error of the validation estimate in the same spirit).
inline constexpr int kConvergedTrials = 30;
inline constexpr double kConvergedErrors = 0.2;
inline constexpr int kConvergedInARow = 10;

std::optional<study::StudyStopped> TrialsRule(const StopLimits& limits, int n_created);
// How many trials a search with `n_scored` completed or pruned ones has to confirm: 0, or from 2 to
// `candidates`.
int TrialsToConfirm(double share, int candidates, int n_scored);
// What of the seconds is the search's: all, as long as there are too few trials for a confirmation.
// There is such a limit.
double SearchSeconds(const StopLimits& limits, int n_scored);
// `n_scored`: trials that have completed or were pruned.
std::optional<study::StudyStopped> SecondsRule(const StopLimits& limits, double elapsed_seconds,
                                               int n_scored = 0);
// The score of a completed or pruned trial is the target or better.
std::optional<study::StudyStopped> TargetRule(const StopLimits& limits,
                                              std::span<const ToldTrial> told);
// So many trials, completed, pruned or failed, were told since the last gain: a trial that was
// strictly better than the one of the gain before, by `min_gain` at least. Smaller steps add up, as
// they are all measured from there. Cancelled trials count for nothing. Without an error,
// `std_errors` asks for no more than a better score.
std::optional<study::StudyStopped> NoGainRule(const StopLimits& limits,
                                              std::span<const ToldTrial> told);
// So many failed; says how many of which kind.
std::optional<study::StudyStopped> FailuresRule(const StopLimits& limits,
                                                std::span<const ToldTrial> told);

// Whether ConvergedRule has to know what is expected of the next trial.
bool AsksExpectedGain(const StopLimits& limits, std::span<const ToldTrial> told);
// `gain` over the score of `best`, in errors of that score (std_error * error_factor); nothing
// where it has none.
std::optional<double> InStdErrors(const StopLimits& limits, double gain, const ToldTrial& best);
// `expected_gains`: by trial, what was expected in standard errors before it was proposed; the last
// one is that of the trial to come. Nothing where it was not asked for or not known, which ends a
// row of small ones.
std::optional<study::StudyStopped> ConvergedRule(
    const StopLimits& limits, std::span<const std::optional<double>> expected_gains);

// The first rule that holds, of: target, failures, no gain, trials. O(told).
std::optional<study::StudyStopped> FirstStop(const StopLimits& limits,
                                             std::span<const ToldTrial> told, int n_created);

// The limits after `extension`, which came when `n_created` trials and `elapsed_seconds` had been.
// Its trials and seconds are added to the limits; where there is no limit, one is set so far ahead
// of what had been by then. A study that had stopped gets past the rule that stopped it: a target
// no longer counts, failures, trials without gain and small expectations are counted from the next
// trial on.
StopLimits Extended(StopLimits limits, const study::StudyExtended& extension,
                    const std::optional<study::StudyStopped>& lifted, int n_created,
                    double elapsed_seconds);

}  // namespace coppice::tuner
