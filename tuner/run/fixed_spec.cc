#include "tuner/run/fixed_spec.h"

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
  return params;
}

Json FixedSpec(const results::StudyRecord& record, const Spec& spec,
               const results::LeaderboardRow& trial) {
  Json json = record.resolved_spec;
  for (const char* part : {"search", "start", "start_from", "strategy", "prune", "stop"})
    json.erase(part);
  json["name"] = spec.name + "-best";
  json["train"] = XgboostParams(spec, trial.configuration);
  json["train"]["num_round"] = trial.round;
  json["train"]["seed"] = TrialSeed(spec.ParamsFor(trial.configuration).seed, trial.trial);
  return json;
}

}  // namespace coppice::tuner
