#pragma once
// Given configurations before those of another strategy: the default, the user's, a portfolio.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "strategies/created_set.h"
#include "strategies/strategy.h"

namespace coppice::strategies {

// Tries `start` in order, without those that an earlier trial had already; then asks `then`, which
// is told everything too.
class StartFirst : public Strategy {
 public:
  StartFirst(std::vector<NewTrial> start, std::unique_ptr<Strategy> then);

  Suggestion Ask(study::TrialId next) const override;
  std::optional<Outlook> LookAhead(study::TrialId next) const override {
    return then_->LookAhead(next);
  }
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId trial, const Observation& observation) override;

 private:
  std::vector<NewTrial> start_;
  std::size_t next_start_ = 0;  // the first of start_ that no trial had
  std::unique_ptr<Strategy> then_;
  CreatedSet created_;
  std::int32_t n_created_ = 0;
};

}  // namespace coppice::strategies
