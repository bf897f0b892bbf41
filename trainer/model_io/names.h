#pragma once
// The learner attributes that the reader and the writer agree on.

#include <string_view>

namespace coppice::trainer {

// ToJson(Schema); ours alone.
inline constexpr char kSchemaAttribute[] = "coppice.schema";
// XGBoost's: the best round less one, as a text.
inline constexpr char kBestRoundAttribute[] = "best_iteration";

// Under which key an objective's parameters stand; empty: it has none.
constexpr std::string_view ObjectiveParamGroup(std::string_view objective) {
  if (objective.starts_with("multi:")) return "softmax_multiclass_param";
  if (objective.starts_with("rank:")) return "lambdarank_param";
  if (objective == "reg:pseudohubererror") return "pseudo_huber_param";
  if (objective == "reg:tweedie") return "tweedie_regression_param";
  if (objective == "count:poisson") return "poisson_regression_param";
  if (objective == "reg:quantileerror") return "quantile_loss_param";
  if (objective == "survival:aft") return "aft_loss_param";
  if (objective == "binary:hinge" || objective == "survival:cox" ||
      objective == "reg:absoluteerror") {
    return "";
  }
  return "reg_loss_param";
}

}  // namespace coppice::trainer
