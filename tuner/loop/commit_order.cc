#include "tuner/loop/commit_order.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace coppice::tuner {

CommitOrder::CommitOrder(CommitRule rule, int slots)
    : rule_(rule), slots_(static_cast<std::size_t>(slots)) {
  COPPICE_CHECK(slots >= 1, "a study has at least one slot");
}

void CommitOrder::SetSlots(int slots) {
  COPPICE_CHECK(slots >= 1, "a study has at least one slot");
  slots_ = static_cast<std::size_t>(slots);
}

void CommitOrder::Began(study::TrialId trial) {
  last_turn_[trial] = turns_.size();
  turns_.push_back({trial, std::nullopt, true});
}

void CommitOrder::Passed() { turns_.push_back({std::nullopt, std::nullopt, false}); }

std::size_t CommitOrder::LastTurnOf(study::TrialId trial) const {
  const auto found = last_turn_.find(trial);
  COPPICE_CHECK(found != last_turn_.end(), "a trial begins before it ends or runs again");
  return found->second;
}

void CommitOrder::Ended(study::TrialId trial, study::TrialOutcome outcome) {
  const std::size_t turn = LastTurnOf(trial);
  COPPICE_CHECK(turns_[turn].is_open, "a turn ends once");
  turns_[turn].outcome = std::move(outcome);
  turns_[turn].is_open = false;
  if (rule_ == CommitRule::kAsap) ended_.push_back(turn);
}

void CommitOrder::Reopened(study::TrialId trial) {
  const std::size_t turn = LastTurnOf(trial);
  turns_[turn].outcome.reset();
  turns_[turn].is_open = true;
  std::erase(ended_, turn);
  if (rule_ == CommitRule::kDeterministic && turn < next_) again_.insert(turn);
}

bool CommitOrder::MayPropose() const {
  if (rule_ == CommitRule::kAsap) return true;
  for (std::size_t i = next_; i < Horizon(); ++i) {
    if (turns_[i].is_open) return false;
  }
  return std::none_of(again_.begin(), again_.end(),
                      [this](std::size_t i) { return turns_[i].is_open; });
}

std::vector<EndedTrial> CommitOrder::TakeDue() {
  COPPICE_CHECK(MayPropose(), "what is due has ended");
  return rule_ == CommitRule::kAsap ? TakeInOrderOfEnding() : TakeBelow(Horizon());
}

std::vector<EndedTrial> CommitOrder::TakeRest() {
  return rule_ == CommitRule::kAsap ? TakeInOrderOfEnding() : TakeBelow(turns_.size());
}

bool CommitOrder::HasMore() const {
  return std::any_of(turns_.begin(), turns_.end(),
                     [](const Turn& turn) { return turn.is_open || turn.outcome; });
}

std::size_t CommitOrder::Horizon() const {
  return turns_.size() + 1 > slots_ ? turns_.size() + 1 - slots_ : 0;
}

EndedTrial CommitOrder::Take(std::size_t turn) {
  EndedTrial taken{*turns_[turn].trial, *std::move(turns_[turn].outcome)};
  turns_[turn].outcome.reset();
  return taken;
}

std::vector<EndedTrial> CommitOrder::TakeBelow(std::size_t end) {
  std::vector<EndedTrial> taken;
  for (auto it = again_.begin(); it != again_.end();) {
    if (turns_[*it].outcome) {
      taken.push_back(Take(*it));
      it = again_.erase(it);
    } else {
      ++it;
    }
  }
  for (; next_ < end && !turns_[next_].is_open; ++next_) {
    if (turns_[next_].outcome) taken.push_back(Take(next_));
  }
  return taken;
}

std::vector<EndedTrial> CommitOrder::TakeInOrderOfEnding() {
  std::vector<EndedTrial> taken;
  for (std::size_t turn : ended_) taken.push_back(Take(turn));
  ended_.clear();
  return taken;
}

}  // namespace coppice::tuner
