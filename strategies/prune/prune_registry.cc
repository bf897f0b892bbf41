#include "strategies/prune/prune_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace coppice::strategies {
namespace {

using study::Goal;
using study::SearchSpace;
using Numbers = std::map<std::string, double>;

struct Option {
  std::string name;
  Value default_value;  // a whole number: only whole numbers will do
  double min = 0;
  double max = 0;
};

struct Kind {
  std::string name;
  std::vector<Option> options;
  std::unique_ptr<PruneRule> (*make)(const Numbers&, const SearchSpace&, Goal);
};

std::unique_ptr<PruneRule> Nothing(const Numbers&, const SearchSpace&, Goal) { return nullptr; }

std::unique_ptr<PruneRule> Median(const Numbers& numbers, const SearchSpace&, Goal goal) {
  return MakeMedianRule(
      {static_cast<int>(numbers.at("min_round")), static_cast<int>(numbers.at("min_trials"))},
      goal);
}

std::unique_ptr<PruneRule> Asha(const Numbers& numbers, const SearchSpace&, Goal goal) {
  return MakeAshaRule(
      {static_cast<int>(numbers.at("min_rounds")), static_cast<int>(numbers.at("reduction"))},
      goal);
}

std::unique_ptr<PruneRule> Learned(const Numbers& numbers, const SearchSpace& space, Goal goal) {
  return MakeLearnedRule({static_cast<int>(numbers.at("min_trials")), numbers.at("caution"),
                          numbers.at("fold_caution")},
                         space, goal);
}

Value Whole(std::int64_t number) { return number; }

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      {"none", {}, Nothing},
      {"median", {{"min_round", Whole(10), 1, 1e6}, {"min_trials", Whole(5), 1, 1e6}}, Median},
      {"asha", {{"min_rounds", Whole(30), 1, 1e6}, {"reduction", Whole(3), 2, 100}}, Asha},
      {"learned",
       {{"min_trials", Whole(8), 3, 1e6}, {"caution", 1.75, 0, 100}, {"fold_caution", 2.5, 0, 100}},
       Learned},
  };
  return kinds;
}

// Null for an unknown name.
const Kind* FindKind(const std::string& name) {
  for (const Kind& kind : Kinds()) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

// Null for an unknown name.
const Option* FindOption(const Kind& kind, const std::string& name) {
  for (const Option& option : kind.options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

bool IsWhole(const Option& option) {
  return std::holds_alternative<std::int64_t>(option.default_value);
}

bool Fits(const Option& option, const Value& value) {
  if (!IsNumber(value)) return false;
  const double number = AsDouble(value);
  return number >= option.min && number <= option.max &&
         (!IsWhole(option) || number == std::floor(number));
}

std::string DescribeUnknownOption(const std::string& option, const Kind& kind) {
  std::vector<std::string> names;
  for (const Option& each : kind.options) names.push_back(each.name);
  std::string suggestion = SuggestWord(option, names);
  if (suggestion.empty()) suggestion = names.empty() ? "it has none" : "it has " + ListWords(names);
  return fmt::format("`{}` is not an option of pruning by `{}`: {}", option, kind.name, suggestion);
}

}  // namespace

std::vector<std::string> PrunerKinds() {
  std::vector<std::string> names;
  for (const Kind& kind : Kinds()) names.push_back(kind.name);
  return names;
}

std::vector<std::pair<std::string, Value>> PruneDefaults(const std::string& kind) {
  std::vector<std::pair<std::string, Value>> defaults;
  const Kind* found = FindKind(kind);
  if (found == nullptr) return defaults;
  for (const Option& option : found->options) {
    defaults.emplace_back(option.name, option.default_value);
  }
  return defaults;
}

std::vector<std::pair<std::string, std::string>> ProblemsOf(const PruneOptions& options) {
  const Kind* kind = FindKind(options.kind);
  if (kind == nullptr) {
    const std::string suggestion = SuggestWord(options.kind, PrunerKinds());
    return {{"kind",
             fmt::format("`{}` is not a way of pruning: {}", options.kind,
                         suggestion.empty() ? "it is " + ListWords(PrunerKinds()) : suggestion)}};
  }
  std::vector<std::pair<std::string, std::string>> problems;
  for (const auto& [name, value] : options.options) {
    const Option* option = FindOption(*kind, name);
    if (option == nullptr) {
      problems.emplace_back(name, DescribeUnknownOption(name, *kind));
    } else if (!Fits(*option, value)) {
      problems.emplace_back(
          name, fmt::format("`{}` (`{}`) is not a {}number from {} to {}", name, ToText(value),
                            IsWhole(*option) ? "whole " : "", option->min, option->max));
    }
  }
  return problems;
}

std::unique_ptr<Pruner> MakePruner(const PruneOptions& options, const SearchSpace& space,
                                   Goal goal) {
  COPPICE_CHECK(ProblemsOf(options).empty(), "the options were checked");
  const Kind* kind = FindKind(options.kind);
  Numbers numbers;
  for (const Option& option : kind->options) {
    const auto given = options.options.find(option.name);
    numbers[option.name] =
        AsDouble(given == options.options.end() ? option.default_value : given->second);
  }
  std::unique_ptr<PruneRule> rule = kind->make(numbers, space, goal);
  return rule == nullptr ? nullptr : std::make_unique<Pruner>(std::move(rule));
}

}  // namespace coppice::strategies
