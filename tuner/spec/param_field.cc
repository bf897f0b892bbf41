#include "tuner/spec/param_field.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace coppice::tuner {
namespace {

const char* WantedOf(trainer::ParamType type) {
  if (type == trainer::ParamType::kWord) return "a word";
  return type == trainer::ParamType::kNumbers ? "a number or a list of numbers" : "a number";
}

}  // namespace

Value Canonical(const trainer::ParamInfo* param, const Value& value) {
  if (param == nullptr) return value;
  if (param->type == trainer::ParamType::kNumbers) {
    const auto* text = std::get_if<std::string>(&value);
    const auto numbers = text == nullptr ? std::vector{AsDouble(value)} : *ParseNumberList(*text);
    return fmt::format("[{}]", fmt::join(numbers, ","));
  }
  if (param->type == trainer::ParamType::kFloat) return AsDouble(value);
  if (param->type == trainer::ParamType::kList) {
    trainer::TrainParams params;
    trainer::SetParam(params, param->name, value);
    const std::map<std::string, Value> values = trainer::ParamValues(params);
    const auto found = values.find(param->name);
    return found == values.end() ? Value("[]") : found->second;
  }
  const auto* real = std::get_if<double>(&value);
  if (param->type == trainer::ParamType::kInt && real != nullptr) {
    return static_cast<std::int64_t>(*real);
  }
  return value;
}

Json ParamJson(const trainer::ParamInfo& param, const Value& value) {
  if (param.type == trainer::ParamType::kNumbers) {
    return Json(*ParseNumberList(std::get<std::string>(Canonical(&param, value))));
  }
  if (param.type != trainer::ParamType::kList) return coppice::ToJson(value);
  return Json::parse(std::get<std::string>(value));
}

std::optional<trainer::ParamProblem> ProblemOf(const trainer::ParamInfo* param,
                                               const Value& value) {
  if (param == nullptr) return std::nullopt;
  return trainer::ValueProblem(*param, value);
}

std::vector<NamedParam> NamedParams(ObjectReader& object, bool any_name) {
  std::vector<NamedParam> named;
  std::map<std::string, std::string> key_of;
  for (const std::string& key : object.Keys()) {
    if (any_name) {
      named.push_back({key, key, nullptr});
      continue;
    }
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
    named.push_back({key, param->name, param});
  }
  return named;
}

std::optional<Value> ReadParamValue(ObjectReader& object, const NamedParam& named) {
  using trainer::ParamType;
  const Json& json = object.Raw(named.key);
  const ParamType type = named.param == nullptr ? ParamType::kFloat : named.param->type;
  const bool is_list = type == ParamType::kList || (type == ParamType::kNumbers && json.is_array());
  const bool is_flag = json.is_boolean() && type == ParamType::kInt && named.param->min == 0 &&
                       named.param->max == 1;
  if (!is_list && !is_flag && !json.is_number() && !json.is_string()) {
    object.ReportType(named.key, named.param == nullptr ? "a number or a word" : WantedOf(type));
    return std::nullopt;
  }
  const Value value = is_list && !json.is_string() ? Value(json.dump()) : ValueFromJson(json);
  if (auto problem = ProblemOf(named.param, value)) {
    object.Report(named.key, std::move(problem->message), std::move(problem->hint));
    return std::nullopt;
  }
  return Canonical(named.param, value);
}

}  // namespace coppice::tuner
