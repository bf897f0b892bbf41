#include "strategies/hyperband/rung_forecast.h"

#include <cstddef>

namespace coppice::strategies {
namespace {

RungForecast ForecastFrom(int rung, const std::vector<RungStep>& steps,
                          const std::vector<RungForecast>& forecasts) {
  std::vector<double> gains;
  double sum = 0;
  double variance_behind = 0;
  for (const RungStep& step : steps) {
    if (step.from != rung) continue;
    const RungForecast& behind = forecasts[static_cast<std::size_t>(step.to)];
    gains.push_back(step.gain + behind.gain);
    sum += gains.back();
    variance_behind += behind.variance.value_or(0);
  }
  if (gains.empty()) return {forecasts[static_cast<std::size_t>(rung) + 1].gain};
  const auto n = static_cast<double>(gains.size());
  RungForecast forecast{sum / n};
  if (gains.size() < 2) return forecast;
  double squares = 0;
  for (const double gain : gains) squares += (gain - forecast.gain) * (gain - forecast.gain);
  forecast.variance = (1 + 1 / n) * squares / (n - 1) + variance_behind / n;
  return forecast;
}

}  // namespace

std::vector<RungForecast> ForecastGains(const std::vector<RungStep>& steps, int n_rungs) {
  std::vector<RungForecast> forecasts(static_cast<std::size_t>(n_rungs));
  forecasts.back().variance = 0;
  for (int rung = n_rungs - 2; rung >= 0; --rung) {
    forecasts[static_cast<std::size_t>(rung)] = ForecastFrom(rung, steps, forecasts);
  }
  return forecasts;
}

}  // namespace coppice::strategies
