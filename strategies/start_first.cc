#include "strategies/start_first.h"

#include <utility>

#include "base/error.h"

namespace coppice::strategies {

StartFirst::StartFirst(std::vector<NewTrial> start, std::unique_ptr<Strategy> then)
    : start_(std::move(start)), then_(std::move(then)) {}

Suggestion StartFirst::Ask(study::TrialId next) const {
  COPPICE_CHECK(ToIndex(next) == n_created_, "the next trial is asked for");
  if (next_start_ < start_.size()) return start_[next_start_];
  return then_->Ask(next);
}

void StartFirst::TellCreated(study::TrialId trial, const study::Configuration& configuration) {
  COPPICE_CHECK(ToIndex(trial) == n_created_, "trials are told in order");
  ++n_created_;
  created_.Add(configuration);
  while (next_start_ < start_.size() && created_.Has(start_[next_start_].configuration)) {
    ++next_start_;
  }
  then_->TellCreated(trial, configuration);
}

void StartFirst::TellFinished(study::TrialId trial, const Observation& observation) {
  then_->TellFinished(trial, observation);
}

}  // namespace coppice::strategies
