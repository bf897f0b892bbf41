#pragma once
// Who decides which configuration is tried next.
//
//   for (TrialId next = ...;;) {
//     Suggestion s = strategy.Ask(next);
//     if (std::holds_alternative<Exhausted>(s)) break;
//     ... append TrialCreated to the log, then:
//     strategy.TellCreated(next, configuration);
//     ... run it, append TrialFinished, then, in the order of turns:
//     strategy.TellFinished(trial, observation);
//   }
//
// A strategy may give a trial some of its rounds only. It then ends as paused, which is told like
// any other ending, and goes on when the strategy promotes it. Each proposal, promotion and wait is
// a turn, and what one turn knows of earlier ones is the loop's rule, not the strategy's.
//
// A strategy is a pure function of (space, seed, what it was told): it draws random numbers by
// name only, Ask changes nothing, and so there is nothing to save. Resuming a study is telling it
// the log again.
//
// Direction: every loss is "smaller is better"; the loop turns scores round once, at its edge. A
// failed trial is told too, with its state and a loss of NaN: it is a fact about the space.
// Called by the loop thread only. Ask answers in bounded time for 10,000 past trials.

#include <optional>
#include <string>
#include <variant>

#include "strategies/study/configuration.h"
#include "strategies/study/expectation.h"
#include "strategies/study/trial.h"

namespace coppice::strategies {

// A configuration that no earlier trial had.
struct NewTrial {
  study::Configuration configuration;
  std::string origin;  // for people: "random", "grid point 3 of 12"
  int rounds = 0;      // it is paused there; 0: never
  // Of a model's proposal, in losses.
  std::optional<study::Expectation> expectation = {};
};

// A paused trial goes on.
struct Promotion {
  study::TrialId trial{};
  int rounds = 0;      // it is paused there again, counted from its first round
  std::string reason;  // for people: "bracket 2, rung 1: the 2nd of 9, of whom 3 go on"
};

// What comes next depends on trials that run. The turn passes.
struct Waiting {};

// There is nothing left to try.
struct Exhausted {};

using Suggestion = std::variant<NewTrial, Exhausted, Promotion, Waiting>;

struct Observation {
  study::TrialState state = study::TrialState::kCompleted;
  // NaN unless completed, pruned or paused; of the latter two, what was reached by then.
  double loss = 0;
  int rounds = 0;  // trained, with a loss
  // Of a loss that is a forecast of what a paused trial would come to.
  std::optional<double> variance = {};
  // Of a completed trial: what it cost, in any unit that all trials of the study share.
  std::optional<double> cost = {};
};

// What one more trial may bring, as a strategy with a model sees it.
struct Outlook {
  study::TrialId best{};     // the trial whose loss is expected to be the lowest
  double expected_gain = 0;  // the largest expected improvement on that loss in the space
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // `next` is the number of trials told as created so far.
  virtual Suggestion Ask(study::TrialId next) const = 0;
  // When no new trial may be made: what is still to be done with those that are there.
  virtual Suggestion AskWithoutNew() const { return Exhausted{}; }
  // Before the trial `next` is asked for; nothing without a model, or while it knows too little.
  virtual std::optional<Outlook> LookAhead(study::TrialId /*next*/) const { return std::nullopt; }
  virtual void TellCreated(study::TrialId trial, const study::Configuration& configuration) = 0;
  // `trial` is paused and was told so.
  virtual void TellPromoted(study::TrialId /*trial*/) {}
  virtual void TellFinished(study::TrialId trial, const Observation& observation) = 0;
};

}  // namespace coppice::strategies
