#pragma once
// A trained model: trees, where they start from, and what the columns mean. A value; it knows
// nothing of training.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "trainer/data/schema.h"
#include "trainer/tree/tree.h"

namespace coppice::trainer {

// Trees of one output in one round that a model may have, in memory and in a file.
inline constexpr int kMostParallelTrees = 1 << 14;

struct Booster {
  std::string objective;                                // "binary:logistic"
  std::map<std::string, std::string> objective_params;  // "scale_pos_weight" -> "1"
  int n_outputs = 1;                                    // classes, or 1
  std::vector<float> base_score;    // [1] or [n_outputs]; in the space of predictions
                                    // (a probability for logistic), for classes margins
  int parallel_trees = 1;           // trees of one output in one round
  std::vector<Tree> trees;          // round after round; in a round output after output
  std::vector<float> tree_weights;  // [n_trees] factors of the trees (dart); empty: all 1
  // A linear model has no trees but these, [n_features + 1, n_outputs]; the last row is the bias.
  std::vector<float> linear_weights;
  int linear_rounds = 0;                          // rounds that a linear model was trained for
  Schema schema;                                  // features, categories, label classes
  int best_round = 0;                             // rounds that predictions use; 0: all
  std::map<std::string, std::string> attributes;  // free texts, as XGBoost's learner attributes

  bool is_linear() const { return !linear_weights.empty(); }
  int trees_per_round() const { return n_outputs * parallel_trees; }
  int OutputOf(int tree) const { return tree / parallel_trees % n_outputs; }
  int n_rounds() const {
    return is_linear() ? linear_rounds : static_cast<int>(trees.size()) / trees_per_round();
  }
  int rounds_used() const { return best_round > 0 ? best_round : n_rounds(); }

  bool operator==(const Booster&) const = default;
};

}  // namespace coppice::trainer
