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
double Loss(const LeaderboardRow& row, Goal goal) {
  return goal == Goal::kMaximize ? -*row.score : *row.score;
}

// 0 with a score, 1 ended without, 2 not ended.
int GroupOf(const LeaderboardRow& row) {
  if (row.score) return 0;
  return study::IsFinal(row.state) ? 1 : 2;
}

bool Before(const LeaderboardRow& a, const LeaderboardRow& b, Goal goal) {
  const auto key = [goal](const LeaderboardRow& row) {
    return std::tuple(GroupOf(row), row.score ? Loss(row, goal) : 0.0, study::ToIndex(row.trial));
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

const LeaderboardRow* Leaderboard::best() const {
  return rows.empty() || !rows.front().score ? nullptr : &rows.front();
}

Leaderboard MakeLeaderboard(std::string study, std::string metric, Goal goal,
                            const std::vector<Trial>& trials, bool all, bool is_noisy) {
  Leaderboard board{std::move(study), std::move(metric), goal, {}};
  for (const Trial& trial : trials) {
    if (all || study::IsFinal(trial.state) || trial.outcome) board.rows.push_back(RowOf(trial));
  }
  if (is_noisy) AverageReplicates(board.rows);
  std::sort(
      board.rows.begin(), board.rows.end(),
      [goal](const LeaderboardRow& a, const LeaderboardRow& b) { return Before(a, b, goal); });
  NumberRows(board.rows);
  return board;
}

const LeaderboardRow* ChooseBest(const Leaderboard& board, BestRule rule) {
  const LeaderboardRow* best = board.best();
  if (best == nullptr || rule == BestRule::kBest || !best->std_error) return best;
  const double limit = Loss(*best, board.goal) + *best->std_error;
  const LeaderboardRow* chosen = best;
  // Rows come best first, so that among equally many rounds the first one found is the best.
  for (const LeaderboardRow& row : board.rows) {
    if (!row.score || Loss(row, board.goal) > limit) break;
    // Of one that was stopped nobody knows what so few rounds are worth on all folds.
    if (row.round < chosen->round && row.state != study::TrialState::kPruned) chosen = &row;
  }
  return chosen;
}

bool IsAtRoundCap(int best_round, int num_round) {
  return std::int64_t{50} * best_round >= std::int64_t{49} * num_round;
}

}  // namespace coppice::results
