#include "strategies/grid/grid_strategy.h"

#include <fmt/format.h>

namespace coppice::strategies {

Suggestion GridStrategy::Ask(study::TrialId) const {
  if (cursor_ == points_.size()) return Exhausted{};
  return NewTrial{points_.At(cursor_),
                  fmt::format("grid point {} of {}", cursor_ + 1, points_.size())};
}

void GridStrategy::TellCreated(study::TrialId, const study::Configuration& configuration) {
  created_.Add(configuration);
  // Each point is passed once in a study, whatever the number of trials.
  while (cursor_ < points_.size() && created_.Has(points_.At(cursor_))) ++cursor_;
}

}  // namespace coppice::strategies
