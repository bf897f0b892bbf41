#include "results/views/confirmed.h"

namespace coppice::results {

std::optional<ConfirmedStudy> ConfirmedOf(const Leaderboard& board, bool has_default,
                                          double overlap) {
  if (!board.is_confirmed()) return std::nullopt;
  ConfirmedStudy study;
  study.winner = board.best();
  study.n_folds = static_cast<int>(study.winner->fresh->fold_scores.size());
  for (const LeaderboardRow& row : board.rows) {
    const bool is_default = has_default && study::ToIndex(row.trial) == 0;
    if (row.state == study::TrialState::kCompleted || row.state == study::TrialState::kPruned) {
      ++study.n_scored;
    }
    if (row.fresh && !is_default) ++study.n_confirmed;
    if (row.fresh && is_default) study.by_default = &row;
  }
  if (study.by_default != nullptr && study.by_default != study.winner) {
    study.gain = ComparePaired(study.winner->fresh->fold_scores,
                               study.by_default->fresh->fold_scores, board.goal, overlap);
  }
  return study;
}

}  // namespace coppice::results
