#pragma once
// What a paused trial would still gain, learned from the trials that went on.
//
// With R the last rung, the gain that is left at rung r is
//   G(R) = 0,  G(r) = mean of g + G(b) over the steps from r, by g to rung b,
// and the variance of a trial about it is that of the terms of the mean, with the mean's own error,
// and what is uncertain behind b:
//   V(R) = 0,  V(r) = (1 + 1 / n) s^2 + mean of V(b),
// n the number of steps from r, s^2 the sample variance of their terms. All steps count, also those
// of trials that did not come to the end, so something is known before the first of them does.

#include <optional>
#include <vector>

namespace coppice::strategies {

// A trial stood at `from`, then at `to`, and its loss changed by `gain` (below 0: it got better).
// A trial that ended stands at the last rung.
struct RungStep {
  int from = 0;
  int to = 0;
  double gain = 0;
};

struct RungForecast {
  double gain = 0;                      // to be added to the loss
  std::optional<double> variance = {};  // of the sum; nothing: fewer than two went on from there
};

// By rung, [n_rungs]. Where nobody went on from a rung, the gain is that of the next one.
std::vector<RungForecast> ForecastGains(const std::vector<RungStep>& steps, int n_rungs);

}  // namespace coppice::strategies
