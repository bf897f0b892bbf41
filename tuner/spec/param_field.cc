#include "tuner/spec/param_field.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/json.h"

namespace coppice::tuner {

Value Canonical(const trainer::ParamInfo& param, const Value& value) {
  if (param.type == trainer::ParamType::kFloat) return AsDouble(value);
  const auto* real = std::get_if<double>(&value);
  if (param.type == trainer::ParamType::kInt && real != nullptr) {
    return static_cast<std::int64_t>(*real);
  }
  return value;
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
  if (!json.is_number() && !json.is_string()) {
    const bool word = named.param->type == trainer::ParamType::kWord;
    object.ReportType(named.key, word ? "a word" : "a number");
    return std::nullopt;
  }
  const Value value = ValueFromJson(json);
  if (auto problem = trainer::ValueProblem(*named.param, value)) {
    object.Report(named.key, std::move(problem->message), std::move(problem->hint));
    return std::nullopt;
  }
  return Canonical(*named.param, value);
}

}  // namespace coppice::tuner
