#pragma once
// The training parameters: XGBoost's names, defaults, aliases and limits, in one table that also
// makes the messages and the docs.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "trainer/feature_params.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {

enum class BoosterKind { kGbtree, kDart, kGblinear };
enum class GrowPolicy { kDepthwise, kLossguide };
enum class SamplingMethod { kUniform, kGradientBased };
// dart: which trees are dropped, and how those and the new ones are scaled.
enum class DropSampling { kUniform, kWeighted };
enum class DropScaling { kTree, kForest };
// gblinear: in which order a round visits the features.
enum class FeatureOrder { kCyclic, kShuffle, kRandom, kGreedy, kThrifty };

// Defaults are XGBoost's. What each one does: trainer/param_rows.cc.
struct TrainParams {
  BoosterKind booster = BoosterKind::kGbtree;
  std::string objective = "reg:squarederror";
  int num_class = 0;  // 0: read off the label (multi:*)
  int num_round = 100;
  int early_stopping_rounds = 0;  // 0: off
  std::uint64_t seed = 0;

  std::optional<double> eta;  // nothing: Eta
  double gamma = 0;
  int max_depth = 6;   // 0: no limit
  int max_leaves = 0;  // 0: no limit
  GrowPolicy grow_policy = GrowPolicy::kDepthwise;
  double min_child_weight = 1;
  std::optional<double> max_delta_step;  // 0: no limit; nothing: MaxDeltaStep
  std::optional<double> lambda;          // nothing: Lambda
  double alpha = 0;
  double subsample = 1;
  SamplingMethod sampling_method = SamplingMethod::kUniform;
  double colsample_bytree = 1;
  double colsample_bylevel = 1;
  double colsample_bynode = 1;
  int num_parallel_tree = 1;
  FeatureNumbers monotone_constraints;  // -1, 0 or 1
  FeatureGroups interaction_constraints;
  FeatureNumbers feature_weights;  // from 0
  double scale_pos_weight = 1;
  double huber_slope = 1;
  double tweedie_variance_power = 1.5;
  AftDistribution aft_distribution = AftDistribution::kNormal;
  double aft_scale = 1;
  std::vector<double> quantile_alpha = {0.5};
  PairMethod rank_pair_method = PairMethod::kTopK;
  std::optional<int> rank_pairs;  // nothing: as many as the method has by itself
  bool rank_normalization = true;
  bool rank_score_normalization = true;
  bool ndcg_exp_gain = true;
  std::optional<double> base_score;  // nothing: estimated from the labels
  int max_bin = 256;
  int max_cat_to_onehot = 4;
  int max_cat_threshold = 64;

  DropSampling sample_type = DropSampling::kUniform;
  DropScaling normalize_type = DropScaling::kTree;
  double rate_drop = 0;
  int one_drop = 0;  // 0 or 1
  double skip_drop = 0;

  FeatureOrder feature_selector = FeatureOrder::kCyclic;
  int top_k = 0;  // 0: all
};

// As it is given, or as the booster begins with.
inline double Eta(const TrainParams& params) {
  return params.eta.value_or(params.booster == BoosterKind::kGblinear ? 0.5 : 0.3);
}
inline double Lambda(const TrainParams& params) {
  return params.lambda.value_or(params.booster == BoosterKind::kGblinear ? 0.0 : 1.0);
}

// As it is given, or as the objective begins with.
inline double MaxDeltaStep(const TrainParams& params) {
  return params.max_delta_step.value_or(params.objective == "count:poisson" ? 0.7 : 0.0);
}

// What of the parameters is the objective's and the metrics' own.
ObjectiveSettings SettingsOf(const TrainParams& params);

// kNumbers: one number or several. As a Value they are a text, "[0.1,0.9]"; a number alone is a
// list of one. kList: a list or an object; its Value is the text of its JSON.
enum class ParamType { kInt, kFloat, kWord, kNumbers, kList };

struct ParamInfo {
  std::string name;
  std::vector<std::string> aliases;
  ParamType type = ParamType::kFloat;
  std::optional<Value> default_value;   // nothing: estimated or required
  double min = 0;                       // of numbers
  double max = 0;                       // kFloat: infinity where there is no bound
  bool min_open = false;                // min itself is not allowed
  bool whole = false;                   // kList: the numbers in it must be whole
  std::vector<std::string> words;       // kWord
  std::string form;                     // kList: how it is written
  std::vector<std::string> objectives;  // those that it means something for; empty: all
  std::vector<BoosterKind> boosters;    // the same
  bool searchable = true;               // may stand in the spec's `search`
  std::string search_hint;              // not searchable: why, and what to do instead
  std::string what;                     // one sentence for people
};

// Sorted as XGBoost's documentation groups them.
const std::vector<ParamInfo>& ParamTable();

// By name or alias; null when unknown. Lives as long as the program.
const ParamInfo* FindParam(const std::string& name);

// What is wrong with a name ("unknown parameter `etaa`" with hint "did you mean `eta`?"; or a known
// XGBoost parameter that coppice does not have), or nothing.
struct ParamProblem {
  std::string message;
  std::string hint;
};
std::optional<ParamProblem> NameProblem(const std::string& name);
// What is wrong with a value for a known parameter, or nothing. A number may stand where a word
// stands only if the table says so (it does for none now); whole reals pass as whole numbers.
std::optional<ParamProblem> ValueProblem(const ParamInfo& param, const Value& value);

// NameProblem and ValueProblem are nothing.
void SetParam(TrainParams& params, const std::string& name, const Value& value);
// All parameters by name, for the resolved spec; base_score only where it is set. Setting them one
// by one on a TrainParams gives an equal one.
std::map<std::string, Value> ParamValues(const TrainParams& params);

// What is wrong between the parameters (max_depth and max_leaves both 0, num_class without classes,
// one that means nothing for the booster or the objective, a base_score that the objective cannot
// mean), or nothing.
// num_class 0 is legal for multi:*: it is read off the label then.
std::optional<ParamProblem> CombinationProblem(const TrainParams& params);
// "`huber_slope` has no meaning for `reg:gamma`", by the booster and objective of `params`, or
// nothing.
std::optional<std::string> MeaningProblem(const ParamInfo& param, const TrainParams& params);
// "gbtree", "dart", "gblinear".
std::string WordOf(BoosterKind booster);

}  // namespace coppice::trainer
