#include "results/views/leaderboard.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace coppice::results {
namespace {

using study::Goal;
using study::Trial;

LeaderboardRow RowOf(const Trial& trial) {
  LeaderboardRow row;
  row.trial = trial.id;
  row.seed_trial = trial.seed_trial ? study::TrialId{*trial.seed_trial} : trial.id;
  row.state = trial.state;
  row.seconds = trial.seconds;
  row.configuration = trial.configuration;
  row.fresh = trial.fresh;
  if (!trial.outcome) return row;
  row.reason = study::ReasonOf(*trial.outcome);
  if (const study::Completed* result = study::ResultOf(*trial.outcome)) {
    row.score = result->score;
    row.std_error = result->std_error;
    row.round = result->best_round;
    row.rounds = result->rounds;
  }
  return row;
}

// The mean over all folds and its error, from those of the search and of the fresh folds.
void AddEvidence(LeaderboardRow& row, int n_folds) {
  if (!row.fresh || !row.score) return;
  const auto n_searched = static_cast<double>(n_folds);
  const auto n_fresh = static_cast<double>(row.fresh->fold_scores.size());
  const double n = n_searched + n_fresh;
  const double mean = (n_searched * *row.score + n_fresh * row.fresh->score) / n;
  // The fresh folds are one division; the error of a score does not fall with its repeats.
  const auto squares = [mean, n_fresh](double part_mean, const std::optional<double>& error,
                                       double folds) {
    const double repeats = std::max(1.0, folds / n_fresh);
    const double within = error.value_or(0) * error.value_or(0) * folds * (folds - 1) / repeats;
    return within + folds * (part_mean - mean) * (part_mean - mean);
  };
  const double all = squares(*row.score, row.std_error, n_searched) +
                     squares(row.fresh->score, row.fresh->std_error, n_fresh);
  row.evidence = mean;
  row.evidence_error = std::sqrt(all / (n - 1) / n);
}

// What its completed trials have in common; does nothing for one trial.
void Average(const std::vector<LeaderboardRow*>& replicates) {
  if (replicates.size() < 2) return;
  const double n = static_cast<double>(replicates.size());
  double sum = 0;
  for (const LeaderboardRow* row : replicates) sum += *row->score;
  const double mean = sum / n;
  double squares = 0;
  for (const LeaderboardRow* row : replicates) {
    squares += (*row->score - mean) * (*row->score - mean);
  }
  for (LeaderboardRow* row : replicates) {
    row->replicates = static_cast<int>(replicates.size());
    row->score = mean;
    row->std_error = std::sqrt(squares / (n - 1) / n);
  }
}

void AverageReplicates(std::vector<LeaderboardRow>& rows) {
  std::map<std::string, std::vector<LeaderboardRow*>> by_configuration;
  for (LeaderboardRow& row : rows) {
    if (row.state != study::TrialState::kCompleted || !row.score) continue;
    by_configuration[row.configuration.CanonicalText()].push_back(&row);
  }
  for (const auto& [configuration, replicates] : by_configuration) Average(replicates);
}

// Smaller is better.
double LossOf(double score, Goal goal) { return goal == Goal::kMaximize ? -score : score; }

// 0 with a score, 1 ended without, 2 not ended.
int GroupOf(const LeaderboardRow& row) {
  if (row.score) return 0;
  return study::IsFinal(row.state) ? 1 : 2;
}

bool Before(const LeaderboardRow& a, const LeaderboardRow& b, Goal goal) {
  const auto key = [goal](const LeaderboardRow& row) {
    return std::tuple(GroupOf(row), row.score ? LossOf(*row.score, goal) : 0.0,
                      study::ToIndex(row.trial));
  };
  return key(a) < key(b);
}

void NumberRows(std::vector<LeaderboardRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    LeaderboardRow& row = rows[i];
    if (GroupOf(row) == 2) continue;
    const bool tied = i > 0 && row.score == rows[i - 1].score;
    row.rank = tied ? rows[i - 1].rank : static_cast<int>(i) + 1;
  }
}

}  // namespace

bool Leaderboard::is_confirmed() const {
  return std::any_of(rows.begin(), rows.end(), [](const LeaderboardRow& row) {
    return row.fresh && study::ToIndex(row.trial) != 0;
  });
}

const LeaderboardRow* Leaderboard::best() const {
  return ChooseBest(*this, is_confirmed() ? choose : BestRule::kBest);
}

Leaderboard MakeLeaderboard(std::string study, std::string metric, Goal goal,
                            const std::vector<Trial>& trials, bool all, bool is_noisy, int n_folds,
                            BestRule choose) {
  Leaderboard board{std::move(study), std::move(metric), goal, {}, choose};
  for (const Trial& trial : trials) {
    if (all || study::IsFinal(trial.state) || trial.outcome) board.rows.push_back(RowOf(trial));
  }
  if (is_noisy) AverageReplicates(board.rows);
  for (LeaderboardRow& row : board.rows) AddEvidence(row, n_folds);
  std::sort(
      board.rows.begin(), board.rows.end(),
      [goal](const LeaderboardRow& a, const LeaderboardRow& b) { return Before(a, b, goal); });
  NumberRows(board.rows);
  return board;
}

const LeaderboardRow* ChooseBest(const Leaderboard& board, BestRule rule) {
  const bool confirmed = board.is_confirmed();
  std::vector<const LeaderboardRow*> rows;
  for (const LeaderboardRow& row : board.rows) {
    if (confirmed ? row.evidence.has_value() : row.score.has_value()) rows.push_back(&row);
  }
  if (rows.empty()) return nullptr;
  const auto loss = [&](const LeaderboardRow* row) {
    return LossOf(confirmed ? *row->evidence : *row->score, board.goal);
  };
  // Of equal ones the first, which has the better score or the smaller number.
  const auto is_less = [&](const auto* a, const auto* b) { return loss(a) < loss(b); };
  const LeaderboardRow* best = *std::min_element(rows.begin(), rows.end(), is_less);
  const std::optional<double> error = confirmed ? best->evidence_error : best->std_error;
  if (rule == BestRule::kBest || !error) return best;
  const double limit = loss(best) + *error;
  const LeaderboardRow* chosen = best;
  for (const LeaderboardRow* row : rows) {
    // Of one that was stopped nobody knows what so few rounds are worth on all folds.
    if (loss(row) > limit || row->state == study::TrialState::kPruned) continue;
    const bool is_better = row->round == chosen->round && is_less(row, chosen);
    if (row->round < chosen->round || is_better) chosen = row;
  }
  return chosen;
}

bool IsAtRoundCap(int best_round, int num_round) {
  return std::int64_t{50} * best_round >= std::int64_t{49} * num_round;
}

}  // namespace coppice::results
