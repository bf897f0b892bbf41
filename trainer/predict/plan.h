#pragma once
// What a prediction takes from a booster, checked once.

#include <memory>
#include <span>
#include <vector>

#include "trainer/objective/objective.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {

// Borrows the booster.
struct PredictionPlan {
  std::span<const Tree> trees;          // of the rounds asked for
  std::span<const float> tree_weights;  // [trees.size()] or empty
  std::size_t n_outputs = 1;
  std::size_t parallel_trees = 1;
  std::unique_ptr<Objective> objective;
  std::vector<float> base_margin;         // [n_outputs]
  std::span<const float> linear_weights;  // as Booster's; empty for trees

  std::size_t OutputOf(std::size_t tree) const { return tree / parallel_trees % n_outputs; }
};

// Throws Error: kData when the data have another width or the objective is not known, kUsage when
// the rounds are not there; a linear model cannot be cut into rounds.
PredictionPlan MakePlan(const Booster& booster, std::span<const std::vector<float>> values,
                        RoundRange rounds);

}  // namespace coppice::trainer
