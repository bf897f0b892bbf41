#include "tuner/spec/foreign_words.h"

#include <algorithm>
#include <iterator>

namespace coppice::tuner {
namespace {

constexpr std::string_view kRanges =
    "they are `search` here: `\"search\": {\"eta\": {\"type\": \"float\", \"min\": 0.01, "
    "\"max\": 0.3, \"scale\": \"log\"}}`, or `auto`";
constexpr std::string_view kFloat =
    "a range is a field of `search` here: `\"eta\": {\"type\": \"float\", \"min\": 0.01, "
    "\"max\": 0.3, \"scale\": \"log\"}`";
constexpr std::string_view kInt =
    "a range is a field of `search` here: `\"max_depth\": {\"type\": \"int\", \"min\": 2, "
    "\"max\": 10}`";
constexpr std::string_view kCategorical =
    "a range is a field of `search` here: `\"grow_policy\": {\"type\": \"categorical\", "
    "\"values\": [\"depthwise\", \"lossguide\"]}`";
constexpr std::string_view kTrials = "it is `stop.trials` here";
constexpr std::string_view kSeconds = "it is `stop.seconds` here";
constexpr std::string_view kSlots = "it is `parallel.slots` here";
constexpr std::string_view kScale =
    "it is `scale` here: `auto`, `linear`, `log`, `log0` or `reverse_log`";
constexpr std::string_view kObjective =
    "it is `objective` here: `{\"metric\": \"auc\", \"goal\": \"maximize\"}`";
constexpr std::string_view kGoal =
    "it is `objective.goal` here, `minimize` or `maximize`; the metric decides it by itself";
constexpr std::string_view kPrune =
    "it is `prune` here: `{\"kind\": \"learned\"}`, or `median`, `asha`, `none`";
constexpr std::string_view kStrategy =
    "it is `strategy` here: `{\"kind\": \"bayesian\"}`, or another kind";
constexpr std::string_view kConverged =
    "they are `stop.converged`, `stop.no_gain_trials` and `stop.target` here";
constexpr std::string_view kSeed = "it is `seed` here";
constexpr std::string_view kTrain = "fixed parameters are `train` here, searched ones `search`";
constexpr std::string_view kData =
    "it is `data` here: `{\"train\": \"FILE\", \"label\": \"COLUMN\"}`";
constexpr std::string_view kJob =
    "its parts are `search`, `objective`, `strategy` and `stop` here, side by side";

constexpr ForeignWord kFields[] = {
    {"AlgorithmSpecification", kTrain},
    {"CategoricalParameterRanges", kCategorical},
    {"CompletionCriteria", kConverged},
    {"ContinuousParameterRanges", kFloat},
    {"EarlyStoppingType", kPrune},
    {"HyperParameterRanges", kRanges},
    {"HyperParameterTuningJobConfig", kJob},
    {"HyperParameterTuningJobName", "it is `name` here"},
    {"HyperParameterTuningJobObjective", kObjective},
    {"HyperbandStrategyConfig",
     "the fields of `strategy` are `min_rounds` (MinResource) and `reduction`; `train.num_round` "
     "is MaxResource"},
    {"InputDataConfig", kData},
    {"IntegerParameterRanges", kInt},
    {"MaxNumberOfTrainingJobsNotImproving", "it is `stop.no_gain_trials` here"},
    {"MaxNumberOfTrainingJobs", kTrials},
    {"MaxParallelTrainingJobs", kSlots},
    {"MaxResource", "it is `train.num_round` here"},
    {"MaxRuntimeInSeconds",
     "it is `stop.seconds` here for the study and `limits.trial_seconds` for one trial"},
    {"MaxValue", "it is `max` here"},
    {"MetricName", "it is `objective.metric` here"},
    {"MinResource", "it is `strategy.min_rounds` here"},
    {"MinValue", "it is `min` here"},
    {"Name", "a range's name is its key here: `\"search\": {\"eta\": {...}}`"},
    {"ObjectiveMetricName", "it is `objective.metric` here"},
    {"Objective", kObjective},
    {"ParameterRanges", kRanges},
    {"ParentHyperParameterTuningJobs", "it is `warm_start` here: a list of studies"},
    {"IdenticalDataAndAlgorithm", "it is `\"kind\": \"identical\"` in `warm_start` here"},
    {"RandomSeed", kSeed},
    {"ResourceLimits", "they are `stop.trials`, `stop.seconds` and `parallel.slots` here"},
    {"RetryStrategy", "`coppice resume STUDY --retry failed` runs failed trials again"},
    {"ScalingType", kScale},
    {"StaticHyperParameters", kTrain},
    {"StrategyConfig", kStrategy},
    {"Strategy", kStrategy},
    {"TargetObjectiveMetricValue", "it is `stop.target` here"},
    {"TrainingJobDefinition", kTrain},
    {"TrainingJobEarlyStoppingType", kPrune},
    {"TuningJobCompletionCriteria", kConverged},
    {"TuningObjective", kObjective},
    {"Type", "it is `type` here, or `goal` in `objective`"},
    {"Values", "it is `values` here"},
    {"WarmStartConfig", "it is `warm_start` here: a list of studies"},
    {"choices", "it is `values` here, with the type `categorical`"},
    {"cv", "it is `split` here: `{\"kind\": \"cv\", \"folds\": 5}`"},
    {"dataset", kData},
    {"directions", kGoal},
    {"direction", kGoal},
    {"distribution", "the fields of a range are `type`, `min`, `max`, `scale` and `values`"},
    {"early_stopping_rounds", "it is `train.early_stopping_rounds` here"},
    {"enqueue_trial", "it is `start` here: a list of configurations to try first"},
    {"eval_metric", "it is `objective.metric` here, and `metrics` for those recorded beside it"},
    {"features", "every column is one but the label and those in `data.ignore`"},
    {"folds", "it is `split.folds` here"},
    {"gc_after_trial", "there is nothing to collect: leave it out"},
    {"goal", kGoal},
    {"high", "it is `max` here"},
    {"hyperparameters", kTrain},
    {"label", "it is `data.label` here"},
    {"load_if_exists", "`coppice resume STUDY` goes on with a study that exists"},
    {"log", "it is `\"scale\": \"log\"` here"},
    {"low", "it is `min` here"},
    {"max_evals", kTrials},
    {"max_iter", kTrials},
    {"max_trials", kTrials},
    {"metric", "it is `objective.metric` here"},
    {"n_folds", "it is `split.folds` here"},
    {"n_iter", kTrials},
    {"n_jobs", "trials at once are `parallel.slots` here, threads `parallel.threads`"},
    {"n_repeats", "it is `split.repeats` here"},
    {"n_splits", "it is `split.folds` here"},
    {"n_trials", kTrials},
    {"nthread", "it is `parallel.threads` here"},
    {"num_boost_round", "it is `train.num_round` here"},
    {"num_round", "it is `train.num_round` here"},
    {"num_samples", kTrials},
    {"num_trials", kTrials},
    {"param_distributions", kRanges},
    {"param_grid", kRanges},
    {"params", "fixed ones are `train` here, searched ones `search`"},
    {"pruner", kPrune},
    {"q", "it is `step` here"},
    {"random_state", kSeed},
    {"refit", "the best trial is always trained again on all training rows: leave it out"},
    {"sampler", kStrategy},
    {"scoring", "it is `objective.metric` here"},
    {"search_space", kRanges},
    {"space", kRanges},
    {"start_from", "it is `warm_start` here: a list of studies"},
    {"storage", "the store is a folder, given as `--store DIR`"},
    {"study_name", "it is `name` here"},
    {"target", "the label is `data.label` here, a score to reach `stop.target`"},
    {"test_size", "it is `split.test_fraction` here"},
    {"threads", "it is `parallel.threads` here"},
    {"time_budget", kSeconds},
    {"timeout", kSeconds},
    {"trials", kTrials},
    {"validation_split", "it is `split.validation_fraction` here, with the kind `holdout`"},
};

constexpr std::string_view kFloatType = "the type is `float`";
constexpr std::string_view kIntType = "the type is `int`";
constexpr std::string_view kCategoricalType = "the type is `categorical`, with `values`";
constexpr std::string_view kNegative =
    "name the error itself, which is made small: `rmse`, `mae`, `mse`, `mape` or `logloss`";

constexpr ForeignWord kValues[] = {
    {"Categorical", kCategoricalType},
    {"Continuous", kFloatType},
    {"FreeText", kCategoricalType},
    {"Integer", kIntType},
    {"Logarithmic", "the word is `log`"},
    {"ReverseLogarithmic", "the word is `reverse_log`"},
    {"TPE", "use `bayesian`, which learns from trials by a model too"},
    {"average_precision", "the metric is `aucpr`"},
    {"balanced_accuracy_score", "the metric is `balanced_accuracy`"},
    {"choice", kCategoricalType},
    {"classification_error", "the metric is `error`, or `merror` for several classes"},
    {"cmaes", "use `bayesian`"},
    {"continuous", kFloatType},
    {"double", kFloatType},
    {"f1_weighted", "use `f1_macro`, or `f1` for two classes"},
    {"gp", "use `bayesian`, which is a Gaussian process"},
    {"integer", kIntType},
    {"l1", "the metric is `mae`"},
    {"l2", "the metric is `mse`"},
    {"log_loss", "the metric is `logloss`, or `mlogloss` for several classes"},
    {"log_uniform", "use `\"type\": \"float\"` with `\"scale\": \"log\"`"},
    {"loguniform", "use `\"type\": \"float\"` with `\"scale\": \"log\"`"},
    {"max", "the word is `maximize`"},
    {"mean_absolute_error", "the metric is `mae`"},
    {"mean_squared_error", "the metric is `mse`"},
    {"min", "the word is `minimize`"},
    {"neg_log_loss", kNegative},
    {"neg_mean_absolute_error", kNegative},
    {"neg_mean_absolute_percentage_error", kNegative},
    {"neg_mean_squared_error", kNegative},
    {"neg_median_absolute_error", kNegative},
    {"neg_root_mean_squared_error", kNegative},
    {"number", kFloatType},
    {"randint", kIntType},
    {"real", kFloatType},
    {"roc_auc_ovr", "the metric is `auc`"},
    {"roc_auc_score", "the metric is `auc`"},
    {"roc_auc", "the metric is `auc`"},
    {"root_mean_squared_error", "the metric is `rmse`"},
    {"suggest_categorical", kCategoricalType},
    {"suggest_discrete_uniform", "use `\"type\": \"float\"` with `step`"},
    {"suggest_float", kFloatType},
    {"suggest_int", kIntType},
    {"suggest_loguniform", "use `\"type\": \"float\"` with `\"scale\": \"log\"`"},
    {"suggest_uniform", kFloatType},
    {"tpe", "use `bayesian`, which learns from trials by a model too"},
    {"uniform", kFloatType},
};

template <std::size_t n>
std::optional<std::string> HintOf(const ForeignWord (&table)[n], std::string_view word) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const ForeignWord& row) { return row.word == word; });
  if (found == std::end(table)) return std::nullopt;
  return std::string(found->hint);
}

}  // namespace

std::optional<std::string> ForeignFieldHint(std::string_view field) {
  return HintOf(kFields, field);
}

std::optional<std::string> ForeignValueHint(std::string_view value) {
  return HintOf(kValues, value);
}

std::vector<ForeignWord> ForeignFields() { return {std::begin(kFields), std::end(kFields)}; }

std::vector<ForeignWord> ForeignValues() { return {std::begin(kValues), std::end(kValues)}; }

}  // namespace coppice::tuner
