#include "trainer/predict/plan.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace coppice::trainer {
namespace {

std::unique_ptr<Objective> ObjectiveOf(const Booster& booster) {
  auto objective = MakeObjective(
      booster.objective, SettingsFromParameters(booster.objective_params, booster.n_outputs));
  if (objective == nullptr) {
    throw Error(ErrorKind::kData, fmt::format("objective `{}` is not known", booster.objective), {},
                "coppice has " + ListWords(ObjectiveNames()));
  }
  return objective;
}

// The rounds asked for, `end` resolved.
RoundRange CheckedRounds(const Booster& booster, RoundRange rounds) {
  const int end = rounds.end == 0 ? booster.rounds_used() : rounds.end;
  if (rounds.begin < 0 || rounds.begin > end || end > booster.n_rounds()) {
    const std::string asked = rounds.begin > end ? fmt::format("from {} on", rounds.begin)
                                                 : fmt::format("{} to {}", rounds.begin, end - 1);
    throw Error(
        ErrorKind::kUsage,
        fmt::format("the rounds {} are asked for, and the model has {}", asked, booster.n_rounds()),
        {}, fmt::format("they are called 0 to {}", booster.n_rounds() - 1));
  }
  if (booster.is_linear() && (rounds.begin != 0 || rounds.end != 0)) {
    throw Error(ErrorKind::kUsage, "a linear model has no rounds to choose from", {},
                "predict without a range of rounds");
  }
  return {rounds.begin, end};
}

}  // namespace

PredictionPlan MakePlan(const Booster& booster, std::span<const std::vector<float>> values,
                        RoundRange rounds) {
  const std::size_t n_features = booster.schema.features.size();
  if (values.size() != n_features) {
    throw Error(
        ErrorKind::kData,
        fmt::format("the model has `{}` features and the data `{}`", n_features, values.size()), {},
        "read the data with the model's own schema");
  }
  const RoundRange used = CheckedRounds(booster, rounds);
  PredictionPlan plan;
  plan.n_outputs = static_cast<std::size_t>(booster.n_outputs);
  plan.parallel_trees = static_cast<std::size_t>(booster.parallel_trees);
  if (booster.is_linear()) {
    plan.linear_weights = booster.linear_weights;
  } else {
    const auto per_round = static_cast<std::size_t>(booster.trees_per_round());
    const std::size_t first = static_cast<std::size_t>(used.begin) * per_round;
    const std::size_t count = static_cast<std::size_t>(used.end - used.begin) * per_round;
    plan.trees = std::span<const Tree>(booster.trees).subspan(first, count);
    if (!booster.tree_weights.empty()) {
      plan.tree_weights = std::span<const float>(booster.tree_weights).subspan(first, count);
    }
  }
  plan.objective = ObjectiveOf(booster);
  for (std::size_t k = 0; k < plan.n_outputs; ++k) {
    // XGBoost starts every output of a linear model from the first score, and trained it so.
    const bool first = booster.base_score.size() == 1 || booster.is_linear();
    const float base = booster.base_score[first ? 0 : k];
    plan.base_margin.push_back(plan.objective->ToMargin(base));
  }
  return plan;
}

}  // namespace coppice::trainer
