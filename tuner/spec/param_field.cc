#include "tuner/spec/param_field.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/json.h"

namespace coppice::tuner {

Value Canonical(const trainer::ParamInfo& param, const Value& value) {
  if (param.type == trainer::ParamType::kFloat) return AsDouble(value);
  if (param.type == trainer::ParamType::kList) {
    trainer::TrainParams params;
    trainer::SetParam(params, param.name, value);
    const std::map<std::string, Value> values = trainer::ParamValues(params);
    const auto found = values.find(param.name);
    return found == values.end() ? Value("[]") : found->second;
  }
  const auto* real = std::get_if<double>(&value);
  if (param.type == trainer::ParamType::kInt && real != nullptr) {
    return static_cast<std::int64_t>(*real);
  }
  return value;
}

Json ParamJson(const trainer::ParamInfo& param, const Value& value) {
  if (param.type != trainer::ParamType::kList) return coppice::ToJson(value);
  return Json::parse(std::get<std::string>(value));
}

std::vector<NamedParam> NamedParams(ObjectReader& object) {
  std::vector<NamedParam> named;
  std::map<std::string, std::string> key_of;
  for (const std::string& key : object.Keys()) {
    if (auto problem = trainer::NameProblem(key)) {
      object.Report(key, std::move(problem->message), std::move(problem->hint));
      continue;
    }
    const trainer::ParamInfo* param = trainer::FindParam(key);
    const auto [before, is_new] = key_of.emplace(param->name, key);
    if (!is_new) {
      object.Report(key, fmt::format("`{}` and `{}` are the same parameter", before->second, key),
                    "keep one of them");
      continue;
    }
    named.push_back({key, param});
  }
  return named;
}

std::optional<Value> ReadParamValue(ObjectReader& object, const NamedParam& named) {
  const Json& json = object.Raw(named.key);
  const trainer::ParamType type = named.param->type;
  const bool is_list = type == trainer::ParamType::kList;
  if (!json.is_number() && !json.is_string() && !is_list) {
    object.ReportType(named.key, type == trainer::ParamType::kWord ? "a word" : "a number");
    return std::nullopt;
  }
  const Value value = is_list && !json.is_string() ? Value(json.dump()) : ValueFromJson(json);
  if (auto problem = trainer::ValueProblem(*named.param, value)) {
    object.Report(named.key, std::move(problem->message), std::move(problem->hint));
    return std::nullopt;
  }
  return Canonical(*named.param, value);
}

}  // namespace coppice::tuner
