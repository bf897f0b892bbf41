#include "strategies/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "strategies/bayesian/bayesian_strategy.h"
#include "strategies/grid/grid_strategy.h"
#include "strategies/hyperband/asha_strategy.h"
#include "strategies/hyperband/forecasting_strategy.h"
#include "strategies/hyperband/hyperband_strategy.h"
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
                                   std::uint64_t, std::size_t) {
  std::optional<study::Enumeration> points = study::Enumeration::Of(space, LevelsOf(options));
  COPPICE_CHECK(points, "ProblemsOf was asked");
  return std::make_unique<GridStrategy>(std::move(*points));
}

void CheckNothing(const StrategyOptions&, const SearchSpace&, Problems*) {}

std::unique_ptr<Strategy> MakeRandom(const StrategyOptions&, const SearchSpace& space,
                                     std::uint64_t seed, std::size_t) {
  return std::make_unique<RandomStrategy>(space, seed);
}

void CheckSobol(const StrategyOptions&, const SearchSpace& space, Problems* problems) {
  if (space.size() <= static_cast<std::size_t>(kSobolDimensions)) return;
  problems->emplace_back(
      "kind", fmt::format("`sobol` knows {} dimensions, and the space has {}; take `random`",
                          kSobolDimensions, space.size()));
}

std::unique_ptr<Strategy> MakeSobol(const StrategyOptions&, const SearchSpace& space,
                                    std::uint64_t seed, std::size_t) {
  return std::make_unique<SobolStrategy>(space, seed);
}

// The whole number of an option, or its default; nullopt when it is something else.
std::optional<int> WholeOf(const StrategyOptions& options, const std::string& name, int by_default,
                           double min, double max) {
  const auto found = options.options.find(name);
  if (found == options.options.end()) return by_default;
  if (!IsNumber(found->second)) return std::nullopt;
  const double number = AsDouble(found->second);
  if (!(number >= min && number <= max) || number != std::floor(number)) return std::nullopt;
  return static_cast<int>(number);
}

constexpr double kMostRounds = 1e6;
const std::vector<std::string> kRungOptions = {"min_rounds", "reduction", "proposals"};

std::string ProposalsOf(const StrategyOptions& options) {
  const auto given = options.options.find("proposals");
  return given == options.options.end() ? "random" : coppice::ToText(given->second);
}

// Strategies that need nothing but a space may propose inside another.
const std::vector<std::string>& ProposalKinds() {
  static const std::vector<std::string> kinds = {"random", "sobol", "bayesian"};
  return kinds;
}

void CheckRungs(const StrategyOptions& options, const SearchSpace& space, Problems* problems) {
  const auto check = [&](const std::string& name, double min, double max) {
    if (WholeOf(options, name, 1, min, max)) return;
    problems->emplace_back(name,
                           fmt::format("`{}` (`{}`) is not a whole number from {} to {}", name,
                                       coppice::ToText(options.options.at(name)), min, max));
  };
  check("min_rounds", 1, kMostRounds);
  check("reduction", 2, 100);
  const std::string proposals = ProposalsOf(options);
  const std::vector<std::string>& kinds = ProposalKinds();
  if (std::find(kinds.begin(), kinds.end(), proposals) == kinds.end()) {
    problems->emplace_back(
        "proposals", fmt::format("`proposals` (`{}`) is not {}", proposals, ListWords(kinds)));
  } else {
    for (auto& [field, sentence] : ProblemsOf({proposals, {}}, space)) {
      problems->emplace_back("proposals", std::move(sentence));
    }
  }
}

RungLadder LadderOf(const StrategyOptions& options, const SearchSpace& space, int max_rounds) {
  const int min_rounds = *WholeOf(options, "min_rounds", 0, 1, kMostRounds);
  return RungLadder(
      {std::min(min_rounds, max_rounds), max_rounds, *WholeOf(options, "reduction", 3, 2, 100)},
      space);
}

const std::vector<std::string> kAcquisitions = {"ucb", "ei"};

// The word that is given, else the first.
std::string AcquisitionOf(const StrategyOptions& options) {
  const auto given = options.options.find("acquisition");
  return given == options.options.end() ? kAcquisitions.front() : coppice::ToText(given->second);
}

void CheckBayesian(const StrategyOptions& options, const SearchSpace&, Problems* problems) {
  const std::string word = AcquisitionOf(options);
  if (std::find(kAcquisitions.begin(), kAcquisitions.end(), word) != kAcquisitions.end()) return;
  problems->emplace_back(
      "acquisition", fmt::format("`acquisition` (`{}`) is not {}", word, ListWords(kAcquisitions)));
}

std::unique_ptr<Strategy> MakeBayesian(const StrategyOptions& options, const SearchSpace& space,
                                       std::uint64_t seed, std::size_t n_given) {
  const bool improvement = AcquisitionOf(options) == "ei";
  return std::make_unique<BayesianStrategy>(
      space, seed,
      BayesianSetup{
          improvement ? AcquisitionKind::kExpectedImprovement : AcquisitionKind::kConfidenceBound,
          options.is_noisy, n_given});
}

struct Kind {
  std::string name;
  std::vector<std::string> options;
  std::map<std::string, Value> defaults;
  void (*check)(const StrategyOptions&, const SearchSpace&, Problems*);
  // The last is the number of configurations that are tried before it is asked.
  std::unique_ptr<Strategy> (*make)(const StrategyOptions&, const SearchSpace&, std::uint64_t,
                                    std::size_t);
  // Of those that give trials some of their rounds: around the strategy that proposes. Else null.
  std::unique_ptr<Strategy> (*climb)(RungLadder, std::unique_ptr<Strategy>) = nullptr;
  // It learns from losses, knows how sure it is, and so can look ahead.
  bool has_model = false;
};

