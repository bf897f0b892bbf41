#include "strategies/hyperband/asha_strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace coppice::strategies {

AshaStrategy::AshaStrategy(RungLadder ladder, std::unique_ptr<Strategy> proposals)
    : ladder_(std::move(ladder)), proposals_(std::move(proposals)) {}

Suggestion AshaStrategy::Ask(study::TrialId next) const {
  if (auto promotion = NextPromotion()) return *std::move(promotion);
  Suggestion fresh = proposals_->Ask(next);
  auto* trial = std::get_if<NewTrial>(&fresh);
  if (trial == nullptr) return AskWithoutNew();
  trial->rounds = ladder_.Rounds(trial->configuration, 0);
  return fresh;
}

Suggestion AshaStrategy::AskWithoutNew() const {
  if (auto promotion = NextPromotion()) return *std::move(promotion);
  if (AnyRunning(climbers_)) return Waiting{};
  return Exhausted{};
}

std::optional<Promotion> AshaStrategy::NextPromotion() const {
  for (int rung = ladder_.n_rungs() - 2; rung >= 0; --rung) {
    const std::optional<Chosen> chosen = NextToPromote(rung);
    if (!chosen) continue;
    const Climber& climber = *chosen->climber;
    return Promotion{
        climber.trial(), ladder_.Rounds(climber.configuration(), rung + 1),
        fmt::format("rung {}: place {} of {} at rung {} so far, of whom {} go on", rung + 1,
                    chosen->place, chosen->n_there, rung, chosen->n_going_on)};
  }
  return std::nullopt;
}

// The best that waits at the rung, if it is in the best part of all that came there.
std::optional<AshaStrategy::Chosen> AshaStrategy::NextToPromote(int rung) const {
  const Climber* best = nullptr;
  std::size_t n_known = 0;
  for (const Climber& climber : climbers_) {
    if (!climber.IsKnownAt(rung)) continue;
    ++n_known;
    if (!climber.can_go_on() || climber.goes_to() != rung) continue;
    if (best == nullptr || IsBetterAt(rung, climber, *best)) best = &climber;
  }
  const std::size_t n_best = n_known / static_cast<std::size_t>(ladder_.reduction());
  if (best == nullptr || n_best == 0) return std::nullopt;
  const auto n_ahead = static_cast<std::size_t>(std::count_if(
      climbers_.begin(), climbers_.end(),
      [&](const Climber& each) { return each.IsKnownAt(rung) && IsBetterAt(rung, each, *best); }));
  if (n_ahead >= n_best) return std::nullopt;
  return Chosen{best, n_ahead + 1, n_known, n_best};
}

void AshaStrategy::TellCreated(study::TrialId trial, const study::Configuration& configuration) {
  climbers_.emplace_back(trial, configuration, 0);
  proposals_->TellCreated(trial, configuration);
}

void AshaStrategy::TellPromoted(study::TrialId trial) {
  Climber& climber = climbers_.at(static_cast<std::size_t>(ToIndex(trial)));
  climber.Send(climber.goes_to() + 1);
}

void AshaStrategy::TellFinished(study::TrialId trial, const Observation& observation) {
  climbers_.at(static_cast<std::size_t>(ToIndex(trial))).Arrive(observation, ladder_);
  proposals_->TellFinished(trial, observation);
}

}  // namespace coppice::strategies
