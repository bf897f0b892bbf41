#pragma once
// One trial: its folds side by side, round by round, until the cap, early stopping, its stop test
// or a limit.

#include <vector>

#include "base/cancel.h"
#include "base/clock.h"
#include "tuner/run/study_data.h"
#include "tuner/run/trial_executor.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// What trials of one study have in common. Borrowed; outlives the runs.
struct TrialContext {
  const Spec& spec;
  const StudyData& data;
  const Clock& clock;
};

// The score of a trial is the best round of its objective metric's curve, averaged over folds; so
// `num_round` is a cap. Early stopping and the stop test look at the same averaged curve.
// Whatever goes wrong in the trial is its outcome: nothing is thrown. Runs in the caller's arena.
// Thread-safe.
TrialResult RunTrial(const TrialContext& context, const TrialRequest& request,
                     const CancelToken& cancel);

// The metrics that a study records: the objective metric first, then the others, each once.
std::vector<std::string> MetricsOf(const Spec& spec);

// The 1-based round with the best value; the first of equals; 0 for an empty curve. NaN is worst.
int BestRound(const std::vector<double>& curve, study::Goal goal);

}  // namespace coppice::tuner
