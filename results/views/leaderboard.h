#pragma once
// The ranked trials of a study: a pure function of its trials.

#include <optional>
#include <string>
#include <vector>

#include "strategies/study/trial.h"

namespace coppice::results {

// Completed, pruned and paused trials have a score, and it is a number: stores refuse one whose
// score is not (such a trial has failed), so that ranking is a total order. Pruned and paused ones
// are ranked by what they had reached.
struct LeaderboardRow {
  // 1-based; equal scores share a rank and the ranks behind them are left out (1, 1, 3). Ended
  // trials without a score share the rank behind the last score. 0 for trials that have not ended.
  int rank = 0;
  // The ranks of the first and the last row that it cannot be told from (TieRows in ties.h); 0
  // until that is asked for.
  int rank_low = 0;
  int rank_high = 0;
  study::TrialId trial{};
  study::TrialId seed_trial{};  // by whose number it draws its samples: mostly its own
  study::TrialState state = study::TrialState::kCompleted;
  // Of the last stint that had one. Where scores are noisy, completed trials of one configuration
  // all have their mean, so that the luck of one decides less, and the standard error of that mean.
  std::optional<double> score;
  std::optional<double> std_error;
  std::optional<double> vs_best;  // the score less the best one's; set with rank_low
  int replicates = 1;             // trials that the score is the mean of
  int round = 0;                  // best round
  int rounds = 0;                 // rounds trained
  double seconds = 0;
  std::string reason;  // why it did not complete
  study::Configuration configuration;
  std::optional<study::Confirmation> fresh = {};
  // Over the folds of the search and the fresh ones together: all that is known of the trial; of
  // confirmed ones. The error takes them for independent.
  std::optional<double> evidence = {};
  std::optional<double> evidence_error = {};
};

// kBest is the best score. kOneStdError is the trial with the fewest rounds (then the best score)
// among those whose score lies within one standard error of the best; without a standard error it
// is kBest. Rounds are those of the best model (`round`): they are what a prediction costs.
enum class BestRule { kBest, kOneStdError };

struct Leaderboard {
  std::string study;
  std::string metric;
  study::Goal goal = study::Goal::kMinimize;
  std::vector<LeaderboardRow> rows;   // best first; ties by trial number; failures last
  BestRule choose = BestRule::kBest;  // by which the winner among confirmed trials is chosen

  // Whether a trial was confirmed, apart from the default configuration, which is no choice of the
  // search: then the winner is one of the confirmed.
  bool is_confirmed() const;
  // The winner: by all evidence among confirmed trials, else the first row; null when no trial has
  // a score.
  const LeaderboardRow* best() const;
};

// Trials with an outcome only, unless `all` asks for waiting and running ones too (behind the
// failures). `is_noisy`: two trials of one configuration may have different scores. `n_folds`: of
// the search, that a score is the mean of.
Leaderboard MakeLeaderboard(std::string study, std::string metric, study::Goal goal,
                            const std::vector<study::Trial>& trials, bool all,
                            bool is_noisy = false, int n_folds = 1,
                            BestRule choose = BestRule::kBest);

// Among confirmed trials, by all evidence, where there are any, else among all by their scores.
// Null when no trial has a score.
const LeaderboardRow* ChooseBest(const Leaderboard& board, BestRule rule);

// Whether the best round lies within 2 % of the most rounds that a trial may have: more of them
// might be better.
bool IsAtRoundCap(int best_round, int num_round);

}  // namespace coppice::results
