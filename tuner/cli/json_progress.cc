#include "tuner/cli/json_progress.h"

#include <cmath>
#include <utility>

#include "base/json.h"

namespace coppice::tuner {
namespace {

constexpr double kSecondsBetweenRounds = 1;

// To the millisecond.
double Seconds(double seconds) { return std::round(seconds * 1000) / 1000; }

template <typename T>
Json JsonOrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json EventOf(const char* event, const RunCounts& counts) {
  return {{"event", event}, {"elapsed", Seconds(counts.elapsed_seconds)}};
}

Json RoundEvent(const RoundReport& report, const RunCounts& counts) {
  Json event = EventOf("round", counts);
  event["trial"] = study::ToIndex(report.trial);
  event["folds"] = report.folds;
  event["round"] = report.round;
  event["rounds"] = report.rounds;
  event["is_rung"] = report.is_rung;
  event["score"] = JsonOrNull(report.score);
  event["best_score"] = JsonOrNull(report.best_score);
  return event;
}

}  // namespace

JsonProgress::JsonProgress(Json start, const Clock& clock, const RoundBoard& board,
                           std::function<void(const Json& event)> say)
    : start_(std::move(start)), clock_(clock), board_(board), say_(std::move(say)) {}

// Of trials that run now, none has ended in this run.
void JsonProgress::Begin(const RunCounts& counts) {
  if (has_begun_) return;
  has_begun_ = true;
  start_["trials"] = JsonOrNull(counts.trials);
  start_["seconds"] = JsonOrNull(counts.seconds);
  start_["ended"] = counts.created - counts.running - counts.waiting - counts.paused;
  say_(start_);
}

void JsonProgress::TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) {
  Begin(counts);
  Json event = EventOf("trial_started", counts);
  event["trial"] = study::ToIndex(trial.trial);
  event["origin"] = trial.origin;
  event["config"] = trial.configuration.ToJson();
  say_(event);
}

void JsonProgress::TrialFinished(const study::TrialFinished& trial, bool is_best,
                                 std::optional<double>, const RunCounts& counts) {
  Begin(counts);
  told_.erase(trial.trial);
  Json event = EventOf("trial_finished", counts);
  const study::Completed* result = study::ResultOf(trial.outcome);
  event["trial"] = study::ToIndex(trial.trial);
  event["state"] = study::ToText(study::StateOf(trial.outcome));
  event["score"] = result != nullptr ? Json(result->score) : Json();
  event["std_error"] = result != nullptr ? JsonOrNull(result->std_error) : Json();
  event["best_round"] = result != nullptr ? Json(result->best_round) : Json();
  event["rounds"] = result != nullptr ? Json(result->rounds) : Json();
  event["seconds"] = Seconds(trial.seconds);
  event["reason"] = study::ReasonOf(trial.outcome);
  say_(event);
  if (!is_best || result == nullptr) return;
  Json best = EventOf("new_best", counts);
  best["trial"] = study::ToIndex(trial.trial);
  best["score"] = result->score;
  say_(best);
}

void JsonProgress::Stopped(const study::StudyStopped& stop, const RunCounts& counts) {
  Begin(counts);
  Json event = EventOf("study_stopped", counts);
  event["reason"] = study::ToText(stop.reason);
  event["text"] = stop.text;
  event["running"] = counts.running;
  say_(event);
}

void JsonProgress::Waiting(const RunCounts& counts) {
  Begin(counts);
  const double now = clock_.Now();
  for (const RoundReport& report : board_.Read()) {
    Told& told = told_.try_emplace(report.trial, Told{report.started_at, 0}).first->second;
    if (report.round == told.round || now - told.at < kSecondsBetweenRounds) continue;
    told = {now, report.round};
    say_(RoundEvent(report, counts));
  }
}

void JsonProgress::Interrupted(const RunCounts& counts) {
  Begin(counts);
  Json event = EventOf("interrupted", counts);
  event["running"] = counts.running;
  say_(event);
}

void JsonProgress::Confirmed(const study::TrialConfirmed& trial, double elapsed_seconds) {
  Json event = {{"event", "trial_confirmed"}, {"elapsed", Seconds(elapsed_seconds)}};
  event["trial"] = study::ToIndex(trial.trial);
  event["score"] = trial.result.score;
  event["std_error"] = JsonOrNull(trial.result.std_error);
  event["seconds"] = Seconds(trial.result.seconds);
  say_(event);
}

Json StudyStartedEvent(const Spec& spec, const std::string& folder, int threads,
                       std::size_t n_folds) {
  Json event = {{"event", "study_started"}, {"study", spec.name}, {"folder", folder}};
  event["metric"] = spec.metric;
  event["goal"] = spec.goal == study::Goal::kMaximize ? "maximize" : "minimize";
  event["strategy"] = spec.strategy.kind;
  event["slots"] = spec.parallel.slots;
  event["threads"] = threads > 0 ? Json(threads) : Json();
  event["folds"] = n_folds > 0 ? Json(n_folds) : Json();
  return event;
}

Json StudyFinishedEvent(const StudySummary& summary) {
  Json event = {{"event", "study_finished"}, {"elapsed", Seconds(summary.seconds)}};
  event["completed"] = summary.completed;
  event["pruned"] = summary.pruned;
  event["paused"] = summary.paused;
  event["failed"] = summary.failed;
  event["cancelled"] = summary.cancelled;
  event["best_trial"] = summary.best ? Json(study::ToIndex(summary.best->trial)) : Json();
  event["best_score"] = summary.best ? JsonOrNull(summary.best->score) : Json();
  event["model"] = summary.model.empty() ? Json() : Json(summary.model);
  event["interrupted"] = summary.interrupted;
  return event;
}

}  // namespace coppice::tuner
