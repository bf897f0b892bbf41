#pragma once
// Points of a scrambled Sobol sequence: as random, but evenly spread. The index is the trial's
// number, so that nothing depends on what ran before.

#include <cstdint>

#include "strategies/random/random_strategy.h"
#include "strategies/random/sobol_sequence.h"

namespace coppice::strategies {

// Where a point's configuration was tried already, a
// random draw takes its place. space.size() <= kSobolDimensions.
class SobolStrategy : public Strategy {
 public:
  SobolStrategy(study::SearchSpace space, std::uint64_t seed);

  Suggestion Ask(study::TrialId next) const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId, const Observation&) override {}

 private:
  SobolSequence sequence_;
  RandomStrategy random_;
};

}  // namespace coppice::strategies
