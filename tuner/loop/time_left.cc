#include "tuner/loop/time_left.h"

#include <algorithm>
#include <cmath>

namespace coppice::tuner {
namespace {

struct Moments {
  double n = 0;
  double mean = 0;
  double variance = 0;  // of one value
};

Moments MomentsOf(const std::vector<double>& values) {
  Moments moments;
  moments.n = static_cast<double>(values.size());
  for (const double value : values) moments.mean += value / moments.n;
  for (const double value : values) {
    const double off = value - moments.mean;
    moments.variance += off * off / (moments.n - 1);
  }
  return moments;
}

double Sum(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

}  // namespace

Forecast ForecastTimeLeft(const WorkSoFar& work) {
  const bool counts_trials = work.has_trial_limit && !work.goes_on_in_rungs;
  if (!counts_trials) {
    if (!work.seconds_left) return {};
    return {ForecastState::kKnown, {*work.seconds_left, *work.seconds_left}};
  }
  if (work.ended_seconds.size() < kTrialsForForecast || work.elapsed_seconds <= 0) {
    return {ForecastState::kTooEarly, {}};
  }
  const Moments trial = MomentsOf(work.ended_seconds);
  double mean = work.not_started * trial.mean;
  // A trial that runs longer than most is expected to end now.
  for (const double age : work.running_ages) mean += std::max(trial.mean - age, 0.0);
  const double n = work.not_started + static_cast<double>(work.running_ages.size());
  const double deviation = std::sqrt(trial.variance * (n + n * n / trial.n));
  const double at_once = (Sum(work.ended_seconds) + Sum(work.running_ages)) / work.elapsed_seconds;
  if (at_once <= 0) return {ForecastState::kTooEarly, {}};
  TimeLeft left{std::max(mean - 2 * deviation, 0.0) / at_once, (mean + 2 * deviation) / at_once};
  if (work.seconds_left) {
    left.low = std::min(left.low, *work.seconds_left);
    left.high = std::min(left.high, *work.seconds_left);
  }
  return {ForecastState::kKnown, left};
}

}  // namespace coppice::tuner
