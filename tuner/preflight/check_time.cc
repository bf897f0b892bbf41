#include <fmt/format.h>

#include "base/text.h"
#include "tuner/preflight/check.h"
#include "tuner/preflight/time_forecast.h"
#include "tuner/run/plan.h"

namespace coppice::tuner {
namespace {

std::string Milliseconds(double seconds) { return fmt::format("{:.3g} ms", 1000 * seconds); }

std::string Duration(double seconds) {
  return seconds < 1 ? Milliseconds(seconds) : FormatSeconds(seconds);
}

CheckFinding DescribeStudy(const CheckContext& context, const TimeForecast& forecast) {
  const Spec& spec = context.spec;
  const auto limit = spec.stop.seconds;
  CheckFinding finding{Verdict::kPass,
                       fmt::format("about {} ({} to {})", Duration(forecast.seconds),
                                   Duration(forecast.low), Duration(forecast.high)),
                       forecast.seconds, limit};
  if (spec.search.empty()) return finding;
  finding.text += fmt::format(", {:.0f} trials of {} each on {} slots", forecast.trials,
                              Duration(forecast.trial_seconds), spec.parallel.slots);
  finding.text += fmt::format("; {} trials were rehearsed on {} rows a fold", forecast.pilot_trials,
                              forecast.pilot_rows);
  const double wanted = forecast.trial_seconds * TrialsOf(spec);
  if (limit && wanted > *limit && forecast.trial_seconds > 0) {
    finding.verdict = Verdict::kWarn;
    finding.text += fmt::format(
        " (warns where `stop.seconds` = {} ends it first: {:.0f} of {:.0f} "
        "trials)",
        *limit, TrialsInTime(spec, forecast.trial_seconds), TrialsOf(spec));
    finding.hint = fmt::format(
        "all trials want about {}: raise `stop.seconds`, or lower "
        "`stop.trials`, `split.folds` or `train.num_round`",
        Duration(wanted));
  }
  return finding;
}

}  // namespace

CheckResult CheckTime(const CheckContext& context) {
  const TimeForecast& forecast = *context.forecast;
  CheckResult result = {DescribeStudy(context, forecast)};
  if (!context.spec.search.empty()) {
    result.push_back(
        {Verdict::kPass,
         forecast.cheap_round < forecast.dear_round
             ? fmt::format("a round of all folds takes from {} in the cheap corner of the "
                           "space to {} in the dear one",
                           Milliseconds(forecast.cheap_round), Milliseconds(forecast.dear_round))
             : fmt::format("a round of all folds takes about {}; the corners of the space do not "
                           "differ measurably",
                           Milliseconds(forecast.dear_round)),
         forecast.dear_round});
  }
  for (const std::string& rung : DescribeStrategy(context.spec).rungs) {
    result.push_back({Verdict::kPass, fmt::format("{}: {}", context.spec.strategy.kind, rung)});
  }
  return result;
}

}  // namespace coppice::tuner
