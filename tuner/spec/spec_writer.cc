// The resolved spec. Its shape is docs/spec.md.

#include <string>
#include <vector>

#include "base/json.h"
#include "tuner/spec/param_field.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json ColumnJson(const std::optional<trainer::ColumnRef>& column) {
  return column ? coppice::ToJson(*column) : Json(nullptr);
}

Json ListJson(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(coppice::ToJson(value));
  return list;
}

Json FilesJson(const std::vector<std::string>& files) {
  return files.empty() ? Json(nullptr) : Json(files);
}

Json DataJson(const DataSpec& data) {
  Json json;
  json["train"] = data.train;
  json["validation"] = FilesJson(data.validation);
  json["test"] = FilesJson(data.test);
  const auto label = data.read.label.value_or(trainer::ColumnRef(std::int64_t{0}));
  const bool bounds = data.read.label_upper.has_value();
  json["label"] = bounds ? Json(nullptr) : coppice::ToJson(label);
  json["label_lower_bound"] = bounds ? coppice::ToJson(label) : Json(nullptr);
  json["label_upper_bound"] = ColumnJson(data.read.label_upper);
  json["weight"] = ColumnJson(data.read.weight);
  json["group"] = ColumnJson(data.read.group);
  json["ignore"] = ListJson(data.read.ignore);
  json["categorical"] =
      data.read.categorical.empty() ? Json("auto") : ListJson(data.read.categorical);
  json["missing"] = data.read.missing;
  return json;
}

Json SplitJson(const trainer::SplitSpec& split) {
  Json json;
  if (split.kind == trainer::SplitKind::kFiles) {
    json["kind"] = "files";
    return json;
  }
  if (split.kind == trainer::SplitKind::kCrossValidation) {
    json["kind"] = "cv";
    json["folds"] = split.folds;
    json["repeats"] = split.repeats;
  } else {
    json["kind"] = "holdout";
    json["validation_fraction"] = split.validation_fraction;
  }
  json["test_fraction"] = split.test_fraction;
  json["stratified"] = split.stratified;
  json["grouped"] = split.grouped;
  json["by_time"] = split.by_time;
  return json;
}

// Every parameter that is not searched, so that a later change of a default changes no old study.
Json TrainJson(const Spec& spec) {
  const auto values = trainer::ParamValues(spec.ParamsFor({}));
  Json json = Json::object();
  for (const trainer::ParamInfo& param : trainer::ParamTable()) {
    const auto value = values.find(param.name);
    bool searched = false;
    for (const auto& range : spec.search) searched = searched || range.name() == param.name;
    if (value != values.end() && !searched) json[param.name] = ParamJson(param, value->second);
  }
  return json;
}

Json NumberJson(study::RangeKind kind, double number) {
  return kind == study::RangeKind::kInt ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

Json RangeJson(const study::ParameterRange& range) {
  const study::RangeSpec& spec = range.spec();
  Json json;
  if (spec.kind == study::RangeKind::kCategorical) {
    json["type"] = "categorical";
    json["values"] = ListJson(spec.values);
    json["ordered"] = spec.ordered;
  } else {
    json["type"] = spec.kind == study::RangeKind::kInt ? "int" : "float";
    json["min"] = NumberJson(spec.kind, spec.min);
    json["max"] = NumberJson(spec.kind, spec.max);
    json["scale"] = ToText(range.scale());
    if (spec.step) json["step"] = NumberJson(spec.kind, *spec.step);
  }
  if (spec.when) json["when"][spec.when->parameter] = ListJson(spec.when->values);
  return json;
}

Json SearchJson(const Spec& spec) {
  Json json = Json::object();
  for (const auto& range : spec.search) json[range.name()] = RangeJson(range);
  return json;
}

Json StartJson(const Spec& spec) {
  Json json = Json::array();
  for (const auto& start : spec.start) {
    Json one = Json::object();
    for (const auto& [name, value] : start) one[name] = coppice::ToJson(value);
    json.push_back(std::move(one));
  }
  return json;
}

Json WarmStartJson(const Spec& spec) {
  Json json = Json::array();
  for (const WarmStart& from : spec.warm_start) {
    Json one = {{"study", from.study}};
    if (from.kind == WarmStartKind::kIdentical) {
      one["kind"] = "identical";
    } else {
      one["kind"] = "transfer";
      one["best"] = from.best;
    }
    json.push_back(std::move(one));
  }
  return json;
}

Json StrategyJson(const strategies::StrategyOptions& strategy) {
  Json json;
  json["kind"] = strategy.kind;
  for (const auto& [name, value] : strategy.options) json[name] = coppice::ToJson(value);
  return json;
}

Json PruneJson(const PruneSpec& prune) {
  Json json;
  json["kind"] = prune.rule.kind;
  for (const auto& [name, value] : strategies::PruneDefaults(prune.rule.kind)) {
    const auto given = prune.rule.options.find(name);
    json[name] = coppice::ToJson(given == prune.rule.options.end() ? value : given->second);
  }
  json["patience"] = prune.adaptive_patience ? "adaptive" : "fixed";
  return json;
}

}  // namespace

