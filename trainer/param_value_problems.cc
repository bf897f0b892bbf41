// What may be wrong with one parameter: its name, its value.

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.h"
#include "trainer/foreign_params.h"
#include "trainer/param_rows.h"
#include "trainer/param_values.h"
#include "trainer/params.h"

namespace coppice::trainer {
namespace {

bool IsWhole(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return true;
  const auto* real = std::get_if<double>(&value);
  return real != nullptr && std::isfinite(*real) && *real == std::floor(*real);
}

// "above 0 and at most 1", "from 0 to 1", "at least 0", "above 0".
std::string BoundsText(const ParamInfo& param) {
  const bool no_max =
      param.max == kNoMax || (param.type == ParamType::kInt && param.max >= kMaxInt);
  if (no_max) return fmt::format("{} {:g}", param.min_open ? "above" : "at least", param.min);
  if (param.min_open) return fmt::format("above {:g} and at most {:g}", param.min, param.max);
  return fmt::format("from {:g} to {:g}", param.min, param.max);
}

std::optional<ParamProblem> WordProblem(const ParamInfo& param, const Value& value) {
  const auto* word = std::get_if<std::string>(&value);
  if (word == nullptr) {
    return ParamProblem{
        fmt::format("`{}` must be a word, not the number `{}`", param.name, ToText(value)),
        fmt::format("use {}", ListWords(param.words))};
  }
  for (const std::string& known : param.words) {
    if (known == *word) return std::nullopt;
  }
  if (param.name == "objective") {
    if (const auto hint = ForeignObjectiveHint(*word)) {
      return ParamProblem{
          fmt::format("`{}` is an objective of XGBoost that coppice does not have yet", *word),
          hint->empty() ? "docs/spec.md lists those that it has" : *hint};
    }
  }
  if (param.name == "updater") {
    if (const auto hint = ForeignUpdaterHint(*word)) {
      return ParamProblem{
          fmt::format("`{}` is an updater of XGBoost that coppice does not have", *word), *hint};
    }
  }
  const std::string nearest = SuggestWord(*word, param.words);
  return ParamProblem{fmt::format("`{}` cannot be `{}`", param.name, *word),
                      nearest.empty() ? fmt::format("use {}", ListWords(param.words)) : nearest};
}

bool IsWithin(const ParamInfo& param, double number) {
  return (param.min_open ? number > param.min : number >= param.min) && number <= param.max;
}

std::optional<ParamProblem> NumberProblem(const ParamInfo& param, const Value& value) {
  if (const auto* word = std::get_if<std::string>(&value)) {
    double meant = 0;
    return ParamProblem{fmt::format("`{}` must be a number, not the word `{}`", param.name, *word),
                        ParseDouble(*word, &meant) ? "take the quotes away" : ""};
  }
  if (param.type == ParamType::kInt && !IsWhole(value)) {
    return ParamProblem{
        fmt::format("`{}` must be a whole number, not `{}`", param.name, ToText(value)), ""};
  }
  const double number = AsDouble(value);
  if (std::isfinite(number) && IsWithin(param, number)) return std::nullopt;
  if (param.type == ParamType::kInt && number > param.max && param.max >= kMaxInt) {
    return ParamProblem{fmt::format("`{}` is too large: `{}`", param.name, ToText(value)),
                        fmt::format("use at most {:.0f}", param.max)};
  }
  return ParamProblem{
      fmt::format("`{}` must be {}, not `{}`", param.name, BoundsText(param), ToText(value)),
      param.name == "max_bin" && number > param.max ? "coppice has at most 256 bins a column" : ""};
}

std::optional<ParamProblem> NumbersProblem(const ParamInfo& param, const FeatureNumbers& numbers) {
  std::vector<double> all = numbers.by_position;
  for (const auto& [name, number] : numbers.by_name) all.push_back(number);
  for (const double number : all) {
    if (IsWithin(param, number) && (!param.whole || number == std::floor(number))) continue;
    return ParamProblem{fmt::format("`{}` holds `{}`: its {}numbers must be {}", param.name, number,
                                    param.whole ? "whole " : "", BoundsText(param)),
                        ""};
  }
  return std::nullopt;
}

std::optional<ParamProblem> NumberListProblem(const ParamInfo& param, const Value& value) {
  const auto numbers = NumbersOf(value);
  if (!numbers) {
    return ParamProblem{fmt::format("`{}` must be a number or a list of numbers, not `{}`",
                                    param.name, ToText(value)),
                        "write `[0.1, 0.9]`"};
  }
  for (const double number : *numbers) {
    if (auto problem = NumberProblem(param, number)) return problem;
  }
  return std::nullopt;
}

std::optional<ParamProblem> ListProblem(const ParamInfo& param, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  const bool is_groups =
      std::holds_alternative<FeatureGroups TrainParams::*>(FindParamRow(param.name)->member);
  if (text != nullptr && is_groups && FeatureGroupsFromText(*text)) return std::nullopt;
  if (text != nullptr && !is_groups) {
    if (const auto numbers = FeatureNumbersFromText(*text)) return NumbersProblem(param, *numbers);
  }
  return ParamProblem{fmt::format("`{}` cannot be `{}`", param.name, ToText(value)),
                      "write it like " + param.form};
}

}  // namespace

std::optional<ParamProblem> NameProblem(const std::string& name) {
  if (FindParamRow(name) != nullptr) return std::nullopt;
  if (auto foreign = FindForeignParam(name)) {
    const std::string message =
        foreign->is_said_elsewhere
            ? fmt::format("`{}` is no parameter of coppice, which has another word for it", name)
            : fmt::format("`{}` is a parameter of XGBoost that coppice does not have", name);
    return ParamProblem{message, std::move(foreign->hint)};
  }
  std::vector<std::string> names;
  for (const ParamRow& row : ParamRows()) {
    names.push_back(row.info.name);
    names.insert(names.end(), row.info.aliases.begin(), row.info.aliases.end());
  }
  std::string hint = SuggestWord(name, names);
  if (hint.empty()) hint = "the parameters are those of XGBoost; docs/spec.md lists them";
  return ParamProblem{fmt::format("unknown parameter `{}`", name), hint};
}

std::optional<ParamProblem> ValueProblem(const ParamInfo& param, const Value& value) {
  switch (param.type) {
    case ParamType::kWord:
      return WordProblem(param, value);
    case ParamType::kList:
      return ListProblem(param, value);
    case ParamType::kNumbers:
      return NumberListProblem(param, value);
    case ParamType::kInt:
    case ParamType::kFloat:
      return NumberProblem(param, value);
  }
  return std::nullopt;
}

}  // namespace coppice::trainer
