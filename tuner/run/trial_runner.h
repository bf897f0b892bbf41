#pragma once
// One stint of a trial: its folds side by side, round by round, until the cap, early stopping, its
// stop test or a limit.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "tuner/loop/round_board.h"
#include "tuner/run/study_data.h"
#include "tuner/run/trial_executor.h"
#include "tuner/run/trial_parking.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// What trials of one study have in common. Borrowed; outlives the runs.
struct TrialContext {
  const Spec& spec;
  const StudyData& data;
  const Clock& clock;
  RoundBoard* board = nullptr;  // where trials say how far they are; null: nowhere
};

// Where the stop test can tell from one fold that a trial is hopeless, the first fold goes ahead
// and the others begin when it has ended. Where the trial survives this, its score, rounds and
// curves are those that it has without.
//
// The score of a trial is the best round of its objective metric's curve, averaged over folds; so
// `num_round` is a cap. Early stopping and the stop test look at the same averaged curve.
// A request with `rounds` ends as paused there, unless the trial is complete by then. A paused
// trial is parked, and so is a cancelled one at the end of its round; it goes on where it stopped.
// Without that, or without a parking, it begins anew and comes to the same trees and curves.
// `limits.trial_seconds` is kept in the middle of a round too, and so is the wish to abandon.
// Whatever goes wrong in the trial is its outcome: nothing is thrown. Runs in the caller's arena.
// Thread-safe.
TrialResult RunTrial(const TrialContext& context, const TrialRequest& request,
                     const CancelToken& cancel, TrialParking* parking = nullptr);

// The metrics that a study records: the objective metric first, then the others, each once.
std::vector<std::string> MetricsOf(const Spec& spec);

// Of a score, the mean of the `scores` of all folds; nothing with a single one. Repeats hold the
// same rows out again, so that they tell more of how much folds differ, but the mean counts as one
// over the folds of one repeat.
std::optional<double> StdErrorOf(std::span<const double> scores, double mean,
                                 const trainer::SplitSpec& split);

// How many rounds behind its best one a training goes on; 0: to its last. Adaptive: 10 rounds and 3
// more for each 10 up to the best one, since what comes slowly may go on slowly.
int PatienceBehind(int best_round, bool adaptive, int early_stopping_rounds);

// The 1-based round with the best value; the first of equals; 0 for an empty curve. NaN is worst.
int BestRound(const std::vector<double>& curve, study::Goal goal);

}  // namespace coppice::tuner
