#pragma once
// Holds back the outcomes of ended trials until the next proposal may know them.
//
// Deterministic, with P slots: trial k is proposed knowing exactly the outcomes of trials 0 .. k-P,
// taken in the order of trials. Asap: knowing all that have ended, in the order of their ending.
//
//   CommitOrder order(rule, slots);
//   order.Created();  ...  order.Ended(trial, outcome);
//   if (order.MayPropose()) for (EndedTrial& t : order.TakeDue()) ... tell ...

#include <cstddef>
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

  // The next trial, by number, exists.
  void Created();
  // `trial` is created and is not ended.
  void Ended(study::TrialId trial, study::TrialOutcome outcome);
  // `trial` has to run again: an outcome that was not taken is dropped; after one that was taken,
  // the new one is waited for and taken too.
  void Reopened(study::TrialId trial);

  // All that the next proposal has to know has ended.
  bool MayPropose() const;
  // What the next proposal has to know and was not taken yet. MayPropose() holds.
  std::vector<EndedTrial> TakeDue();
  // Everything that has ended and was not taken yet, in the same order: for the end of a study.
  std::vector<EndedTrial> TakeRest();

 private:
  // Trials [0, Horizon()) are known to the next proposal (deterministic).
  std::size_t Horizon() const;
  EndedTrial Take(std::size_t trial);
  std::vector<EndedTrial> TakeBelow(std::size_t end);
  std::vector<EndedTrial> TakeInOrderOfEnding();

  CommitRule rule_;
  std::size_t slots_;
  std::vector<std::optional<study::TrialOutcome>> outcomes_;  // by trial; ended and not taken
  std::size_t next_ = 0;            // deterministic: [0, next_) were taken
  std::set<std::size_t> again_;     // deterministic: below next_, reopened since
  std::vector<std::size_t> ended_;  // asap: not taken, in the order of ending
};

}  // namespace coppice::tuner
