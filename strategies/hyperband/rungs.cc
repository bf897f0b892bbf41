#include "strategies/hyperband/rungs.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/error.h"
#include "base/exact_math.h"

namespace coppice::strategies {
namespace {

constexpr int kLeastShare = 9;
// eta * rounds below which hardly anything was learned.
constexpr double kLeastWay = 2;

std::optional<double> MiddleEta(const study::SearchSpace& space) {
  for (const study::ParameterRange& range : space.ranges()) {
    if (range.name() != "eta" || range.kind() != study::RangeKind::kFloat) continue;
    if (range.spec().min > 0) return std::sqrt(range.spec().min * range.spec().max);
    return range.spec().max / 2;
  }
  return std::nullopt;
}

}  // namespace

RungLadder::RungLadder(const RungOptions& options, const study::SearchSpace& space)
    : reduction_(options.reduction), middle_eta_(MiddleEta(space)) {
  COPPICE_CHECK(
      options.reduction >= 2 && options.max_rounds >= 1 && options.min_rounds <= options.max_rounds,
      "the options were checked");
  const int least = options.min_rounds > 0 ? options.min_rounds : 1;
  // The default is a ninth at least, which no rounding may undercut.
  const std::int64_t most_divisor = options.min_rounds > 0 ? options.max_rounds : kLeastShare;
  rounds_ = {options.max_rounds};
  for (std::int64_t divisor = reduction_; divisor <= most_divisor; divisor *= reduction_) {
    const auto rounds = static_cast<int>((options.max_rounds + divisor / 2) / divisor);
    if (rounds < least || rounds >= rounds_.back()) break;
    rounds_.push_back(rounds);
  }
  std::reverse(rounds_.begin(), rounds_.end());
}

int RungLadder::Rounds(const study::Configuration& configuration, int rung) const {
  const int rounds = rounds_[static_cast<std::size_t>(rung)];
  const int most = rounds_.back();
  if (rung + 1 == n_rungs() || !middle_eta_) return rounds;
  const Value* value = configuration.Find("eta");
  if (value == nullptr || !IsNumber(*value) || !(AsDouble(*value) > 0)) return rounds;
  const double eta = AsDouble(*value);
  const double least = std::max(kLeastWay / eta, static_cast<double>(most) / kLeastShare);
  const double wanted = std::max(rounds * (*middle_eta_ / eta), least);
  return wanted >= most ? most : static_cast<int>(std::ceil(wanted));
}

double Climber::LossAt(int rung) const {
  const auto at = static_cast<std::size_t>(rung);
  return at < losses_.size() ? losses_[at] : last_loss_;
}

void Climber::Send(int rung) {
  goes_to_ = rung;
  is_running_ = true;
}

void Climber::Arrive(const Observation& observation, const RungLadder& ladder) {
  is_running_ = false;
  last_loss_ =
      std::isnan(observation.loss) ? std::numeric_limits<double>::infinity() : observation.loss;
  has_ended_ = observation.state != study::TrialState::kPaused;
  if (has_ended_) return;
  // A short step between two rungs is no step at all.
  while (static_cast<int>(losses_.size()) < ladder.n_rungs() &&
         ladder.Rounds(configuration_, static_cast<int>(losses_.size())) <= observation.rounds) {
    losses_.push_back(last_loss_);
  }
  goes_to_ = std::max(goes_to_, static_cast<int>(losses_.size()) - 1);
}

bool AnyRunning(const std::deque<Climber>& climbers) {
  return std::any_of(climbers.begin(), climbers.end(),
                     [](const Climber& climber) { return climber.is_running(); });
}

bool IsBetterAt(int rung, const Climber& a, const Climber& b) {
  if (a.LossAt(rung) != b.LossAt(rung)) return a.LossAt(rung) < b.LossAt(rung);
  return ToIndex(a.trial()) < ToIndex(b.trial());
}

std::vector<const Climber*> RankedAt(const std::vector<const Climber*>& climbers, int rung) {
  std::vector<const Climber*> ranked;
  for (const Climber* climber : climbers) {
    if (climber->IsKnownAt(rung)) ranked.push_back(climber);
  }
  std::sort(ranked.begin(), ranked.end(),
            [rung](const Climber* a, const Climber* b) { return IsBetterAt(rung, *a, *b); });
  return ranked;
}

}  // namespace coppice::strategies
