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
using study::ToIndex;

std::string ScoreWords(const study::Expectation& expectation, const Spec& spec) {
  std::string text =
      fmt::format("{} {}", spec.metric, ScoreText(*expectation.score, expectation.std_error));
  if (expectation.best) {
    text += fmt::format("; of the best known trial {}", ScoreText(*expectation.best, {}));
  }
  if (expectation.hoped) {
    text += fmt::format("; with luck {}", ScoreText(*expectation.hoped, {}));
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> DetailsOf(const study::Expectation& expectation,
                                                           const Spec& spec) {
  std::vector<std::pair<std::string, std::string>> details;
  details.emplace_back("known", fmt::format("{} trials with an outcome, {} running",
                                            expectation.n_known, expectation.n_running));
  if (expectation.score) details.emplace_back("expected", ScoreWords(expectation, spec));
  if (expectation.nearest) {
    details.emplace_back("most like",
                         fmt::format("trial {} (correlation {:.2f})", ToIndex(*expectation.nearest),
                                     expectation.likeness));
  }
  if (expectation.cost) {
    details.emplace_back(
        "cost",
        fmt::format("{:.2g} times that of the mean trial; a gain is divided by its {:.2f}th "
                    "power",
                    *expectation.cost, expectation.thrift));
  }
  return details;
}

TraceStep StepOf(const study::TrialCreated& event, const Spec& spec) {
  TraceStep step;
  step.what = "proposed";
  step.why = event.origin;
  if (event.rounds > 0) step.why += fmt::format("; with {} rounds at first", event.rounds);
  step.expectation = event.expectation;
  if (event.expectation) step.details = DetailsOf(*event.expectation, spec);
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
      step = StepOf(*created, spec);
    } else if (const auto* promoted = std::get_if<study::TrialPromoted>(&logged.event)) {
      step = TraceStep{0, "promoted", promoted->reason, {}, {}};
      step->why += promoted->rounds > 0 ? fmt::format("; to {} rounds", promoted->rounds) : "";
    } else if (const auto* requeued = std::get_if<study::TrialRequeued>(&logged.event)) {
      step = TraceStep{0, "again", requeued->reason, {}, {}};
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
    Json one = {{"seconds", step.elapsed_seconds}, {"what", step.what}, {"why", step.why}};
    if (step.expectation) one["expectation"] = study::ToJson(*step.expectation);
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace coppice::tuner
