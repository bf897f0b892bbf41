#include "results/views/ties.h"

#include <cmath>
#include <optional>

#include "results/views/comparison.h"

namespace coppice::results {
namespace {

bool HaveSameFolds(const std::map<int, double>& a, const std::map<int, double>& b) {
  if (a.size() != b.size()) return false;
  for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j) {
    if (i->first != j->first) return false;
  }
  return true;
}

std::vector<double> ScoresOf(const std::map<int, double>& folds) {
  std::vector<double> scores;
  for (const auto& [fold, score] : folds) scores.push_back(score);
  return scores;
}

// Of the difference of two scores; nothing where it is not known.
std::optional<double> ErrorOfDifference(const LeaderboardRow& a,
                                        const std::map<int, double>& folds_of_a,
                                        const LeaderboardRow& b,
                                        const std::map<int, double>& folds_of_b, double overlap) {
  if (a.replicates == 1 && b.replicates == 1) {
    if (!HaveSameFolds(folds_of_a, folds_of_b)) return std::nullopt;
    if (folds_of_a.size() > 1) {
      return ComparePaired(ScoresOf(folds_of_a), ScoresOf(folds_of_b), study::Goal::kMaximize,
                           overlap)
          .std_error;
    }
  }
  if (!a.std_error || !b.std_error) return std::nullopt;
  return std::sqrt(*a.std_error * *a.std_error + *b.std_error * *b.std_error);
}

}  // namespace

bool AreTied(const LeaderboardRow& a, const std::map<int, double>& folds_of_a,
             const LeaderboardRow& b, const std::map<int, double>& folds_of_b, double overlap) {
  if (!a.score || !b.score) return false;
  if (*a.score == *b.score) return true;
  const auto error = ErrorOfDifference(a, folds_of_a, b, folds_of_b, overlap);
  return error && std::abs(*a.score - *b.score) <= *error;
}

void TieRows(const FoldScoresOf& folds_of, double overlap, std::size_t n_needed,
             Leaderboard* board) {
  std::vector<LeaderboardRow>& rows = board->rows;
  // By the scores that all trials have, whichever was chosen by fresh folds.
  const std::optional<double> best = rows.empty() ? std::nullopt : rows.front().score;
  for (LeaderboardRow& row : rows) {
    row.rank_low = row.rank_high = row.rank;
    if (row.score && best) row.vs_best = *row.score - *best;
  }
  for (std::size_t first = 0, end = 0; first < rows.size() && first < n_needed; first = end) {
    end = first + 1;
    if (!rows[first].score) return;
    const std::map<int, double> folds = folds_of(rows[first]);
    while (end < rows.size() && rows[end].score &&
           AreTied(rows[first], folds, rows[end], folds_of(rows[end]), overlap)) {
      ++end;
    }
    for (std::size_t i = first; i < end; ++i) {
      rows[i].rank_low = static_cast<int>(first) + 1;
      rows[i].rank_high = static_cast<int>(end);
    }
  }
}

}  // namespace coppice::results
