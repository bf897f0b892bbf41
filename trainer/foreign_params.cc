#include "trainer/foreign_params.h"

#include <algorithm>
#include <iterator>

namespace coppice::trainer {
namespace {

struct Foreign {
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view kDart = "coppice has no dropout of trees; leave it out";
constexpr std::string_view kLinear = "coppice trains trees only, no linear models; leave it out";
constexpr std::string_view kMachine =
    "coppice runs on the CPU and decides about threads with `parallel.threads`; leave it out";
constexpr std::string_view kPlan =
    "coppice grows every tree on histograms and has no other plan; leave it out";
constexpr std::string_view kRanking = "coppice has no ranking objectives; leave it out";
constexpr std::string_view kSurvival = "coppice has no survival objectives; leave it out";
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
    {"feature_selector", kLinear},
    {"feature_weights", "all columns have the same chance; leave it out"},
    {"gpu_id", kMachine},
    {"interaction_constraints", "leave it out"},
    {"lambda_bias", kLinear},
    {"lambdarank_bias_norm", kRanking},
    {"lambdarank_normalization", kRanking},
    {"lambdarank_num_pair_per_sample", kRanking},
    {"lambdarank_pair_method", kRanking},
    {"lambdarank_score_normalization", kRanking},
    {"lambdarank_unbiased", kRanking},
    {"max_cached_hist_node", kPlan},
    {"max_num_bins", "the name is `max_bin`"},
    {"monotone_constraints", "leave it out"},
    {"multi_strategy", "coppice grows one tree a class and round; leave it out"},
    {"n_jobs", kMachine},
    {"ndcg_exp_gain", kRanking},
    {"normalize_type", kDart},
    {"nthread", kMachine},
    {"num_pairsample", kRanking},
    {"num_parallel_tree", "coppice grows one tree a class and round; leave it out"},
    {"num_target", "coppice has one label; leave it out"},
    {"one_drop", kDart},
    {"predictor", kMachine},
    {"process_type", kPlan},
    {"quantile_alpha", "coppice has no quantile objective; leave it out"},
    {"rate_drop", kDart},
    {"refresh_leaf", kPlan},
    {"sample_type", kDart},
    {"sampling_method", "rows are sampled uniformly, as with `uniform`; leave it out"},
    {"save_model_on_termination", kFile},
    {"save_period", kFile},
    {"seed_per_iteration", "random numbers are named by seed and round; leave it out"},
    {"single_precision_histogram", "sums are in fixed point; leave it out"},
    {"sketch_eps", "use `max_bin`"},
    {"skip_drop", kDart},
    {"top_k", kLinear},
    {"updater", kPlan},
    {"use_dask_gpu_training", kMachine},
    {"use_rmm", kMachine},
    {"validate_parameters", "parameters are always checked; leave it out"},
    {"verbosity", "say `--quiet` on the command line"},
};

constexpr Foreign kForeignObjectives[] = {
    {"rank:map", ""},           {"rank:ndcg", ""},
    {"rank:pairwise", ""},      {"reg:absoluteerror", ""},
    {"reg:expectileerror", ""}, {"reg:linear", "it is the old name of `reg:squarederror`"},
    {"reg:quantileerror", ""},  {"survival:aft", ""},
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

}  // namespace coppice::trainer
