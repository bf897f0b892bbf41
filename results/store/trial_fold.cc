#include "results/store/trial_fold.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "base/error.h"

namespace coppice::results {
namespace {

using study::Trial;
using study::TrialId;
using study::TrialState;

[[noreturn]] void Refuse(TrialId trial, const std::string& why) {
  throw Error(ErrorKind::kInternal, fmt::format("trial `{}` {}", study::ToIndex(trial), why));
}

// The trials as the batch sees them: those it changed before those it found. A map, because a batch
// is small and the trials may be many.
class Batch {
 public:
  explicit Batch(const std::vector<Trial>& before) : before_(before) {}

  void operator()(const study::TrialCreated& event) {
    const auto next = static_cast<std::int32_t>(before_.size()) + n_created_;
    if (study::ToIndex(event.trial) != next) {
      Refuse(event.trial, fmt::format("was created where trial `{}` is the next one", next));
    }
    Trial trial;
    trial.id = event.trial;
    trial.configuration = event.configuration;
    trial.origin = event.origin;
    trial.seed_trial = event.seed_trial;
    changed_.emplace(event.trial, std::move(trial));
    ++n_created_;
  }

  void operator()(const study::TrialStarted& event) {
    Trial& trial = Move(event.trial, TrialState::kRunning);
    trial.attempts += 1;
  }

  void operator()(const study::TrialFinished& event) {
    if (const study::Completed* result = study::ResultOf(event.outcome)) {
      if (std::isnan(result->score)) {
        Refuse(event.trial, "was completed with a score that is not a number");
      }
    }
    Trial& trial = Move(event.trial, study::StateOf(event.outcome));
    trial.outcome = event.outcome;
    trial.seconds = event.seconds;
  }

  void operator()(const study::TrialRequeued& event) {
    Trial& trial = Move(event.trial, TrialState::kWaiting);
    trial.outcome.reset();
    trial.seconds = 0;
  }

  // What it had reached stays its outcome until the next stint ends.
  void operator()(const study::TrialPromoted& event) { Move(event.trial, TrialState::kWaiting); }

  void operator()(const study::TrialConfirmed& event) {
    Trial& trial = Find(event.trial);
    if (trial.state != TrialState::kCompleted) {
      Refuse(event.trial,
             fmt::format("is {} and has nothing to confirm", study::ToText(trial.state)));
    }
    if (std::isnan(event.result.score)) {
      Refuse(event.trial, "was confirmed with a score that is not a number");
    }
    trial.fresh = event.result;
  }

  // The study's own events change no trial.
  void operator()(const study::StudyStopped&) {}
  void operator()(const study::StudyExtended&) {}
  void operator()(const study::StudyChanged&) {}

  std::vector<Trial> Take() {
    std::vector<Trial> trials;
    trials.reserve(changed_.size());
    for (auto& [id, trial] : changed_) trials.push_back(std::move(trial));
    return trials;
  }

 private:
  Trial& Find(TrialId id) {
    const auto found = changed_.find(id);
    if (found != changed_.end()) return found->second;
    const std::int32_t index = study::ToIndex(id);
    if (index < 0 || static_cast<std::size_t>(index) >= before_.size()) {
      Refuse(id, "was never created");
    }
    return changed_.emplace(id, before_[static_cast<std::size_t>(index)]).first->second;
  }

  Trial& Move(TrialId id, TrialState to) {
    Trial& trial = Find(id);
    if (!study::MayBecome(trial.state, to)) {
      Refuse(id, fmt::format("is {} and may not become {}", study::ToText(trial.state),
                             study::ToText(to)));
    }
    trial.state = to;
    return trial;
  }

  const std::vector<Trial>& before_;
  std::map<TrialId, Trial> changed_;
  std::int32_t n_created_ = 0;
};

}  // namespace

std::vector<Trial> TrialFold::After(std::span<const study::StudyEvent> events) const {
  Batch batch(trials_);
  for (const study::StudyEvent& event : events) std::visit(batch, event);
  return batch.Take();
}

void TrialFold::Apply(std::vector<Trial> changed) {
  for (Trial& trial : changed) {
    const auto index = static_cast<std::size_t>(study::ToIndex(trial.id));
    if (index < trials_.size()) {
      trials_[index] = std::move(trial);
    } else {
      COPPICE_CHECK(index == trials_.size(), "trials are numbered densely");
      trials_.push_back(std::move(trial));
    }
  }
}

}  // namespace coppice::results
