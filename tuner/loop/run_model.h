#pragma once
// What is to be shown of a run at a moment: the events of the loop and the reports of the trials
// put together. It neither draws nor reads a clock by itself.
//
//   RunModel model(outline, clock.Now());
//   model.TrialStarted(trial, clock.Now());                  // as the loop tells its sink
//   model.TrialFinished(finished);
//   RunView view = model.View(counts, board.Read(), clock.Now());

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "strategies/study/event.h"
#include "strategies/study/trial.h"
#include "tuner/loop/progress.h"
#include "tuner/loop/round_board.h"
#include "tuner/loop/time_left.h"

namespace coppice::tuner {

// What a run is known to be before it begins.
struct RunOutline {
  std::string metric;
  bool trains_here = false;  // its trials write to a RoundBoard, and its best one becomes a model
  bool may_end_sooner = false;  // by other rules than those on trials and seconds
  bool has_rungs = false;
};

struct TrialView {
  study::TrialId trial{};
  std::string origin;
  double seconds = 0;                 // since it began
  std::optional<RoundReport> report;  // nothing where trials do not report
};

struct RunView {
  std::string metric;
  RunCounts counts;
  std::vector<TrialView> running;  // those that a worker runs; each keeps its place while it does
  int queued = 0;                  // started, and no worker has come to them
  Forecast forecast;
  bool may_end_sooner = false;
  bool is_stopped = false;  // no trial is made any more
  bool is_interrupted = false;
};

// One thread at a time. All times are Clock::Now.
class RunModel {
 public:
  RunModel(RunOutline outline, double now);

  void TrialStarted(const study::TrialCreated& trial, double now);
  void TrialFinished(const study::TrialFinished& trial);
  void Stopped() { is_stopped_ = true; }
  void Interrupted() { is_interrupted_ = true; }

  RunView View(const RunCounts& counts, const std::vector<RoundReport>& reports, double now);

 private:
  struct RunningTrial {
    std::string origin;
    double started_at = 0;
    std::optional<std::size_t> row;  // once a worker runs it
  };

  void GiveRows(const std::vector<RoundReport>& reports);
  Forecast ForecastOf(const RunView& view, double now) const;

  RunOutline outline_;
  double began_at_;
  std::map<study::TrialId, RunningTrial> running_;
  std::vector<double> ended_seconds_;
  bool is_stopped_ = false;
  bool is_interrupted_ = false;
};

}  // namespace coppice::tuner
