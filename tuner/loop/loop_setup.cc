#include "tuner/loop/loop_setup.h"

namespace coppice::tuner {

StopLimits LimitsOf(const LoopSetup& setup) {
  StopLimits limits;
  limits.goal = setup.goal;
  limits.trials = setup.stop.trials;
  limits.seconds = setup.stop.seconds;
  limits.target = setup.stop.target;
  limits.no_gain_trials = setup.stop.no_gain_trials;
  limits.min_gain = setup.stop.min_gain.value_or(0);
  limits.min_gain_unit = setup.stop.min_gain_unit;
  limits.converged = setup.stop.converged;
  limits.error_factor = setup.error_factor;
  limits.failures = setup.failures_limit;
  limits.confirm_share = setup.confirm_share;
  return limits;
}

}  // namespace coppice::tuner
