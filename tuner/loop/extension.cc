#include "tuner/loop/extension.h"

namespace coppice::tuner {

std::vector<study::StudyEvent> ExtensionEvents(std::span<const study::Trial> trials,
                                               const study::StudyExtended& more) {
  std::vector<study::StudyEvent> events;
  if (more.seconds > 0) events = RequeueCutTrials(trials);
  if (more.trials > 0 || more.seconds > 0) events.push_back(more);
  return events;
}

std::vector<study::StudyEvent> RequeueCutTrials(std::span<const study::Trial> trials) {
  std::vector<study::StudyEvent> events;
  for (const study::Trial& trial : trials) {
    if (trial.state != study::TrialState::kCancelled) continue;
    events.push_back(study::TrialRequeued{trial.id, "The time that cut it short was extended."});
  }
  return events;
}

}  // namespace coppice::tuner