std::unique_ptr<Strategy> MakeProposals(const StrategyOptions& options, const SearchSpace& space,
                                        std::uint64_t seed, std::size_t n_given);

template <typename Climbing>
std::unique_ptr<Strategy> Climb(RungLadder ladder, std::unique_ptr<Strategy> proposals) {
  return std::make_unique<Climbing>(std::move(ladder), std::move(proposals));
}

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      {"bayesian",
       {"acquisition"},
       {{"acquisition", kAcquisitions.front()}},
       CheckBayesian,
       MakeBayesian,
       nullptr,
       true},
      {"grid", {"levels"}, {}, CheckGrid, MakeGrid},
      {"hyperband", kRungOptions, {}, CheckRungs, MakeProposals, Climb<HyperbandStrategy>},
      {"asha", kRungOptions, {}, CheckRungs, MakeProposals, Climb<AshaStrategy>},
      {"random", {}, {}, CheckNothing, MakeRandom},
      {"sobol", {}, {}, CheckSobol, MakeSobol},
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

std::unique_ptr<Strategy> MakeProposals(const StrategyOptions& options, const SearchSpace& space,
                                        std::uint64_t seed, std::size_t n_given) {
  const std::string kind = ProposalsOf(options);
  return FindKind(kind)->make({kind, {}}, space, seed, n_given);
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
  if (options.is_noisy && !kind->has_model) {
    problems.emplace_back(
        "kind", fmt::format("`{}` tries no configuration twice, and `objective.noisy` asks for it; "
                            "take `bayesian`",
                            options.kind));
  }
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

bool StopsTrials(const std::string& kind) {
  const Kind* found = FindKind(kind);
  return found != nullptr && found->climb != nullptr;
}

bool LooksAhead(const std::string& kind) {
  const Kind* found = FindKind(kind);
  return found != nullptr && found->has_model;
}

std::vector<std::string> DescribeRungs(const StrategyOptions& options, const SearchSpace& space,
                                       int max_rounds) {
  if (!StopsTrials(options.kind)) return {};
  const RungLadder ladder = LadderOf(options, space, max_rounds);
  std::vector<std::string> rounds;
  for (int rung = 0; rung < ladder.n_rungs(); ++rung) {
    rounds.push_back(std::to_string(ladder.Rounds({}, rung)));
  }
  std::vector<std::string> lines = {fmt::format(
      "rungs at {} rounds{}", fmt::join(rounds, ", "),
      ladder.corrects_eta() ? ", more for a small `eta` and fewer for a large one" : "")};
  if (options.kind != "hyperband") return lines;
  for (const BracketPlan& bracket : PlanBrackets(ladder.n_rungs(), ladder.reduction())) {
    lines.push_back(fmt::format("a bracket of {} trials from {} rounds", bracket.trials,
                                rounds[static_cast<std::size_t>(bracket.rung)]));
  }
  return lines;
}

std::optional<std::string> BracketNotice(const StrategyOptions& options, const SearchSpace& space,
                                         int max_rounds, int trials) {
  if (options.kind != "hyperband") return std::nullopt;
  const RungLadder ladder = LadderOf(options, space, max_rounds);
  std::vector<int> sizes;
  int all = 0;
  std::size_t n_whole = 0;  // that have all of their trials
  for (const BracketPlan& bracket : PlanBrackets(ladder.n_rungs(), ladder.reduction())) {
    sizes.push_back(bracket.trials);
    all += bracket.trials;
    n_whole += all <= trials ? 1 : 0;
  }
  if (sizes.size() < 2 || trials >= all) return std::nullopt;
  if (n_whole == 0) {
    return fmt::format(
        "the first bracket of hyperband begins with {} trials, and `stop.trials` is {}: only a "
        "part of this bracket is run, with fewer to choose from at each rung; {} trials run it "
        "whole, {} all {} brackets",
        sizes.front(), trials, sizes.front(), all, sizes.size());
  }
  return fmt::format(
      "the {} brackets of hyperband begin with {} trials, and `stop.trials` is {}: {} of them are "
      "run whole; {} trials run all",
      sizes.size(), fmt::join(sizes, ", "), trials, n_whole, all);
}

std::map<std::string, Value> DefaultOptions(const std::string& kind) {
  const Kind* found = FindKind(kind);
  return found == nullptr ? std::map<std::string, Value>() : found->defaults;
}

std::unique_ptr<Strategy> MakeStrategy(const StrategyOptions& options, const SearchSpace& space,
                                       std::uint64_t seed, std::vector<NewTrial> start,
                                       int max_rounds) {
  COPPICE_CHECK(ProblemsOf(options, space).empty(), "the options fit the space");
  const Kind* kind = FindKind(options.kind);
  std::unique_ptr<Strategy> then = kind->make(options, space, seed, start.size());
  std::unique_ptr<Strategy> proposals =
      std::make_unique<StartFirst>(std::move(start), std::move(then));
  if (kind->climb == nullptr) return proposals;
  const RungLadder ladder = LadderOf(options, space, max_rounds);
  if (FindKind(ProposalsOf(options))->has_model) {
    proposals = std::make_unique<ForecastingStrategy>(ladder, std::move(proposals));
  }
  return kind->climb(ladder, std::move(proposals));
}

}  // namespace coppice::strategies
