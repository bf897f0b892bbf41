#include "tuner/loop/run_model.h"

#include <algorithm>
#include <utility>

namespace coppice::tuner {
namespace {

const RoundReport* ReportOf(const std::vector<RoundReport>& reports, study::TrialId trial) {
  for (const RoundReport& report : reports) {
    if (report.trial == trial) return &report;
  }
  return nullptr;
}

}  // namespace

RunModel::RunModel(RunOutline outline, double now) : outline_(std::move(outline)), began_at_(now) {}

void RunModel::TrialStarted(const study::TrialCreated& trial, double now) {
  running_[trial.trial] = {trial.origin, now, std::nullopt};
}

// A trial that was cut off says nothing about how long others take.
void RunModel::TrialFinished(const study::TrialFinished& trial) {
  running_.erase(trial.trial);
  const study::TrialState state = study::StateOf(trial.outcome);
  if (state != study::TrialState::kCancelled) ended_seconds_.push_back(trial.seconds);
}

// The lowest row that is free, in the order of trials.
void RunModel::GiveRows(const std::vector<RoundReport>& reports) {
  std::vector<bool> taken(running_.size(), false);
  for (auto& [id, trial] : running_) {
    if (!trial.row) continue;
    if (*trial.row >= taken.size()) taken.resize(*trial.row + 1, false);
    taken[*trial.row] = true;
  }
  for (auto& [id, trial] : running_) {
    if (trial.row) continue;
    if (outline_.trains_here && ReportOf(reports, id) == nullptr) continue;
    const auto free = std::find(taken.begin(), taken.end(), false);
    trial.row = static_cast<std::size_t>(free - taken.begin());
    *free = true;
  }
}

RunView RunModel::View(const RunCounts& counts, const std::vector<RoundReport>& reports,
                       double now) {
  GiveRows(reports);
  RunView view;
  view.metric = outline_.metric;
  view.counts = counts;
  std::map<std::size_t, TrialView> by_row;
  for (const auto& [id, trial] : running_) {
    if (!trial.row) {
      ++view.queued;
      continue;
    }
    TrialView row{id, trial.origin, now - trial.started_at, std::nullopt};
    if (const RoundReport* report = ReportOf(reports, id)) {
      row.seconds = now - report->started_at;
      row.report = *report;
    }
    by_row.emplace(*trial.row, std::move(row));
  }
  for (auto& [row, trial] : by_row) view.running.push_back(std::move(trial));
  view.forecast = ForecastOf(view, now);
  view.may_end_sooner = outline_.may_end_sooner && !is_stopped_;
  view.is_stopped = is_stopped_;
  view.is_interrupted = is_interrupted_;
  return view;
}

Forecast RunModel::ForecastOf(const RunView& view, double now) const {
  WorkSoFar work;
  work.ended_seconds = ended_seconds_;
  for (const TrialView& trial : view.running) work.running_ages.push_back(trial.seconds);
  work.not_started = view.queued + view.counts.waiting;
  if (view.counts.trials && !is_stopped_) {
    work.not_started += std::max(*view.counts.trials - view.counts.created, 0);
  }
  work.elapsed_seconds = now - began_at_;
  if (view.counts.seconds) {
    work.seconds_left = std::max(*view.counts.seconds - view.counts.elapsed_seconds, 0.0);
  }
  work.has_trial_limit = view.counts.trials.has_value() || is_stopped_;
  work.goes_on_in_rungs = outline_.has_rungs && !is_stopped_;
  return ForecastTimeLeft(work);
}

}  // namespace coppice::tuner
