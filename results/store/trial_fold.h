#pragma once
// What a study's events add up to: the state of every trial. The one place that reads events, used
// by every store, so that all of them refuse the same events and agree on what happened.
//
//   std::vector<study::Trial> changed = fold.After(events);   // throws: nothing has changed yet
//   ...write events and changed rows...
//   fold.Apply(std::move(changed));

#include <span>
#include <vector>

#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::results {

// One thread at a time.
class TrialFold {
 public:
  // The trials that `events` change, as they are after the last of them, by id. Throws Error
  // (kInternal) for an event that the table of transitions forbids, a trial that was not created,
  // an id that is not the next one, a completed trial whose score is not a number, or
  // the confirmation of a trial that is not completed.
  std::vector<study::Trial> After(std::span<const study::StudyEvent> events) const;

  // `changed` comes from After on this very state.
  void Apply(std::vector<study::Trial> changed);

  // trials()[i] has id i.
  const std::vector<study::Trial>& trials() const { return trials_; }

 private:
  std::vector<study::Trial> trials_;
};

}  // namespace coppice::results
