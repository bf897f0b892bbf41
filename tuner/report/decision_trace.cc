#include "tuner/report/decision_trace.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <variant>

#include "base/json.h"
#include "results/report/score_text.h"

namespace coppice::tuner {
namespace {

using results::ScoreText;

TraceStep StepOf(const study::TrialCreated& event) {
  TraceStep step;
  step.what = "proposed";
  step.why = event.origin;
  if (event.rounds > 0) step.why += fmt::format("; with {} rounds at first", event.rounds);
  return step;
}

// Why a trial that nobody stopped has the rounds that it has.
std::string EndText(const study::Completed& result, const study::Configuration& configuration,
                    const Spec& spec) {
  if (spec.is_external || result.rounds == 0) return {};
  const int cap = spec.ParamsFor(configuration).num_round;
  if (result.rounds >= cap) {
    return fmt::format("all {} rounds of `num_round`; the best is {}", cap, result.best_round);
  }
  return fmt::format("no better score in {} rounds after round {}",
                     result.rounds - result.best_round, result.best_round);
}

TraceStep StepOf(const study::TrialFinished& event, const study::Configuration& configuration,
                 const Spec& spec) {
  TraceStep step;
  step.what = study::ToText(study::StateOf(event.outcome));
  step.why = study::ReasonOf(event.outcome);
  if (const auto* completed = std::get_if<study::Completed>(&event.outcome)) {
    step.why = EndText(*completed, configuration, spec);
  } else if (const auto* paused = std::get_if<study::Paused>(&event.outcome)) {
    step.why = fmt::format("after {} rounds, at {} {}", paused->result.rounds, spec.metric,
                           ScoreText(paused->result.score, paused->result.std_error));
  }
  return step;
}

}  // namespace

std::vector<TraceStep> TraceOf(std::span<const results::LoggedEvent> events, study::TrialId trial,
                               const Spec& spec) {
  std::vector<TraceStep> trace;
  study::Configuration configuration;
  for (const results::LoggedEvent& logged : events) {
    if (study::TrialOf(logged.event) != trial) continue;
    std::optional<TraceStep> step;
    if (const auto* created = std::get_if<study::TrialCreated>(&logged.event)) {
      configuration = created->configuration;
      step = StepOf(*created);
    } else if (const auto* promoted = std::get_if<study::TrialPromoted>(&logged.event)) {
      step = TraceStep{0, "promoted", promoted->reason};
      step->why += promoted->rounds > 0 ? fmt::format("; to {} rounds", promoted->rounds) : "";
    } else if (const auto* requeued = std::get_if<study::TrialRequeued>(&logged.event)) {
      step = TraceStep{0, "again", requeued->reason};
    } else if (const auto* finished = std::get_if<study::TrialFinished>(&logged.event)) {
      step = StepOf(*finished, configuration, spec);
    }
    if (!step) continue;
    step->elapsed_seconds = logged.elapsed_seconds;
    trace.push_back(*std::move(step));
  }
  return trace;
}

Json ToJson(const std::vector<TraceStep>& trace) {
  Json json = Json::array();
  for (const TraceStep& step : trace) {
    json.push_back({{"seconds", step.elapsed_seconds}, {"what", step.what}, {"why", step.why}});
  }
  return json;
}

}  // namespace coppice::tuner
