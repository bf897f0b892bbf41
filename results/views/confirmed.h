#pragma once
// What the confirmation of a study's best trials says: the winner's score on folds that no trial of
// the search has seen, and its gain over the default configuration there.

#include <optional>

#include "results/views/comparison.h"
#include "results/views/leaderboard.h"

namespace coppice::results {

// Borrows the leaderboard.
struct ConfirmedStudy {
  const LeaderboardRow* winner = nullptr;
  // The default configuration on the same folds; null: it was not scored there.
  const LeaderboardRow* by_default = nullptr;
  int n_confirmed = 0;  // trials, without the default configuration
  int n_scored = 0;     // trials that completed or were pruned
  int n_folds = 0;      // fresh ones
  // Of the winner over the default configuration, on the fresh folds alone; nothing where it is the
  // winner itself.
  std::optional<PairedGain> gain = {};
};

// `has_default`: trial 0 is the default configuration. `overlap` of the folds as for ComparePaired.
// Nothing where no trial was confirmed.
std::optional<ConfirmedStudy> ConfirmedOf(const Leaderboard& board, bool has_default,
                                          double overlap);

}  // namespace coppice::results
