#include "strategies/random/random_strategy.h"

#include <utility>
#include <vector>

#include "base/random.h"

namespace coppice::strategies {
namespace {

constexpr std::uint64_t kAttempts = 100;
constexpr int kLevels[] = {1024, 32, 2};

std::uint64_t NameOf(study::TrialId trial) { return static_cast<std::uint64_t>(ToIndex(trial)); }

}  // namespace

RandomStrategy::RandomStrategy(study::SearchSpace space, std::uint64_t seed)
    : space_(std::move(space)),
      seed_(seed),
      numbered_(study::Enumeration::Of(space_, std::nullopt)) {
  finite_ = numbered_.has_value();
  for (int levels : kLevels) {
    if (!numbered_) numbered_ = study::Enumeration::Of(space_, levels);
  }
}

study::Configuration RandomStrategy::Draw(study::TrialId trial, std::uint64_t attempt) const {
  RandomStream stream(seed_, {Purpose::kProposal, NameOf(trial), attempt});
  std::vector<double> point(space_.size());
  for (double& coordinate : point) coordinate = stream.Uniform();
  return space_.Decode(point);
}

// Looks at no more points than were created, and one.
std::optional<study::Configuration> RandomStrategy::SearchFrom(std::int64_t place) const {
  const std::int64_t size = numbered_->size();
  for (std::int64_t step = 0; step < size; ++step) {
    study::Configuration configuration = numbered_->At((place + step) % size);
    if (IsNew(configuration)) return configuration;
  }
  return std::nullopt;
}

Suggestion RandomStrategy::Ask(study::TrialId next) const {
  if (finite_ && n_created_inside_ == numbered_->size()) return Exhausted{};
  for (std::uint64_t attempt = 0; attempt < kAttempts; ++attempt) {
    study::Configuration configuration = Draw(next, attempt);
    if (IsNew(configuration)) return NewTrial{std::move(configuration), "random"};
  }
  if (!numbered_) return Exhausted{};
  RandomStream stream(seed_, {Purpose::kProposal, NameOf(next), kAttempts});
  const std::uint64_t place = stream.Below(static_cast<std::uint64_t>(numbered_->size()));
  std::optional<study::Configuration> found = SearchFrom(static_cast<std::int64_t>(place));
  if (!found) return Exhausted{};
  return NewTrial{std::move(*found), "random"};
}

void RandomStrategy::TellCreated(study::TrialId, const study::Configuration& configuration) {
  if (created_.Add(configuration) && space_.Contains(configuration)) ++n_created_inside_;
}

}  // namespace coppice::strategies
