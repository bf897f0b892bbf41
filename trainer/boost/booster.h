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

struct Booster {
  std::string objective;                                // "binary:logistic"
  std::map<std::string, std::string> objective_params;  // "scale_pos_weight" -> "1"
  int n_outputs = 1;                                    // classes, or 1
  std::vector<float> base_score;  // [1] or [n_outputs]; in the space of predictions
                                  // (a probability for logistic), for classes margins
  std::vector<Tree> trees;        // of round r and output k: r * n_outputs + k
  Schema schema;                  // features, categories, label classes
  int best_round = 0;             // rounds that predictions use; 0: all
  std::map<std::string, std::string> attributes;  // free texts, as XGBoost's learner attributes

  int n_rounds() const { return static_cast<int>(trees.size()) / n_outputs; }
  int rounds_used() const { return best_round > 0 ? best_round : n_rounds(); }

  bool operator==(const Booster&) const = default;
};

}  // namespace coppice::trainer
