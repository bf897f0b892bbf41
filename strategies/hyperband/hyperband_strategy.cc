#include "strategies/hyperband/hyperband_strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace coppice::strategies {

std::vector<BracketPlan> PlanBrackets(int n_rungs, int reduction) {
  std::vector<BracketPlan> plans;
  std::int64_t power = 1;
  for (int s = 0; s < n_rungs; ++s, power *= reduction) {
    const std::int64_t trials = (n_rungs * power + s) / (s + 1);
    plans.push_back({n_rungs - 1 - s, static_cast<int>(trials)});
  }
  std::reverse(plans.begin(), plans.end());
  return plans;
}

HyperbandStrategy::HyperbandStrategy(RungLadder ladder, std::unique_ptr<Strategy> proposals)
    : ladder_(std::move(ladder)),
      proposals_(std::move(proposals)),
      plans_(PlanBrackets(ladder_.n_rungs(), ladder_.reduction())) {}

Suggestion HyperbandStrategy::Ask(study::TrialId next) const {
  if (auto promotion = NextPromotion(false)) return *std::move(promotion);
  Suggestion fresh = proposals_->Ask(next);
  auto* trial = std::get_if<NewTrial>(&fresh);
  if (trial == nullptr) return AskWithoutNew();
  return AtRung(std::move(*trial));
}

Suggestion HyperbandStrategy::AskWithoutNew() const {
  if (auto promotion = NextPromotion(true)) return *std::move(promotion);
  if (AnyRunning(climbers_)) return Waiting{};
  return Exhausted{};
}

std::optional<Promotion> HyperbandStrategy::NextPromotion(bool closes) const {
  for (std::size_t b = first_open_; b < brackets_.size(); ++b) {
    if (!brackets_[b].is_full() && !closes) continue;
    const std::optional<Chosen> chosen = NextToPromote(brackets_[b]);
    if (!chosen) continue;
    const Climber& climber = *chosen->climber;
    const int rung = climber.goes_to() + 1;
    return Promotion{
        climber.trial(), ladder_.Rounds(climber.configuration(), rung),
        fmt::format("bracket {}, rung {}: place {} of {} at rung {}, of whom {} go on", b, rung,
                    chosen->place, chosen->n_there, rung - 1, chosen->n_going_on)};
  }
  return std::nullopt;
}

// The best at the lowest rung where all have arrived, down to those who may go on from there.
std::optional<HyperbandStrategy::Chosen> HyperbandStrategy::NextToPromote(
    const Bracket& bracket) const {
  std::vector<const Climber*> field = bracket.climbers;
  for (int rung = bracket.plan.rung; rung + 1 < ladder_.n_rungs(); ++rung) {
    const std::vector<const Climber*> ranked = RankedAt(field, rung);
    if (ranked.size() < field.size()) return std::nullopt;
    const std::size_t n_best =
        std::max<std::size_t>(1, ranked.size() / static_cast<std::size_t>(ladder_.reduction()));
    field.assign(ranked.begin(),
                 ranked.begin() + static_cast<std::ptrdiff_t>(std::min(n_best, ranked.size())));
    for (std::size_t i = 0; i < field.size(); ++i) {
      if (!field[i]->can_go_on() || field[i]->goes_to() != rung) continue;
      return Chosen{field[i], i + 1, ranked.size(), field.size()};
    }
  }
  return std::nullopt;
}

bool HyperbandStrategy::IsDone(const Bracket& bracket) const {
  return bracket.is_full() && !NextToPromote(bracket) &&
         std::none_of(bracket.climbers.begin(), bracket.climbers.end(),
                      [](const Climber* climber) { return climber->is_running(); });
}

NewTrial HyperbandStrategy::AtRung(NewTrial trial) const {
  const bool joins = !brackets_.empty() && !brackets_.back().is_full();
  const std::size_t bracket = joins ? brackets_.size() - 1 : brackets_.size();
  const int rung = PlanOf(bracket).rung;
  trial.rounds = ladder_.Rounds(trial.configuration, rung);
  if (ladder_.n_rungs() > 1) trial.origin += fmt::format(", bracket {}", bracket);
  return trial;
}

void HyperbandStrategy::TellCreated(study::TrialId trial,
                                    const study::Configuration& configuration) {
  if (brackets_.empty() || brackets_.back().is_full()) {
    brackets_.push_back({PlanOf(brackets_.size()), {}});
  }
  climbers_.emplace_back(trial, configuration, brackets_.back().plan.rung);
  brackets_.back().climbers.push_back(&climbers_.back());
  bracket_of_.push_back(brackets_.size() - 1);
  proposals_->TellCreated(trial, configuration);
}

void HyperbandStrategy::TellPromoted(study::TrialId trial) {
  Climber& climber = climbers_.at(static_cast<std::size_t>(ToIndex(trial)));
  climber.Send(climber.goes_to() + 1);
}

void HyperbandStrategy::TellFinished(study::TrialId trial, const Observation& observation) {
  const auto index = static_cast<std::size_t>(ToIndex(trial));
  climbers_.at(index).Arrive(observation, ladder_);
  // A trial that failed and was retried opens its bracket again.
  first_open_ = std::min(first_open_, bracket_of_[index]);
  while (first_open_ < brackets_.size() && IsDone(brackets_[first_open_])) ++first_open_;
  proposals_->TellFinished(trial, observation);
}

}  // namespace coppice::strategies
