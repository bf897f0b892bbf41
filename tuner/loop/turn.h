#pragma once
// What a study does with its next turn. One rule, for the loop that waits for its trials and for
// commands that come and go between them.

#include <optional>
#include <string>
#include <vector>

#include "strategies/strategy.h"
#include "strategies/study/event.h"
#include "tuner/loop/loop_state.h"

namespace coppice::tuner {

struct Turn {
  std::vector<study::StudyEvent> events;  // to be appended; none: the strategy waits
  std::optional<study::TrialId> begins;   // the trial that they start; nothing: the study stops
};

// Tells the strategy what is due and asks the stop rules first. state.MayPropose() holds, and the
// study has not stopped.
Turn NextTurn(LoopState& state, const strategies::Strategy& strategy);

// Why a trial failed that ran for longer than `limits.trial_seconds`.
std::string OverTimeText(double trial_seconds);

// The outcome, or a failure in place of a score that cannot be compared.
study::TrialOutcome Comparable(study::TrialOutcome outcome);

}  // namespace coppice::tuner
