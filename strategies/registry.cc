#include "strategies/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "strategies/grid/grid_strategy.h"
#include "strategies/random/random_strategy.h"
#include "strategies/random/sobol_strategy.h"
#include "strategies/start_first.h"

namespace coppice::strategies {
namespace {

using study::SearchSpace;
using Problems = std::vector<std::pair<std::string, std::string>>;

constexpr double kMostLevels = 1e6;

// nullopt when absent, or not a whole number in [2, kMostLevels].
std::optional<int> LevelsOf(const StrategyOptions& options) {
  const auto found = options.options.find("levels");
  if (found == options.options.end() || !IsNumber(found->second)) return std::nullopt;
  const double levels = AsDouble(found->second);
  if (!(levels >= 2 && levels <= kMostLevels) || levels != std::floor(levels)) return std::nullopt;
  return static_cast<int>(levels);
}

void CheckGrid(const StrategyOptions& options, const SearchSpace& space, Problems* problems) {
  const std::optional<int> levels = LevelsOf(options);
  const auto given = options.options.find("levels");
  if (given != options.options.end() && !levels) {
    problems->emplace_back("levels",
                           fmt::format("`levels` (`{}`) is not a whole number from 2 to {}",
                                       coppice::ToText(given->second), kMostLevels));
    return;
  }
  if (study::Enumeration::Of(space, levels)) return;
  for (const study::ParameterRange& range : space.ranges()) {
    if (levels || range.Count()) continue;
    problems->emplace_back(
        "levels", fmt::format("a grid over `{}`, a float without `step`, needs the option `levels`",
                              range.name()));
    return;
  }
  problems->emplace_back(
      "kind", fmt::format("the grid has more than {} points", study::Enumeration::kMost));
}

std::unique_ptr<Strategy> MakeGrid(const StrategyOptions& options, const SearchSpace& space,
                                   std::uint64_t) {
  std::optional<study::Enumeration> points = study::Enumeration::Of(space, LevelsOf(options));
  COPPICE_CHECK(points, "ProblemsOf was asked");
  return std::make_unique<GridStrategy>(std::move(*points));
}

void CheckNothing(const StrategyOptions&, const SearchSpace&, Problems*) {}

std::unique_ptr<Strategy> MakeRandom(const StrategyOptions&, const SearchSpace& space,
                                     std::uint64_t seed) {
  return std::make_unique<RandomStrategy>(space, seed);
}

void CheckSobol(const StrategyOptions&, const SearchSpace& space, Problems* problems) {
  if (space.size() <= static_cast<std::size_t>(kSobolDimensions)) return;
  problems->emplace_back(
      "kind", fmt::format("`sobol` knows {} dimensions, and the space has {}; take `random`",
                          kSobolDimensions, space.size()));
}

std::unique_ptr<Strategy> MakeSobol(const StrategyOptions&, const SearchSpace& space,
                                    std::uint64_t seed) {
  return std::make_unique<SobolStrategy>(space, seed);
}

struct Kind {
  std::string name;
  std::vector<std::string> options;
  void (*check)(const StrategyOptions&, const SearchSpace&, Problems*);
  std::unique_ptr<Strategy> (*make)(const StrategyOptions&, const SearchSpace&, std::uint64_t);
};

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      {"grid", {"levels"}, CheckGrid, MakeGrid},
      {"random", {}, CheckNothing, MakeRandom},
      {"sobol", {}, CheckSobol, MakeSobol},
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

std::string DescribeUnknownKind(const std::string& name) {
  const std::vector<std::string> kinds = StrategyKinds();
  const std::string suggestion = SuggestWord(name, kinds);
  const std::string rest = suggestion.empty() ? "it is " + ListWords(kinds) : suggestion;
  return fmt::format("`{}` is not a strategy: {}", name, rest);
}

std::string DescribeUnknownOption(const std::string& option, const Kind& kind) {
  std::string suggestion = SuggestWord(option, kind.options);
  if (suggestion.empty() && !kind.options.empty()) {
    suggestion = "it has " + ListWords(kind.options);
  }
  if (suggestion.empty()) suggestion = "it has none";
  return fmt::format("`{}` is not an option of the strategy `{}`: {}", option, kind.name,
                     suggestion);
}

}  // namespace

Problems ProblemsOf(const StrategyOptions& options, const SearchSpace& space) {
  const Kind* kind = FindKind(options.kind);
  if (kind == nullptr) return {{"kind", DescribeUnknownKind(options.kind)}};
  Problems problems;
  for (const auto& [option, value] : options.options) {
    if (std::find(kind->options.begin(), kind->options.end(), option) != kind->options.end()) {
      continue;
    }
    problems.emplace_back(option, DescribeUnknownOption(option, *kind));
  }
  kind->check(options, space, &problems);
  return problems;
}

std::vector<std::string> StrategyKinds() {
  std::vector<std::string> names;
  for (const Kind& kind : Kinds()) names.push_back(kind.name);
  return names;
}

std::vector<std::string> OptionNames(const std::string& kind) {
  const Kind* found = FindKind(kind);
  return found == nullptr ? std::vector<std::string>() : found->options;
}

std::unique_ptr<Strategy> MakeStrategy(const StrategyOptions& options, const SearchSpace& space,
                                       std::uint64_t seed, std::vector<NewTrial> start) {
  COPPICE_CHECK(ProblemsOf(options, space).empty(), "the options fit the space");
  const Kind* kind = FindKind(options.kind);
  return std::make_unique<StartFirst>(std::move(start), kind->make(options, space, seed));
}

}  // namespace coppice::strategies
