#include "strategies/random/sobol_strategy.h"

#include <fmt/format.h>

#include <utility>

namespace coppice::strategies {

SobolStrategy::SobolStrategy(study::SearchSpace space, std::uint64_t seed)
    : sequence_(static_cast<int>(space.size()), seed), random_(std::move(space), seed) {}

Suggestion SobolStrategy::Ask(study::TrialId next) const {
  const auto index = static_cast<std::uint32_t>(ToIndex(next));
  study::Configuration configuration = random_.space().Decode(sequence_.Point(index));
  if (!random_.IsNew(configuration)) return random_.Ask(next);
  return NewTrial{std::move(configuration), fmt::format("sobol point {}", index)};
}

void SobolStrategy::TellCreated(study::TrialId trial, const study::Configuration& configuration) {
  random_.TellCreated(trial, configuration);
}

}  // namespace coppice::strategies
