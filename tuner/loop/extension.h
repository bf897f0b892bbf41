#pragma once
// What lets a study go on that has come to its limits.

#include <span>
#include <vector>

#include "strategies/study/event.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

// The events that add `more` to the limits of a study with these trials; none when it adds nothing.
// A trial that a time limit cut short has not ended: with more time it runs again, so that the
// study becomes the one that the larger limit would have made in one go.
std::vector<study::StudyEvent> ExtensionEvents(std::span<const study::Trial> trials,
                                               const study::StudyExtended& more);

// The first part of these: the trials that a time limit cut short are to run again.
std::vector<study::StudyEvent> RequeueCutTrials(std::span<const study::Trial> trials);

}  // namespace coppice::tuner
