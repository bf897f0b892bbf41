#include "tuner/loop/loop_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "base/error.h"
#include "tuner/loop/changed_rules.h"
#include "tuner/loop/goal.h"

namespace coppice::tuner {
namespace {

using study::ToIndex;
using study::TrialId;
using study::TrialState;

std::size_t Index(TrialId trial) { return static_cast<std::size_t>(ToIndex(trial)); }

[[noreturn]] void ThrowDamaged(const std::string& what) {
  throw Error(ErrorKind::kStore, "the study's event log contradicts itself: " + what, {},
              "restore the study's folder from a copy, or start the study anew");
}

}  // namespace

LoopState::LoopState(StopLimits limits, CommitRule rule, int slots, strategies::Strategy& strategy,
                     strategies::Pruner* pruner, std::string metric)
    : limits_(limits),
      order_(rule, slots),
      strategy_(strategy),
      pruner_(pruner),
      metric_(std::move(metric)) {}

void LoopState::Apply(const study::StudyEvent& event, double elapsed_seconds) {
  std::visit([&](const auto& e) { On(e, elapsed_seconds); }, event);
}

void LoopState::On(const study::TrialCreated& event, double) {
  if (Index(event.trial) != trials_.size()) {
    ThrowDamaged(fmt::format("trial `{}` comes where trial `{}` should", ToIndex(event.trial),
                             trials_.size()));
  }
  BeginTurn(event.trial, event.passed_turns);
  LoopTrial trial;
  trial.created = event;
  trial.rounds = event.rounds;
  if (pruner_ != nullptr) trial.stop_test = pruner_->TestFor(event.configuration);
  if (event.seed_trial) ++n_taken_over_;
  lifted_.reset();
  trials_.push_back(std::move(trial));
  expected_gains_.push_back(event.expected_gain);
  waiting_.insert(event.trial);
  strategy_.TellCreated(event.trial, event.configuration);
}

void LoopState::On(const study::TrialPromoted& event, double) {
  Find(event.trial);
  BeginTurn(event.trial, event.passed_turns);
  LoopTrial& trial = Find(event.trial);
  Move(trial, TrialState::kWaiting);
  trial.rounds = event.rounds;
  strategy_.TellPromoted(event.trial);
}

// The turns that passed before it are those of an earlier run, or were passed by this one already.
void LoopState::BeginTurn(TrialId trial, int passed_turns) {
  const auto check = [&] {
    if (order_.MayPropose()) return;
    ThrowDamaged(fmt::format("trial `{}` was proposed before the trials that it follows had ended",
                             ToIndex(trial)));
  };
  check();
  TellDue();
  while (passed_turns_ < passed_turns) {
    Pass();
    check();
    TellDue();
  }
  passed_turns_ = 0;
  order_.Began(trial);
}

void LoopState::Pass() {
  order_.Passed();
  ++passed_turns_;
}

void LoopState::On(const study::TrialStarted& event, double) {
  Move(Find(event.trial), TrialState::kRunning);
}

void LoopState::On(const study::TrialFinished& event, double) {
  LoopTrial& trial = Find(event.trial);
  Move(trial, StateOf(event.outcome));
  order_.Ended(event.trial, event.outcome);
  const study::Completed* result = study::ResultOf(event.outcome);
  if (result == nullptr) return;
  trial.score = result->score;
  if (!best_ || IsBetter(limits_.goal, trial.score, trials_[*best_].score)) {
    best_ = Index(event.trial);
  }
  if (trial.state == TrialState::kPaused) return;
  if (pruner_ != nullptr) KeepCurves(trial, event.curves);
  if (trial.state == TrialState::kPruned && trial.stop_test != nullptr) {
    trial.forecast = ForecastOf(trial, *result);
  }
  trial.stop_test.reset();
}

// The score of a trial that ended in its first fold is the forecast.
std::optional<strategies::StoppedForecast> LoopState::ForecastOf(
    const LoopTrial& trial, const study::Completed& result) const {
  if (!trial.loss.empty()) return trial.stop_test->ForecastOf(trial.loss);
  const double error = result.std_error.value_or(0);
  return strategies::StoppedForecast{LossOf(limits_.goal, result.score), error * error};
}

// What a trial showed that ended in its first fold is no mean, and is not kept: the first trials
// have all folds.
void LoopState::KeepCurves(LoopTrial& trial, const std::vector<study::Curve>& curves) {
  const int n_folds = study::NumberOfFolds(curves);
  n_folds_ = std::max(n_folds_, n_folds);
  if (n_folds < n_folds_) return;
  trial.loss = study::MeanCurve(curves, metric_);
  for (double& value : trial.loss) value = LossOf(limits_.goal, value);
  if (n_folds == 1) return;
  trial.leading_loss = study::LeadingCurve(curves, metric_);
  for (double& value : trial.leading_loss) value = LossOf(limits_.goal, value);
}

void LoopState::On(const study::TrialRequeued& event, double) {
  Move(Find(event.trial), TrialState::kWaiting);
  order_.Reopened(event.trial);
  if (stopped_) requeued_since_stop_.insert(event.trial);
}

void LoopState::On(const study::StudyStopped& event, double) {
  stopped_ = event;
  requeued_since_stop_.clear();
}

void LoopState::On(const study::StudyExtended& event, double elapsed_seconds) {
  limits_ = Extended(limits_, event, stopped_ ? stopped_ : lifted_, n_created(), elapsed_seconds);
  stopped_.reset();
  requeued_since_stop_.clear();
}

void LoopState::On(const study::StudyChanged& event, double) {
  for (const auto& [path, text] : event.fields) {
    if (const auto slots = SlotsIn(path, text)) order_.SetSlots(*slots);
    SetLimit(path, text, &limits_);
    if (path == "stop.trials" && limits_.trials) *limits_.trials += n_taken_over_;
  }
  if (stopped_) lifted_ = stopped_;
  stopped_.reset();
  requeued_since_stop_.clear();
}

std::optional<study::StudyStopped> LoopState::StopRule() const {
  return FirstStop(limits_, told_, n_created());
}

std::optional<double> LoopState::ExpectedGain() const {
  if (!AsksExpectedGain(limits_, told_)) return std::nullopt;
  const auto outlook = strategy_.LookAhead(TrialId{n_created()});
  if (!outlook) return std::nullopt;
  const std::optional<std::size_t>& place = trials_.at(Index(outlook->best)).told;
  COPPICE_CHECK(place, "a strategy knows the losses of told trials only");
  return InStdErrors(limits_, outlook->expected_gain, told_[*place]);
}

std::optional<study::StudyStopped> LoopState::ConvergedStop(
    std::optional<double> expected_gain) const {
  if (!limits_.converged) return std::nullopt;
  std::vector<std::optional<double>> gains = expected_gains_;
  gains.push_back(expected_gain);
  return ConvergedRule(limits_, gains);
}

void LoopState::TellDue() { Tell(order_.TakeDue()); }

void LoopState::TellRest() { Tell(order_.TakeRest()); }

const study::TrialCreated& LoopState::created(TrialId trial) const {
  return trials_.at(Index(trial)).created;
}

int LoopState::rounds(TrialId trial) const { return trials_.at(Index(trial)).rounds; }

std::shared_ptr<const strategies::StopTest> LoopState::stop_test(TrialId trial) const {
  return trials_.at(Index(trial)).stop_test;
}

std::optional<double> LoopState::best_score() const {
  if (!best_) return std::nullopt;
  return trials_[*best_].score;
}

std::optional<TrialId> LoopState::best_trial() const {
  if (!best_) return std::nullopt;
  return trials_[*best_].created.trial;
}

LoopState::LoopTrial& LoopState::Find(TrialId trial) {
  if (ToIndex(trial) < 0 || Index(trial) >= trials_.size()) {
    ThrowDamaged(fmt::format("trial `{}` was never created", ToIndex(trial)));
  }
  return trials_[Index(trial)];
}

void LoopState::Move(LoopTrial& trial, TrialState to) {
  const TrialId id = trial.created.trial;
  if (!study::MayBecome(trial.state, to)) {
    ThrowDamaged(
        fmt::format("trial `{}` went from {} to {}", ToIndex(id), ToText(trial.state), ToText(to)));
  }
  waiting_.erase(id);
  running_.erase(id);
  if (trial.state == TrialState::kCompleted) --n_completed_;
  if (trial.state == TrialState::kPruned) --n_pruned_;
  if (trial.state == TrialState::kPaused) --n_paused_;
  if (trial.state == TrialState::kFailed) --n_failed_;
  trial.state = to;
  if (to == TrialState::kWaiting) waiting_.insert(id);
  if (to == TrialState::kRunning) running_.insert(id);
  if (to == TrialState::kCompleted) ++n_completed_;
  if (to == TrialState::kPruned) ++n_pruned_;
  if (to == TrialState::kPaused) ++n_paused_;
  if (to == TrialState::kFailed) ++n_failed_;
}

void LoopState::Tell(const std::vector<EndedTrial>& ended) {
  for (const auto& [id, outcome] : ended) {
    ToldTrial told{id, StateOf(outcome), 0};
    if (const auto* failed = std::get_if<study::Failed>(&outcome)) told.failure = failed->kind;
    told.is_taken_over = trials_[Index(id)].created.seed_trial.has_value();
    strategies::Observation observation{told.state, std::numeric_limits<double>::quiet_NaN(), 0};
    if (const study::Completed* result = study::ResultOf(outcome)) {
      told.score = result->score;
      told.std_error = result->std_error;
      observation.loss = LossOf(limits_.goal, result->score);
      observation.rounds = result->rounds;
      if (told.state == TrialState::kCompleted) observation.cost = result->cost;
      if (const auto& forecast = trials_[Index(id)].forecast) {
        observation.loss = forecast->loss;
        observation.variance = forecast->variance;
      }
    }
    std::optional<std::size_t>& place = trials_[Index(id)].told;
    if (place) {
      told_[*place] = told;
    } else {
      place = told_.size();
      told_.push_back(told);
    }
    strategy_.TellFinished(id, observation);
    if (pruner_ != nullptr) TellPruner(id, told.state);
  }
}

// A trial that failed before its first round has no curve.
void LoopState::TellPruner(TrialId trial, TrialState state) {
  LoopTrial& known = trials_[Index(trial)];
  if (known.loss.empty()) return;
  pruner_->Tell({trial, state, known.created.configuration, std::move(known.loss),
                 std::move(known.leading_loss)});
  known.loss.clear();
  known.leading_loss.clear();
}

RunCounts CountsOf(const LoopState& state, double elapsed_seconds) {
  return {state.n_completed(),
          state.n_pruned(),
          state.n_paused(),
          state.n_failed(),
          static_cast<int>(state.running().size()),
          state.limits().trials,
          elapsed_seconds,
          static_cast<int>(state.waiting().size()),
          state.n_created(),
          state.limits().seconds,
          state.best_score(),
          state.best_trial()};
}

}  // namespace coppice::tuner
