#pragma once
// Who decides which configuration is tried next.
//
//   for (TrialId next = ...;;) {
//     Suggestion s = strategy.Ask(next);
//     if (std::holds_alternative<Exhausted>(s)) break;
//     ... append TrialCreated to the log, then:
//     strategy.TellCreated(next, configuration);
//     ... run it, append TrialFinished, then, in the order of trials:
//     strategy.TellFinished(trial, observation);
//   }
//
// A strategy is a pure function of (space, seed, what it was told): it draws random numbers by
// name only, Ask changes nothing, and so there is nothing to save. Resuming a study is telling it
// the log again.
//
// Direction: every loss is "smaller is better"; the loop turns scores round once, at its edge. A
// failed trial is told too, with its state and a loss of NaN: it is a fact about the space.
// Called by the loop thread only. Ask answers in bounded time for 10,000 past trials.

#include <variant>

#include "strategies/study/configuration.h"
#include "strategies/study/trial.h"

namespace coppice::strategies {

// A configuration that no earlier trial had.
struct NewTrial {
  study::Configuration configuration;
  std::string origin;  // for people: "random", "grid point 3 of 12"
};

// There is nothing left to try.
struct Exhausted {};

using Suggestion = std::variant<NewTrial, Exhausted>;

struct Observation {
  study::TrialState state = study::TrialState::kCompleted;
  double loss = 0;  // NaN unless completed or pruned; of a pruned one, what it had reached
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // `next` is the number of trials told as created so far.
  virtual Suggestion Ask(study::TrialId next) const = 0;
  virtual void TellCreated(study::TrialId trial, const study::Configuration& configuration) = 0;
  virtual void TellFinished(study::TrialId trial, const Observation& observation) = 0;
};

}  // namespace coppice::strategies
