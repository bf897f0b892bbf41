#pragma once
// From what a spec says of pruning to the pruner: an explicit table.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"
#include "strategies/prune/pruner.h"
#include "strategies/study/search_space.h"
#include "strategies/study/trial.h"

namespace coppice::strategies {

struct PruneOptions {
  std::string kind = "learned";          // "none", "median", "asha" or "learned"
  std::map<std::string, Value> options;  // numbers; absent ones take their default
};

std::vector<std::string> PrunerKinds();
// The options of a kind with their defaults: numbers, in the order of the documentation.
std::vector<std::pair<std::string, Value>> PruneDefaults(const std::string& kind);

// What is wrong, as (field, sentence) pairs; "kind" for an unknown kind.
std::vector<std::pair<std::string, std::string>> ProblemsOf(const PruneOptions& options);

// Null for "none". ProblemsOf(options) is empty; `space` is copied.
std::unique_ptr<Pruner> MakePruner(const PruneOptions& options, const study::SearchSpace& space,
                                   study::Goal goal);

}  // namespace coppice::strategies
