#pragma once
// From a strategy's name to the strategy: an explicit table, so that what exists does not depend
// on link order.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "strategies/strategy.h"
#include "strategies/study/search_space.h"

namespace coppice::strategies {

struct StrategyOptions {
  std::string kind = "bayesian";         // one of StrategyKinds()
  std::map<std::string, Value> options;  // what the spec says besides `kind`
  // Two trials of one configuration have different losses, so that it may be worth a second one.
  bool is_noisy = false;
};

// What is wrong with the options for this space, as (field, sentence) pairs; "kind" for an unknown
// kind. A grid over a float without step needs the option `levels`.
std::vector<std::pair<std::string, std::string>> ProblemsOf(const StrategyOptions& options,
                                                            const study::SearchSpace& space);

std::vector<std::string> StrategyKinds();
// The option names of a kind, for "did you mean".
std::vector<std::string> OptionNames(const std::string& kind);
// The values of those options that have one when they are not given.
std::map<std::string, Value> DefaultOptions(const std::string& kind);

// Whether the strategy stops trials by itself, so that pruning is not needed beside it.
bool StopsTrials(const std::string& kind);

// Whether the strategy can say what one more trial may bring (Strategy::LookAhead).
bool LooksAhead(const std::string& kind);

// What a strategy that gives trials some of their rounds will do, a sentence a bracket or rung;
// empty for others. ProblemsOf(options, space) is empty.
std::vector<std::string> DescribeRungs(const StrategyOptions& options,
                                       const study::SearchSpace& space, int max_rounds);

// What a study of so many trials leaves undone of the first brackets, and how many would do;
// nothing when it begins all of them with all of their trials, or where there are no brackets.
// ProblemsOf(options, space) is empty.
std::optional<std::string> BracketNotice(const StrategyOptions& options,
                                         const study::SearchSpace& space, int max_rounds,
                                         int trials);

// `max_rounds` is what a trial may have at most. `start` is tried first, in order (the caller puts
// the default configuration at its head); then the strategy proper. ProblemsOf(options, space) is
// empty; `space` is copied.
std::unique_ptr<Strategy> MakeStrategy(const StrategyOptions& options,
                                       const study::SearchSpace& space, std::uint64_t seed,
                                       std::vector<NewTrial> start, int max_rounds = 1);

}  // namespace coppice::strategies
