#include "trainer/params.h"

#include <utility>

#include "base/error.h"
#include "trainer/param_rows.h"
#include "trainer/param_values.h"

namespace coppice::trainer {

const std::vector<ParamInfo>& ParamTable() {
  static const std::vector<ParamInfo> table = [] {
    std::vector<ParamInfo> infos;
    for (const ParamRow& row : ParamRows()) infos.push_back(row.info);
    return infos;
  }();
  return table;
}

const ParamInfo* FindParam(const std::string& name) {
  const ParamRow* row = FindParamRow(name);
  return row == nullptr ? nullptr : &row->info;
}

ObjectiveSettings SettingsOf(const TrainParams& params) {
  return {.num_class = params.num_class,
          .scale_pos_weight = params.scale_pos_weight,
          .huber_slope = params.huber_slope,
          .tweedie_variance_power = params.tweedie_variance_power,
          .max_delta_step = MaxDeltaStep(params),
          .quantile_alpha = params.quantile_alpha,
          .aft_distribution = params.aft_distribution,
          .aft_scale = params.aft_scale,
          .rank = {.pair_method = params.rank_pair_method,
                   .pairs_per_sample = params.rank_pairs,
                   .normalization = params.rank_normalization,
                   .score_normalization = params.rank_score_normalization,
                   .exp_gain = params.ndcg_exp_gain}};
}

void SetParam(TrainParams& params, const std::string& name, const Value& value) {
  const ParamRow* row = FindParamRow(name);
  COPPICE_CHECK(row != nullptr && !ValueProblem(row->info, value),
                "a parameter is checked before it is set");
  SetValue(params, *row, value);
}

std::map<std::string, Value> ParamValues(const TrainParams& params) {
  std::map<std::string, Value> values;
  for (const ParamRow& row : ParamRows()) {
    if (auto value = ValueOf(params, row)) values.emplace(row.info.name, std::move(*value));
  }
  return values;
}

std::string WordOf(BoosterKind booster) {
  switch (booster) {
    case BoosterKind::kGbtree:
      return "gbtree";
    case BoosterKind::kDart:
      return "dart";
    case BoosterKind::kGblinear:
      return "gblinear";
  }
  return {};
}

}  // namespace coppice::trainer
