#pragma once
// Independent uniform draws from the unit cube, without repeating a configuration.

#include <cstdint>
#include <optional>

#include "strategies/created_set.h"
#include "strategies/strategy.h"
#include "strategies/study/enumeration.h"
#include "strategies/study/search_space.h"

namespace coppice::strategies {

// Exhausted exactly when every configuration of a finite space was tried. Draws that hit what was
// tried are repeated some times; then the space is searched from a random place on.
class RandomStrategy : public Strategy {
 public:
  RandomStrategy(study::SearchSpace space, std::uint64_t seed);

  Suggestion Ask(study::TrialId next) const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId, const Observation&) override {}

  const study::SearchSpace& space() const { return space_; }
  bool IsNew(const study::Configuration& configuration) const {
    return !created_.Has(configuration);
  }

 private:
  study::Configuration Draw(study::TrialId trial, std::uint64_t attempt) const;
  std::optional<study::Configuration> SearchFrom(std::int64_t place) const;

  study::SearchSpace space_;
  std::uint64_t seed_;
  bool finite_ = false;
  // All configurations of a finite space; of an endless one those at some levels, where chance
  // keeps hitting a small part of it that is used up; nullopt above the most that is counted.
  std::optional<study::Enumeration> numbered_;
  CreatedSet created_;
  std::int64_t n_created_inside_ = 0;  // different ones, inside the space
};

}  // namespace coppice::strategies
