#include "tuner/run/simulated_executor.h"

#include <algorithm>
#include <utility>

namespace coppice::tuner {

SimulatedExecutor::SimulatedExecutor(VirtualClock& clock, Plan plan)
    : clock_(clock), plan_(std::move(plan)) {}

void SimulatedExecutor::Start(const TrialRequest& request) {
  SimulatedTrial trial = plan_(request, ++attempts_[request.trial]);
  running_.push_back(
      {clock_.Now() + trial.seconds,
       trial.round_seconds,
       {request.trial, std::move(trial.outcome), std::move(trial.curves), trial.seconds}});
  most_running_ = std::max(most_running_, Running());
}

std::optional<TrialResult> SimulatedExecutor::Next(double deadline) {
  if (running_.empty()) return std::nullopt;
  const auto first = std::min_element(running_.begin(), running_.end(),
                                      [](const Ending& a, const Ending& b) { return a.at < b.at; });
  if (first->at > deadline) {
    clock_.AdvanceTo(deadline);
    return std::nullopt;
  }
  clock_.AdvanceTo(first->at);
  TrialResult result = std::move(first->result);
  running_.erase(first);
  return result;
}

void SimulatedExecutor::CancelAll(const std::string& reason) {
  for (Ending& ending : running_) {
    const double left = ending.at - clock_.Now();
    if (left <= ending.round_seconds) continue;
    ending.at = clock_.Now() + ending.round_seconds;
    ending.result.seconds -= left - ending.round_seconds;
    ending.result.outcome = study::Cancelled{reason};
  }
}

// Those that were cancelled; others have ended by then.
void SimulatedExecutor::AbandonAll() {
  for (Ending& ending : running_) {
    if (ending.at <= clock_.Now()) continue;
    if (!std::holds_alternative<study::Cancelled>(ending.result.outcome)) continue;
    ending.result.seconds -= ending.at - clock_.Now();
    ending.at = clock_.Now();
  }
}

}  // namespace coppice::tuner
