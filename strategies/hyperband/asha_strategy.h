#pragma once
// ASHA (Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar 2020, "A System for Massively
// Parallel Hyperparameter Tuning", algorithm 2): successive halving without waiting. Whenever a
// slot is free, the best trial of a rung that is among its best 1/reduction and was not yet
// promoted goes on, highest rung first; if there is none, a new trial begins at the lowest rung.

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "strategies/hyperband/rungs.h"
#include "strategies/strategy.h"

namespace coppice::strategies {

class AshaStrategy : public Strategy {
 public:
  AshaStrategy(RungLadder ladder, std::unique_ptr<Strategy> proposals);

  Suggestion Ask(study::TrialId next) const override;
  Suggestion AskWithoutNew() const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellPromoted(study::TrialId trial) override;
  void TellFinished(study::TrialId trial, const Observation& observation) override;

 private:
  std::optional<Promotion> NextPromotion() const;
  // Who goes on from a rung, and its place among those that came there so far.
  struct Chosen {
    const Climber* climber = nullptr;
    std::size_t place = 0;  // from 1
    std::size_t n_there = 0;
    std::size_t n_going_on = 0;
  };
  std::optional<Chosen> NextToPromote(int rung) const;

  RungLadder ladder_;
  std::unique_ptr<Strategy> proposals_;
  std::deque<Climber> climbers_;  // by trial
};

}  // namespace coppice::strategies
