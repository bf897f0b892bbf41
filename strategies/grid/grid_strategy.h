#pragma once
// Every configuration of a finite space, or of one thinned to a few levels a parameter, in the
// order of study::Enumeration: the last parameter of the spec runs fastest.

#include <cstdint>

#include "strategies/created_set.h"
#include "strategies/strategy.h"
#include "strategies/study/enumeration.h"

namespace coppice::strategies {

class GridStrategy : public Strategy {
 public:
  explicit GridStrategy(study::Enumeration points) : points_(std::move(points)) {}

  Suggestion Ask(study::TrialId next) const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId, const Observation&) override {}

 private:
  study::Enumeration points_;
  CreatedSet created_;
  std::int64_t cursor_ = 0;  // the first point that no trial had
};

}  // namespace coppice::strategies
