#pragma once
// How long a study will still take, from how long its trials have taken so far. For people only.

#include <optional>
#include <vector>

namespace coppice::tuner {

// What is known of one run of a study.
struct WorkSoFar {
  std::vector<double> ended_seconds;  // of the trials that ended in it
  std::vector<double> running_ages;   // seconds since the running trials began
  int not_started = 0;                // trials still to be made, up to the limit, or to run again
  double elapsed_seconds = 0;         // of this run
  std::optional<double> seconds_left = {};  // until the limit on time; nothing: no such limit
  bool has_trial_limit = true;
  bool goes_on_in_rungs = false;  // trials come back, nobody knows how many
};

// Seconds, low <= high.
struct TimeLeft {
  double low = 0;
  double high = 0;
};

inline constexpr int kTrialsForForecast = 3;

enum class ForecastState {
  kNone,      // no limit says when the study ends
  kTooEarly,  // fewer than kTrialsForForecast trials have ended
  kKnown
};

struct Forecast {
  ForecastState state = ForecastState::kNone;
  TimeLeft left;
};

// What is left are trials as long as those that ended; as many run at once as did so far. The range
// is two standard deviations to both sides of that, for trials that differ as they did: those of
// the trials to come, and that of the mean, which is known from few. The limit on time caps both
// ends; where it is the only one, it is the answer.
Forecast ForecastTimeLeft(const WorkSoFar& work);

}  // namespace coppice::tuner
