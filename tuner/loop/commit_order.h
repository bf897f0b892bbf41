#pragma once
// Holds back the outcomes of ended trials until the next turn may know them.
//
// A turn is a decision: a new trial, the promotion of a paused one, or a wait. Deterministic, with
// P slots: turn k knows exactly the outcomes of turns 0 .. k-P, taken in the order of turns. Asap:
// all that have ended, in the order of their ending.
//
//   CommitOrder order(rule, slots);
//   order.Began(trial);  ...  order.Ended(trial, outcome);
//   if (order.MayPropose()) for (EndedTrial& t : order.TakeDue()) ... tell ...

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "strategies/study/trial.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct EndedTrial {
  study::TrialId trial{};
  study::TrialOutcome outcome;
};

// One thread at a time.
class CommitOrder {
 public:
  CommitOrder(CommitRule rule, int slots);

  // For the turns to come; what was taken stays so.
  void SetSlots(int slots);

  // A turn was given to `trial`: a new one, or one whose last turn has ended.
  void Began(study::TrialId trial);
  // A turn passed without a trial; it has ended, and there is nothing to take.
  void Passed();
  // The last turn of `trial` ended.
  void Ended(study::TrialId trial, study::TrialOutcome outcome);
  // The last turn of `trial` has to run again: an outcome that was not taken is dropped; after one
  // that was taken, the new one is waited for and taken too.
  void Reopened(study::TrialId trial);

  // All that the next turn has to know has ended.
  bool MayPropose() const;
  // What the next turn has to know and was not taken yet. MayPropose() holds.
  std::vector<EndedTrial> TakeDue();
  // Everything that has ended and was not taken yet, in the same order: for the end of a study.
  std::vector<EndedTrial> TakeRest();
  // Whether a turn has ended that was not taken, or is still open: to wait for.
  bool HasMore() const;

 private:
  struct Turn {
    std::optional<study::TrialId> trial;         // nothing: it passed
    std::optional<study::TrialOutcome> outcome;  // ended and not taken
    bool is_open = false;
  };

  // Turns [0, Horizon()) are known to the next one (deterministic).
  std::size_t Horizon() const;
  std::size_t LastTurnOf(study::TrialId trial) const;
  EndedTrial Take(std::size_t turn);
  std::vector<EndedTrial> TakeBelow(std::size_t end);
  std::vector<EndedTrial> TakeInOrderOfEnding();

  CommitRule rule_;
  std::size_t slots_;
  std::vector<Turn> turns_;
  std::map<study::TrialId, std::size_t> last_turn_;
  std::size_t next_ = 0;            // deterministic: [0, next_) were taken
  std::set<std::size_t> again_;     // deterministic: below next_, reopened since
  std::vector<std::size_t> ended_;  // asap: not taken, in the order of ending
};

}  // namespace coppice::tuner
