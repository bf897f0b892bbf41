#pragma once
// When trials ran and what stopped the study, read off its log.

#include <optional>
#include <string>
#include <vector>

#include "results/store/trial_store.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

// A stretch of time in which a trial ran without a pause.
struct Stint {
  study::TrialId trial{};
  int lane = 0;     // the lowest one that was free; trials that ran at once have different ones
  double from = 0;  // seconds of the study's running time
  double to = 0;
  // How it ended: the word of the trial's state then, "running" where it has not, "requeued" where
  // the trial is to begin it again.
  std::string end;
  int rung = 0;                 // rounds that it was given at most, where it was to pause there
  int rounds = 0;               // trained by its end, over all stints; 0 where it is not known
  std::optional<double> score;  // reached by its end
};

struct Timeline {
  std::vector<Stint> stints;  // by their beginnings
  int n_lanes = 0;
  std::string stopped;  // "60 trials done"; empty while nothing keeps the study from going on
};

// `elapsed_seconds` is the study's: where stints end that nothing has ended.
Timeline ReadTimeline(const std::vector<results::LoggedEvent>& events, double elapsed_seconds);

}  // namespace coppice::tuner
