// What may be wrong between the parameters of a training.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "trainer/objective/objective.h"
#include "trainer/param_rows.h"
#include "trainer/param_values.h"
#include "trainer/params.h"

namespace coppice::trainer {
namespace {

std::optional<ParamProblem> BaseScoreProblem(const TrainParams& params) {
  if (!params.base_score) return std::nullopt;
  const double score = *params.base_score;
  const bool logistic = params.objective == "binary:logistic" || params.objective == "reg:logistic";
  if (logistic && !(score > 0 && score < 1)) {
    return ParamProblem{fmt::format("`base_score` must be a probability above 0 and below 1 for "
                                    "`{}`, not `{}`",
                                    params.objective, ToText(score)),
                        "leave it out: it is estimated from the labels"};
  }
  const bool positive = params.objective == "count:poisson" || params.objective == "reg:gamma" ||
                        params.objective == "reg:tweedie" || params.objective == "survival:cox" ||
                        params.objective == "survival:aft";
  if (positive && !(score > 0)) {
    return ParamProblem{fmt::format("`base_score` must be above 0 for `{}`, not `{}`",
                                    params.objective, ToText(score)),
                        "leave it out: it is estimated from the labels"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<ParamProblem> CombinationProblem(const TrainParams& params) {
  if (params.max_depth == 0 && params.max_leaves == 0) {
    return ParamProblem{"`max_depth` and `max_leaves` are both 0, so a tree would have no limit",
                        "set one of them above 0"};
  }
  const bool multi = TargetOf(params.objective) == TargetKind::kMulticlass;
  if (multi && params.num_class == 1) {
    return ParamProblem{
        fmt::format("`num_class` must be at least 2 for `{}`, not `1`", params.objective),
        "leave it out: it is read off the label"};
  }
  if (!multi && params.num_class > 1) {
    return ParamProblem{fmt::format("`num_class` is `{}`, but `{}` has no classes to count",
                                    params.num_class, params.objective),
                        "leave it out, or use `multi:softprob`"};
  }
  for (const ParamRow& row : ParamRows()) {
    if (ValueOf(params, row) == row.info.default_value) continue;
    if (auto problem = MeaningProblem(row.info, params)) {
      return ParamProblem{std::move(*problem), "leave it out"};
    }
  }
  const bool selects = params.feature_selector == FeatureOrder::kGreedy ||
                       params.feature_selector == FeatureOrder::kThrifty;
  if (params.top_k > 0 && !selects) {
    return ParamProblem{
        "`top_k` has no meaning without the `feature_selector` `greedy` or `thrifty`",
        "leave it out, or set `feature_selector`"};
  }
  if (params.tweedie_variance_power >= 2) {
    return ParamProblem{"`tweedie_variance_power` must be below 2, not `2`",
                        "a power of 2 is `reg:gamma`"};
  }
  return BaseScoreProblem(params);
}

std::optional<std::string> MeaningProblem(const ParamInfo& param, const TrainParams& params) {
  const auto fits = [](const auto& list, const auto& one) {
    return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
  };
  if (!fits(param.objectives, params.objective)) {
    return fmt::format("`{}` has no meaning for `{}`", param.name, params.objective);
  }
  // It is a part of this loss, whatever the booster.
  if (param.name == "max_delta_step" && params.objective == "count:poisson") return std::nullopt;
  if (!fits(param.boosters, params.booster)) {
    return fmt::format("`{}` has no meaning for the booster `{}`", param.name,
                       WordOf(params.booster));
  }
  return std::nullopt;
}

}  // namespace coppice::trainer
