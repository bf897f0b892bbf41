#pragma once
// A run as events for another program: an object a line on stderr. The fields are documented in
// docs/progress.md.

#include <functional>
#include <map>

#include "base/clock.h"
#include "base/json.h"
#include "tuner/cli/progress.h"
#include "tuner/loop/round_board.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {

// Called by the loop thread only.
class JsonProgress : public ProgressSink {
 public:
  // The clock and the board are borrowed. `start` (of StudyStartedEvent) is said before all else,
  // with the limits in force. A trial's rounds are told at most once a second.
  JsonProgress(Json start, const Clock& clock, const RoundBoard& board,
               std::function<void(const Json& event)> say);

  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override;
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;
  void Waiting(const RunCounts& counts) override;
  void Interrupted(const RunCounts& counts) override;
  void Confirmed(const study::TrialConfirmed& trial, double elapsed_seconds) override;

 private:
  struct Told {
    double at = 0;  // Clock::Now
    int round = 0;
  };

  void Begin(const RunCounts& counts);

  Json start_;
  bool has_begun_ = false;
  const Clock& clock_;
  const RoundBoard& board_;
  std::function<void(const Json& event)> say_;
  std::map<study::TrialId, Told> told_;  // of running trials
};

// What the run is going to do, but for what a sink hears. `threads` and `n_folds` are 0 where
// another program runs the trials.
Json StudyStartedEvent(const Spec& spec, const std::string& folder, int threads,
                       std::size_t n_folds);
// What the study has come to.
Json StudyFinishedEvent(const StudySummary& summary);

}  // namespace coppice::tuner
