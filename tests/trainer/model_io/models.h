#pragma once
// Models for the tests of this folder.

#include <string>

#include "trainer/boost/booster.h"

namespace coppice::trainer {

// Two rounds of three classes; a numeric and a categorical feature; numbers that are hard to write.
inline Booster HandMadeBooster() {
  Booster booster;
  booster.objective = "multi:softprob";
  booster.objective_params = {{"num_class", "3"}};
  booster.n_outputs = 3;
  booster.base_score = {0.1f, -12345678.0f, 1.0e-30f};
  booster.best_round = 1;
  booster.attributes = {{"best_score", "0.5"}, {"note", "a \"b\" \\ \n \x01 \xC3\xBC"}};
  booster.schema.features = {{"width, \"cm\"", ColumnKind::kNumeric, {}},
                             {"colour", ColumnKind::kCategorical, {"blue", "red \xC3\xBC", ""}}};
  booster.schema.label = "kind";
  booster.schema.classes = {"a", "b", "c"};
  booster.schema.missing = {"", "?"};
  for (int i = 0; i < 6; ++i) {
    Tree tree;
    for (const std::int32_t parent : {Tree::kNone, 0, 0, 2, 2}) tree.AddNode(parent);
    tree.left[0] = 1;
    tree.right[0] = 2;
    tree.default_left[0] = 1;
    tree.threshold[0] = 1.0e10f / 3.0f;
    tree.loss_change[0] = 12345678848.0f;
    tree.sum_hessian[0] = 16777216.0f;
    tree.left[2] = 3;
    tree.right[2] = 4;
    tree.feature[2] = 1;
    tree.is_categorical[2] = 1;
    tree.threshold[2] = 1.0e-45f;
    tree.category_begin[2] = 0;
    tree.category_size[2] = 2;
    tree.categories = {0, 2};
    tree.threshold[1] = static_cast<float>(i) / 7.0f;
    tree.threshold[3] = -0.0f;
    tree.threshold[4] = -1.0f;
    tree.base_weight = {0.0f, 1.0f, 100.0f, -0.3f, 1.0e-7f};
    booster.trees.push_back(tree);
  }
  return booster;
}

// `text` with the first `what` after `from` replaced; the test fails when it is not there.
std::string Replaced(std::string text, const std::string& what, const std::string& with,
                     const std::string& from = "");

}  // namespace coppice::trainer
