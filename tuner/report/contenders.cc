#include "tuner/report/contenders.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"
#include "results/views/comparison.h"
#include "results/views/selection_optimism.h"

namespace coppice::tuner {
namespace {

constexpr std::size_t kMostContenders = 500;

bool HasFolds(const Spec& spec) {
  return !spec.is_external && spec.split.kind == trainer::SplitKind::kCrossValidation;
}

// In the order of folds; empty where one is missing.
std::vector<double> FoldScores(const results::TrialStore& store, const Spec& spec,
                               const results::LeaderboardRow& row) {
  const std::vector<study::Curve> curves = store.Curves(row.trial);
  const auto by_fold = results::ScoresByFold({curves, row.round}, spec.metric);
  std::vector<double> scores;
  if (by_fold.size() != static_cast<std::size_t>(spec.split.total_folds())) return scores;
  for (const auto& [fold, score] : by_fold) scores.push_back(score);
  return scores;
}

// Two digits, and no exponent where there is a better way.
std::string Roughly(double value) {
  return value >= 9.5 && value < 1e9 ? fmt::format("{:.0f}", value) : fmt::format("{:.2g}", value);
}

}  // namespace

Contenders ReadContenders(const results::TrialStore& store, const Spec& spec,
                          const results::Leaderboard& board) {
  Contenders contenders;
  if (!HasFolds(spec)) return contenders;
  for (const results::LeaderboardRow& row : board.rows) {
    if (!row.score || row.state != study::TrialState::kCompleted) continue;
    if (contenders.trials.size() < kMostContenders) {
      std::vector<double> scores = FoldScores(store, spec, row);
      if (scores.empty()) continue;
      contenders.trials.push_back(row.trial);
      contenders.scores.push_back(std::move(scores));
    }
    ++contenders.n_completed;
  }
  const results::LeaderboardRow* best = board.best();
  if (best == nullptr || contenders.trials.empty() || contenders.trials.front() != best->trial) {
    return {};
  }
  return contenders;
}

std::optional<Flattery> FlatteryOf(const Contenders& contenders, const Spec& spec) {
  const auto by = results::SelectionOptimism(contenders.scores, spec.split.folds, spec.goal);
  if (!by) return std::nullopt;
  return Flattery{*by, contenders.n_completed};
}

std::string FlatteryText(const Flattery& flattery) {
  if (flattery.by > 0) {
    return fmt::format("the best of {} trials flatters itself by about {}", flattery.trials,
                       Roughly(flattery.by));
  }
  return fmt::format("the best of {} trials leads as far in folds that it was not chosen by",
                     flattery.trials);
}

Json FlatteryJson(const std::optional<Flattery>& flattery) {
  if (!flattery) return nullptr;
  return {{"by", flattery->by}, {"trials", flattery->trials}};
}

std::optional<std::vector<study::TrialId>> TiesOf(const Contenders& contenders, const Spec& spec) {
  if (contenders.trials.empty()) return std::nullopt;
  std::vector<study::TrialId> ties;
  for (std::size_t i = 1; i < contenders.trials.size(); ++i) {
    const results::PairedGain ahead = results::ComparePaired(
        contenders.scores.front(), contenders.scores[i], spec.goal, spec.split.overlap());
    if (ahead.gain <= ahead.std_error.value_or(0)) ties.push_back(contenders.trials[i]);
  }
  return ties;
}

}  // namespace coppice::tuner
