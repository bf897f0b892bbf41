#include "trainer/foreign_params.h"

#include <algorithm>
#include <iterator>

namespace coppice::trainer {
namespace {

struct Foreign {
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view kLinear = "XGBoost does not read it either; leave it out";
constexpr std::string_view kMachine =
    "coppice runs on the CPU and decides about threads with `parallel.threads`; leave it out";
constexpr std::string_view kPlan =
    "coppice grows every tree on histograms and has no other plan; leave it out";
constexpr std::string_view kBias =
    "coppice does not correct for the places of clicks; leave it out";
constexpr std::string_view kTuner = "how trials are judged is said with `split`; leave it out";
constexpr std::string_view kFile = "the model's file is written by coppice; leave it out";

constexpr Foreign kForeignParams[] = {
    {"_kfold", kTuner},
    {"_num_cv_round", kTuner},
    {"_tuning_objective_metric", "use the spec's `objective.metric`"},
    {"csv_weights", "name the column of weights with `data.weight`"},
    {"data_split_mode", kMachine},
    {"deterministic_histogram", "sums are always deterministic here; leave it out"},
    {"device", kMachine},
    {"disable_default_eval_metric", "use the spec's `objective.metric` and `metrics`"},
    {"dsplit", kMachine},
    {"eval_metric", "use the spec's `objective.metric` and `metrics`"},
    {"extmem_single_page", kMachine},
    {"gpu_id", kMachine},
    {"lambda_bias", kLinear},
    {"lambdarank_bias_norm", kBias},
    {"lambdarank_unbiased", kBias},
    {"max_cached_hist_node", kPlan},
    {"max_num_bins", "the name is `max_bin`"},
    {"multi_strategy", "coppice grows one tree a class and round; leave it out"},
    {"n_jobs", kMachine},
    {"nthread", kMachine},
    {"num_pairsample", "use `lambdarank_num_pair_per_sample`"},
    {"num_target", "coppice has one label; leave it out"},
    {"predictor", kMachine},
    {"process_type", kPlan},
    {"refresh_leaf", kPlan},
    {"save_model_on_termination", kFile},
    {"save_period", kFile},
    {"seed_per_iteration", "random numbers are named by seed and round; leave it out"},
    {"single_precision_histogram", "sums are in fixed point; leave it out"},
    {"sketch_eps", "use `max_bin`"},
    {"tolerance", "set `num_round`, or stop early by a validation score"},
    {"use_dask_gpu_training", kMachine},
    {"use_rmm", kMachine},
    {"validate_parameters", "parameters are always checked; leave it out"},
    {"verbosity", "say `--quiet` on the command line"},
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
std::optional<std::string> HintOf(const Foreign (&table)[n], std::string_view name) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Foreign& row) { return row.name == name; });
  if (found == std::end(table)) return std::nullopt;
  return std::string(found->hint);
}

}  // namespace

std::optional<std::string> ForeignParamHint(std::string_view name) {
  return HintOf(kForeignParams, name);
}

std::optional<std::string> ForeignObjectiveHint(std::string_view objective) {
  return HintOf(kForeignObjectives, objective);
}

std::optional<std::string> ForeignUpdaterHint(std::string_view updater) {
  return HintOf(kForeignUpdaters, updater);
}

}  // namespace coppice::trainer