Json ToJson(const Spec& spec) {
  Json json;
  json["coppice"] = 1;
  json["name"] = spec.name;
  if (!spec.is_external) {
    json["data"] = DataJson(spec.data);
    json["split"] = SplitJson(spec.split);
    json["train"] = TrainJson(spec);
  }
  json["search"] = SearchJson(spec);
  json["start"] = StartJson(spec);
  json["warm_start"] = WarmStartJson(spec);
  json["objective"]["metric"] = spec.metric;
  json["objective"]["goal"] = spec.goal == study::Goal::kMaximize ? "maximize" : "minimize";
  if (spec.is_external) {
    json["objective"]["noisy"] = spec.strategy.is_noisy;
    if (spec.max_rounds) json["max_rounds"] = *spec.max_rounds;
  } else {
    json["metrics"] = spec.metrics;
  }
  json["strategy"] = StrategyJson(spec.strategy);
  json["prune"] = PruneJson(spec.prune);
  if (spec.is_external) json["prune"].erase("patience");
  json["stop"]["trials"] = OrNull(spec.stop.trials);
  json["stop"]["seconds"] = OrNull(spec.stop.seconds);
  json["stop"]["target"] = OrNull(spec.stop.target);
  json["stop"]["no_gain_trials"] = OrNull(spec.stop.no_gain_trials);
  json["stop"]["min_gain"] = OrNull(spec.stop.min_gain);
  json["stop"]["min_gain_unit"] =
      spec.stop.min_gain ? Json(GainUnitWord(spec.stop.min_gain_unit)) : Json(nullptr);
  json["stop"]["converged"] = spec.stop.converged;
  json["limits"]["trial_seconds"] = OrNull(spec.limits.trial_seconds);
  json["limits"]["failures"] = spec.limits.failures;
  json["limits"]["memory_bytes"] = OrNull(spec.limits.memory_bytes);
  if (!spec.is_external) {
    json["confirm"]["share"] = spec.confirm.share;
    json["confirm"]["candidates"] = spec.confirm.candidates;
    json["confirm"]["choose"] = ConfirmChoiceWord(spec.confirm.choose);
  }
  json["parallel"]["slots"] = spec.parallel.slots;
  json["parallel"]["threads"] = spec.parallel.threads ? Json(*spec.parallel.threads) : Json("all");
  const bool asap = spec.parallel.order == CommitRule::kAsap;
  json["parallel"]["order"] = asap ? "asap" : "deterministic";
  json["seed"] = spec.seed;
  return json;
}

Json WithAbsolutePaths(Json resolved, const std::string& folder) {
  const auto data = resolved.find("data");
  if (data == resolved.end()) return resolved;
  for (const char* key : {"train", "validation", "test"}) {
    for (Json& path : (*data)[key]) {
      path = trainer::AbsolutePattern(path.get<std::string>(), folder);
    }
  }
  return resolved;
}

}  // namespace coppice::tuner
