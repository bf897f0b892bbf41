#pragma once
// The way from a file to a Booster: first everything is read as it stands (keys come in any order),
// then it is checked and put together.

#include <map>
#include <string>
#include <vector>

#include "trainer/boost/booster.h"
#include "trainer/model_io/model_scanner.h"
#include "trainer/model_io/xgboost_tree.h"

namespace coppice::trainer {

// The file as it stands. A mark with an empty path means that the part is absent.
struct ModelText {
  using Mark = ModelScanner::Mark;

  Mark learner;
  std::map<std::string, std::string> attributes;
  std::map<std::string, Mark> attribute_marks;
  std::vector<std::string> feature_names;
  Mark feature_names_mark;
  std::vector<std::string> feature_types;
  Mark feature_types_mark;

  std::string base_score;
  Mark base_score_mark;
  int num_class = 0;
  int num_feature = 0;
  int num_target = 1;
  Mark param;

  std::string objective;
  Mark objective_mark;
  std::map<std::string, std::string> objective_params;

  std::string booster;
  Mark booster_mark;
  Mark model;
  int num_trees = 0;
  int num_parallel_tree = 1;
  std::vector<float> weight_drop;  // dart
  Mark weight_drop_mark;
  std::vector<float> linear_weights;  // gblinear
  int boosted_rounds = 0;
  std::vector<std::int32_t> tree_info;
  std::vector<std::int32_t> round_begins;
  std::vector<TreeText> trees;
  // The texts of the categories of each feature, where XGBoost (3.1 and later) stored them.
  std::vector<std::vector<std::string>> categories;
  Mark categories_mark;
};

// The scanner stands before the file's object; reads to the end of the file.
ModelText ReadModelText(ModelScanner& scan);

// Throws Error (kData) with the place in the file when the text is no sound model. Spends the text.
Booster AssembleModel(ModelText& text, const ModelScanner& scan, const std::string& file);

}  // namespace coppice::trainer
