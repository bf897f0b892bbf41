#pragma once
// After the search: its best trials and the default configuration once more, on folds and random
// streams that no trial has seen, and with as many rounds as the search chose for each. Nothing is
// selected by the fresh rows before they are scored, so what a trial comes to there is a score to
// believe: the best of many search scores is too good by what was luck in it.

#include <optional>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "results/store/trial_store.h"
#include "results/views/leaderboard.h"
#include "tuner/loop/progress.h"
#include "tuner/run/memory_plan.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {

struct ConfirmOptions {
  int threads = 1;
  MemoryPlan memory;  // of PlanMemory; without a limit, trials are not counted
  ProgressSink* progress = nullptr;
  const CancelToken* interrupt = nullptr;
  std::optional<double> seconds = {};  // the study's limit, of all its running time
};

struct ConfirmResult {
  bool interrupted = false;
  std::vector<std::string> notices;  // on what was left out
};

// The best completed trials, as many as `spec.confirm` says, and the default configuration
// (`has_default`: it is trial 0); empty where that would be fewer than two candidates.
std::vector<results::LeaderboardRow> RowsToConfirm(const results::Leaderboard& board,
                                                   const Spec& spec, bool has_default);

// Folds of the first division that the search does not use. Nothing, with a sentence in `why`,
// where there are no others: few groups may allow one way only.
std::optional<trainer::Split> FreshSplit(const StudyData& data, const Spec& spec, std::string* why);

// Trains `row.round` rounds on each fold of `fresh`, side by side. A completed outcome has the mean
// of the folds as its score; `curves` then holds each fold's score, as a curve of one value. A pure
// function of its arguments but for the cancelling, which is looked at in the middle of a round.
// Exceptions pass. Runs in the caller's arena. Thread-safe.
TrialResult ScoreOnFresh(const TrialContext& context, const trainer::Split& fresh,
                         const results::LeaderboardRow& row, const CancelToken& cancel);

// Appends a TrialConfirmed for each of RowsToConfirm that has none yet, best ones first, as they
// end. A trial that fails or is not in time is left out. Interrupted: a later call does what is
// missing. Throws Error (kStore).
ConfirmResult ConfirmBest(const TrialContext& context, results::TrialStore& store,
                          const ConfirmOptions& options);

}  // namespace coppice::tuner
