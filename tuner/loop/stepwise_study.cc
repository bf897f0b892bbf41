#include "tuner/loop/stepwise_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "tuner/loop/replay.h"
#include "tuner/loop/turn.h"

namespace coppice::tuner {

using study::ToIndex;
using study::TrialId;

StepwiseStudy::StepwiseStudy(const LoopSetup& setup, strategies::Strategy& strategy,
                             results::TrialStore& store, const Clock& clock, ProgressSink& progress)
    : slots_(static_cast<std::size_t>(setup.slots)),
      is_asap_(setup.order == CommitRule::kAsap),
      trial_seconds_(setup.trial_seconds),
      strategy_(strategy),
      store_(store),
      clock_(clock),
      progress_(progress),
      made_at_(store.study().created_at),
      elapsed_before_(store.ElapsedSeconds()),
      state_(LimitsOf(setup), setup.order, setup.first_slots.value_or(setup.slots), strategy,
             setup.pruner, setup.metric) {
  Replay(store, setup.pruner != nullptr, [this](const results::LoggedEvent& logged) {
    state_.Apply(logged.event, logged.elapsed_seconds);
    if (const auto* started = std::get_if<study::TrialStarted>(&logged.event)) {
      started_at_[started->trial] = logged.elapsed_seconds;
    }
  });
}

// Never back, whatever the clock of the wall does.
double StepwiseStudy::Elapsed() const {
  return std::max(elapsed_before_, clock_.WallTime() - made_at_);
}

void StepwiseStudy::Append(const std::vector<study::StudyEvent>& events) {
  const double elapsed = Elapsed();
  store_.Append(events, elapsed);
  for (const study::StudyEvent& event : events) state_.Apply(event, elapsed);
}

std::optional<TrialId> StepwiseStudy::Suggest() {
  if (state_.running().size() >= slots_) return std::nullopt;
  if (!state_.waiting().empty()) {
    const TrialId trial = *state_.waiting().begin();
    Append({study::TrialStarted{trial}});
    return Begun(trial);
  }
  if (state_.stopped() || StopForTime()) return std::nullopt;
  return TakeTurns();
}

bool StepwiseStudy::StopForTime() {
  const auto up = SecondsRule(state_.limits(), Elapsed());
  if (!up) return false;
  Append({*up});
  progress_.Stopped(*up, Counts());
  return true;
}

std::optional<TrialId> StepwiseStudy::TakeTurns() {
  while (state_.MayPropose()) {
    const Turn turn = NextTurn(state_, strategy_);
    if (turn.events.empty()) {
      COPPICE_CHECK(state_.HasMore(), "a strategy waits for trials that it was not told of");
      // By time, only a trial that is told brings news; by turns, the next one may know more.
      if (is_asap_) return std::nullopt;
      state_.Pass();
      continue;
    }
    Append(turn.events);
    if (turn.begins) return Begun(*turn.begins);
    progress_.Stopped(*state_.stopped(), Counts());
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<TrialId> StepwiseStudy::Begun(TrialId trial) {
  started_at_[trial] = Elapsed();
  progress_.TrialStarted(state_.created(trial), Counts());
  return trial;
}

void StepwiseStudy::Tell(TrialId trial, study::TrialOutcome outcome) {
  if (!state_.running().contains(trial)) {
    const bool is_known = ToIndex(trial) >= 0 && ToIndex(trial) < state_.n_created();
    throw Error(ErrorKind::kUsage,
                is_known ? fmt::format("trial `{}` was told already", ToIndex(trial))
                         : fmt::format("there is no trial `{}`", ToIndex(trial)),
                {}, "tell of trials that were suggested, each once");
  }
  const double seconds = Elapsed() - started_at_.at(trial);
  if (trial_seconds_ && seconds > *trial_seconds_ && study::ResultOf(outcome) != nullptr) {
    outcome = study::Failed{study::FailureKind::kTimeout, OverTimeText(*trial_seconds_)};
  }
  const std::optional<double> best_before = state_.best_score();
  const study::TrialFinished finished{trial, Comparable(std::move(outcome)), {}, seconds};
  Append({finished});
  const std::optional<double> best = state_.best_score();
  progress_.TrialFinished(finished, best != best_before, best, Counts());
}

RunCounts StepwiseStudy::Counts() const { return CountsOf(state_, Elapsed()); }

}  // namespace coppice::tuner
