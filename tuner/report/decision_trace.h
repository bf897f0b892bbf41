#pragma once
// Why a trial was proposed, sent on and stopped, step by step, as the log has it. Reasons are
// written down when a decision is made; nothing is computed again here.

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json_fwd.h"
#include "results/store/trial_store.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct TraceStep {
  double elapsed_seconds = 0;  // of the study's running time
  // "proposed", "promoted" or "again", else the state that it came to.
  std::string what;
  std::string why;
  // With "proposed", where a model did it; in sentences, too.
  std::optional<study::Expectation> expectation;
  std::vector<std::pair<std::string, std::string>>
      details;  // "expected" -> "auc 0.91 +- 0.01, ..."
};

// `events` may be without curves.
std::vector<TraceStep> TraceOf(std::span<const results::LoggedEvent> events, study::TrialId trial,
                               const Spec& spec);

// [{"seconds", "what", "why", "expectation": {...}}]
Json ToJson(const std::vector<TraceStep>& trace);

}  // namespace coppice::tuner
