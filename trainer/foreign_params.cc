#include "trainer/foreign_params.h"

#include <algorithm>
#include <iterator>

namespace coppice::trainer {
namespace {

struct Foreign {
  std::string_view name;
  std::string_view hint;
  bool is_said_elsewhere = false;
};

constexpr std::string_view kLinear = "XGBoost does not read it either; leave it out";
constexpr std::string_view kMachine = "coppice runs on the CPU of one machine; leave it out";
constexpr std::string_view kPlan =
    "coppice grows every tree on histograms and has no other plan; leave it out";
constexpr std::string_view kBias =
    "coppice does not correct for the places of clicks; leave it out";
constexpr std::string_view kTuner = "how trials are judged is said with `split`; leave it out";
constexpr std::string_view kFile = "the model's file is written by coppice; leave it out";
constexpr std::string_view kThreads = "say how many threads with `parallel.threads`";
constexpr std::string_view kMetric =
    "name the metrics with the spec's `objective.metric` and `metrics`";

constexpr bool kElsewhere = true;

constexpr Foreign kForeignParams[] = {
    {"_kfold", kTuner, kElsewhere},
    {"_num_cv_round", kTuner, kElsewhere},
    {"_tuning_objective_metric", "use the spec's `objective.metric`", kElsewhere},
    {"csv_weights", "name the column of weights with `data.weight`", kElsewhere},
    {"data_split_mode", kMachine},
    {"deterministic_histogram", "sums are always deterministic here; leave it out"},
    {"device", kMachine},
    {"disable_default_eval_metric", kMetric, kElsewhere},
    {"dsplit", kMachine},
    {"enable_categorical", "columns of texts are categories; name others with `data.categorical`",
     kElsewhere},
    {"eval_metric", kMetric, kElsewhere},
    {"extmem_single_page", kMachine},
    {"gpu_id", kMachine},
    {"importance_type", "`coppice export MODEL --what importance` shows all kinds", kElsewhere},
    {"lambda_bias", kLinear},
    {"lambdarank_bias_norm", kBias},
    {"lambdarank_unbiased", kBias},
    {"max_cached_hist_node", kPlan},
    {"max_num_bins", "the name is `max_bin`", kElsewhere},
    {"missing", "texts that mean \"not known\" are said with `data.missing`", kElsewhere},
    {"multi_strategy", "coppice grows one tree a class and round; leave it out"},
    {"n_jobs", kThreads, kElsewhere},
    {"nthread", kThreads, kElsewhere},
    {"num_pairsample", "use `lambdarank_num_pair_per_sample`", kElsewhere},
    {"num_target", "coppice has one label; leave it out"},
    {"predictor", kMachine},
    {"process_type", kPlan},
    {"refresh_leaf", kPlan},
    {"save_model_on_termination", kFile},
    {"save_period", kFile},
    {"seed_per_iteration", "random numbers are named by seed and round; leave it out"},
    {"silent", "say `--quiet` on the command line", kElsewhere},
    {"single_precision_histogram", "sums are in fixed point; leave it out"},
    {"sketch_eps", "use `max_bin`", kElsewhere},
    {"tolerance", "set `num_round`, or stop early by a validation score"},
    {"use_dask_gpu_training", kMachine},
    {"use_rmm", kMachine},
    {"validate_parameters", "parameters are always checked; leave it out"},
    {"verbose", "say `--quiet` on the command line", kElsewhere},
    {"verbosity", "say `--quiet` on the command line", kElsewhere},
};

// LightGBM's, CatBoost's and scikit-learn's words, with XGBoost's for the same thing.
constexpr Foreign kOtherLibraries[] = {
    {"bagging_fraction", "subsample"},
    {"depth", "max_depth"},
    {"feature_fraction", "colsample_bytree"},
    {"iterations", "num_round"},
    {"l2_leaf_reg", "lambda"},
    {"lambda_l1", "alpha"},
    {"lambda_l2", "lambda"},
    {"max_iter", "num_round"},
    {"max_leaf_nodes", "max_leaves"},
    {"min_data_in_leaf", "min_child_weight"},
    {"min_gain_to_split", "gamma"},
    {"min_samples_leaf", "min_child_weight"},
    {"min_sum_hessian_in_leaf", "min_child_weight"},
    {"num_boost_rounds", "num_round"},
    {"num_iterations", "num_round"},
    {"num_leaves", "max_leaves"},
    {"num_rounds", "num_round"},
    {"random_seed", "seed"},
};

constexpr Foreign kForeignObjectives[] = {
    {"reg:expectileerror", ""},
    {"reg:linear", "it is the old name of `reg:squarederror`"},
};

constexpr std::string_view kTreesOnHistograms =
    "trees are always grown on histograms; leave it out";

constexpr Foreign kForeignUpdaters[] = {
    {"grow_colmaker", kTreesOnHistograms},
    {"grow_histmaker", kTreesOnHistograms},
    {"grow_quantile_histmaker", kTreesOnHistograms},
    {"prune", kTreesOnHistograms},
    {"shotgun",
     "its result depends on threads; use `coord_descent`, which is the same on any "
     "number of them"},
};

template <std::size_t n>
const Foreign* Find(const Foreign (&table)[n], std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Foreign& row) { return row.name == name; });
  return found == std::end(table) ? nullptr : found;
}

template <std::size_t n>
std::optional<std::string> HintOf(const Foreign (&table)[n], std::string_view name) {
  const Foreign* found = Find(table, name);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found->hint);
}

}  // namespace

std::optional<ForeignParam> FindForeignParam(std::string_view name) {
  if (const Foreign* found = Find(kForeignParams, name)) {
    return ForeignParam{std::string(found->hint), found->is_said_elsewhere};
  }
  if (const Foreign* found = Find(kOtherLibraries, name)) {
    return ForeignParam{"XGBoost's name for it is `" + std::string(found->hint) + "`", true};
  }
  return std::nullopt;
}

std::vector<std::string> ForeignParamNames() {
  std::vector<std::string> names;
  for (const Foreign& row : kForeignParams) names.emplace_back(row.name);
  for (const Foreign& row : kOtherLibraries) names.emplace_back(row.name);
  return names;
}

std::optional<std::string> ForeignObjectiveHint(std::string_view objective) {
  return HintOf(kForeignObjectives, objective);
}

std::optional<std::string> ForeignUpdaterHint(std::string_view updater) {
  return HintOf(kForeignUpdaters, updater);
}

}  // namespace coppice::trainer
