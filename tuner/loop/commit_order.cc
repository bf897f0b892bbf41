#include "tuner/loop/commit_order.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace coppice::tuner {
namespace {

std::size_t Index(study::TrialId trial) { return static_cast<std::size_t>(ToIndex(trial)); }

}  // namespace

CommitOrder::CommitOrder(CommitRule rule, int slots)
    : rule_(rule), slots_(static_cast<std::size_t>(slots)) {
  COPPICE_CHECK(slots >= 1, "a study has at least one slot");
}

void CommitOrder::Created() { outcomes_.emplace_back(); }

void CommitOrder::Ended(study::TrialId trial, study::TrialOutcome outcome) {
  COPPICE_CHECK(Index(trial) < outcomes_.size(), "a trial is created before it ends");
  COPPICE_CHECK(!outcomes_[Index(trial)], "a trial ends once");
  outcomes_[Index(trial)] = std::move(outcome);
  if (rule_ == CommitRule::kAsap) ended_.push_back(Index(trial));
}

void CommitOrder::Reopened(study::TrialId trial) {
  const std::size_t i = Index(trial);
  COPPICE_CHECK(i < outcomes_.size(), "a trial is created before it runs again");
  outcomes_[i].reset();
  std::erase(ended_, i);
  if (rule_ == CommitRule::kDeterministic && i < next_) again_.insert(i);
}

bool CommitOrder::MayPropose() const {
  if (rule_ == CommitRule::kAsap) return true;
  for (std::size_t i = next_; i < Horizon(); ++i) {
    if (!outcomes_[i]) return false;
  }
  return std::all_of(again_.begin(), again_.end(),
                     [this](std::size_t i) { return outcomes_[i].has_value(); });
}

std::vector<EndedTrial> CommitOrder::TakeDue() {
  COPPICE_CHECK(MayPropose(), "what is due has ended");
  return rule_ == CommitRule::kAsap ? TakeInOrderOfEnding() : TakeBelow(Horizon());
}

std::vector<EndedTrial> CommitOrder::TakeRest() {
  return rule_ == CommitRule::kAsap ? TakeInOrderOfEnding() : TakeBelow(outcomes_.size());
}

std::size_t CommitOrder::Horizon() const {
  return outcomes_.size() + 1 > slots_ ? outcomes_.size() + 1 - slots_ : 0;
}

EndedTrial CommitOrder::Take(std::size_t trial) {
  EndedTrial taken{study::TrialId{static_cast<std::int32_t>(trial)}, *std::move(outcomes_[trial])};
  outcomes_[trial].reset();
  return taken;
}

std::vector<EndedTrial> CommitOrder::TakeBelow(std::size_t end) {
  std::vector<EndedTrial> taken;
  for (auto it = again_.begin(); it != again_.end();) {
    if (outcomes_[*it]) {
      taken.push_back(Take(*it));
      it = again_.erase(it);
    } else {
      ++it;
    }
  }
  for (; next_ < end && outcomes_[next_]; ++next_) taken.push_back(Take(next_));
  return taken;
}

std::vector<EndedTrial> CommitOrder::TakeInOrderOfEnding() {
  std::vector<EndedTrial> taken;
  for (std::size_t i : ended_) taken.push_back(Take(i));
  ended_.clear();
  return taken;
}

}  // namespace coppice::tuner
