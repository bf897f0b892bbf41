#include "tuner/loop/turn.h"

#include <fmt/format.h>

#include <cmath>
#include <variant>

#include "base/error.h"
#include "tuner/loop/goal.h"

namespace coppice::tuner {

namespace {

// From losses to scores.
std::optional<study::Expectation> InScores(std::optional<study::Expectation> expectation,
                                           study::Goal goal) {
  if (!expectation) return expectation;
  for (auto number :
       {&study::Expectation::score, &study::Expectation::best, &study::Expectation::hoped}) {
    std::optional<double>& value = (*expectation).*number;
    if (value) value = LossOf(goal, *value);
  }
  return expectation;
}

}  // namespace

Turn NextTurn(LoopState& state, const strategies::Strategy& strategy) {
  state.TellDue();
  auto stop = state.StopRule();
  std::optional<double> expected_gain;
  if (!stop) {
    expected_gain = state.ExpectedGain();
    stop = state.ConvergedStop(expected_gain);
  }
  if (stop && stop->reason != study::StopReason::kTrials) return {{*stop}, std::nullopt};
  const study::TrialId next{state.n_created()};
  // At the limit of trials, those that are there may still be promoted.
  const strategies::Suggestion suggestion = stop ? strategy.AskWithoutNew() : strategy.Ask(next);
  if (const auto* fresh = std::get_if<strategies::NewTrial>(&suggestion)) {
    COPPICE_CHECK(!stop, "no new trial at the limit");
    return {{study::TrialCreated{next, fresh->configuration, fresh->origin, fresh->rounds,
                                 state.passed_turns(), expected_gain, std::nullopt,
                                 InScores(fresh->expectation, state.limits().goal)},
             study::TrialStarted{next}},
            next};
  }
  if (const auto* promotion = std::get_if<strategies::Promotion>(&suggestion)) {
    return {{study::TrialPromoted{promotion->trial, promotion->rounds, promotion->reason,
                                  state.passed_turns()},
             study::TrialStarted{promotion->trial}},
            promotion->trial};
  }
  if (std::holds_alternative<strategies::Waiting>(suggestion)) return {};
  if (!stop) {
    stop = {study::StopReason::kExhausted, "Every configuration of the search was tried."};
  }
  return {{*stop}, std::nullopt};
}

std::string OverTimeText(double trial_seconds) {
  return fmt::format("over `limits.trial_seconds` ({} s)", trial_seconds);
}

study::TrialOutcome Comparable(study::TrialOutcome outcome) {
  const study::Completed* result = study::ResultOf(outcome);
  if (result == nullptr || std::isfinite(result->score)) return outcome;
  return study::Failed{
      study::FailureKind::kBadMetric,
      fmt::format("The score is {}, which is not a finite number.", result->score)};
}

}  // namespace coppice::tuner
