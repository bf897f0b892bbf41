#pragma once
// Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar 2018, "Hyperband: A Novel Bandit-Based
// Approach to Hyperparameter Optimization", algorithm 1): brackets of successive halving, from many
// trials with few rounds to few trials with all rounds, over and over. Who proposes the
// configurations is another strategy's business.
//
// Brackets overlap: while one waits for its last trial, the next one begins, so no slot is idle. A
// promoted trial goes on from where it stopped.

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "strategies/hyperband/rungs.h"
#include "strategies/strategy.h"

namespace coppice::strategies {

// How a bracket begins: so many trials at `rung` of the ladder.
struct BracketPlan {
  int rung = 0;
  int trials = 0;
};

// One round of brackets: s = s_max, ..., 0 begins with ceil((s_max + 1) / (s + 1) * reduction^s)
// trials at rung s_max - s.
std::vector<BracketPlan> PlanBrackets(int n_rungs, int reduction);

class HyperbandStrategy : public Strategy {
 public:
  HyperbandStrategy(RungLadder ladder, std::unique_ptr<Strategy> proposals);

  Suggestion Ask(study::TrialId next) const override;
  Suggestion AskWithoutNew() const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellPromoted(study::TrialId trial) override;
  void TellFinished(study::TrialId trial, const Observation& observation) override;

 private:
  struct Bracket {
    BracketPlan plan;
    std::vector<const Climber*> climbers;
    bool is_full() const { return climbers.size() >= static_cast<std::size_t>(plan.trials); }
  };

  // The first promotion that is due; `closes`: nobody will join the last bracket.
  std::optional<Promotion> NextPromotion(bool closes) const;
  // Who goes on from a rung, and its place among those that came there.
  struct Chosen {
    const Climber* climber = nullptr;
    std::size_t place = 0;  // from 1
    std::size_t n_there = 0;
    std::size_t n_going_on = 0;
  };
  std::optional<Chosen> NextToPromote(const Bracket& bracket) const;
  bool IsDone(const Bracket& bracket) const;
  BracketPlan PlanOf(std::size_t bracket) const { return plans_[bracket % plans_.size()]; }
  NewTrial AtRung(NewTrial trial) const;

  RungLadder ladder_;
  std::unique_ptr<Strategy> proposals_;
  std::vector<BracketPlan> plans_;
  std::deque<Climber> climbers_;  // by trial; never moved
  std::vector<Bracket> brackets_;
  std::vector<std::size_t> bracket_of_;  // by trial
  std::size_t first_open_ = 0;           // in the brackets before it nothing is left to do
};

}  // namespace coppice::strategies
