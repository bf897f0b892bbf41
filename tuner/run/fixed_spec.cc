#include "tuner/run/fixed_spec.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"
#include "trainer/params.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/param_field.h"

namespace coppice::tuner {
namespace {

// XGBoost takes a list of numbers for no parameter of training, only the text of a tuple.
Json XgboostValue(const std::string& name, const Value& value) {
  Json json = ParamJson(*trainer::FindParam(name), value);
  if (name != "monotone_constraints" || !json.is_array()) return json;
  std::string text = json.dump();
  text.front() = '(';
  text.back() = ')';
  return text;
}

// XGBoost's class after the manner of scikit-learn.
std::string EstimatorFor(const Json& params) {
  const std::string objective = params.value("objective", std::string());
  if (objective.starts_with("binary:") || objective.starts_with("multi:")) return "XGBClassifier";
  return objective.starts_with("rank:") ? "XGBRanker" : "XGBRegressor";
}

}  // namespace

Json XgboostParams(const Spec& spec, const study::Configuration& configuration) {
  Json params = Json::object();
  for (const auto& [name, value] : spec.train) params[name] = XgboostValue(name, value);
  for (const auto& [name, value] : configuration.values()) params[name] = XgboostValue(name, value);
  // A resolved spec has every parameter; XGBoost minds those of another booster.
  const trainer::TrainParams meant = spec.ParamsFor(configuration);
  for (const trainer::ParamInfo& param : trainer::ParamTable()) {
    if (trainer::MeaningProblem(param, meant)) params.erase(param.name);
  }
  // 0 stands for "read off the label", which XGBoost does not do; the model knows.
  if (params.contains("num_class") && params["num_class"] == 0) params.erase("num_class");
  // The rounds are the best ones already, and stopping early would need rows to watch.
  params.erase("early_stopping_rounds");
  params.erase("num_round");
  return params;
}

Json XgboostCall(Json params, int rounds) {
  Json call = Json::object();
  Json weights;
  if (params.contains("feature_weights")) {
    weights = params["feature_weights"];
    params.erase("feature_weights");
  }
  call["params"] = std::move(params);
  call["num_boost_round"] = rounds;
  if (!weights.is_null()) call["feature_weights"] = std::move(weights);
  return call;
}

std::string XgboostPython(const Json& params, int rounds) {
  const Json call = XgboostCall(params, rounds);
  std::string text = "import xgboost\n\nparams = {\n";
  for (const auto& [name, value] : call["params"].items()) {
    // Numbers, words, lists and objects of JSON are those of Python.
    text += fmt::format("    {}: {},\n", Json(name).dump(), value.dump());
  }
  text += "}\n";
  if (call.contains("feature_weights")) {
    text +=
        fmt::format("# rows.set_info(feature_weights=...): {}\n", call["feature_weights"].dump());
  }
  text += fmt::format("booster = xgboost.train(params, rows, num_boost_round={})\n", rounds);
  return text + fmt::format("# or: xgboost.{}(**params, n_estimators={})\n",
                            EstimatorFor(call["params"]), rounds);
}

Json FixedSpec(const results::StudyRecord& record, const Spec& spec,
               const results::LeaderboardRow& trial) {
  Json json = record.resolved_spec;
  for (const char* part : {"search", "start", "warm_start", "strategy", "prune", "stop", "confirm"})
    json.erase(part);
  json["name"] = spec.name + "-best";
  json["train"] = XgboostParams(spec, trial.configuration);
  json["train"]["num_round"] = trial.round;
  json["train"]["seed"] = TrialSeed(spec.ParamsFor(trial.configuration).seed, trial.seed_trial);
  return json;
}

}  // namespace coppice::tuner
