#pragma once
// What can happen in a study, as values: the words of the event log. The log is the study; every
// table and every strategy's knowledge is a fold over it.

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_fwd.h"
#include "strategies/study/expectation.h"
#include "strategies/study/trial.h"

namespace coppice::study {

// A proposal, written down when it is made and never computed again.
struct TrialCreated {
  TrialId trial{};
  Configuration configuration;
  std::string origin;
  int rounds = 0;        // it is paused there; 0: never
  int passed_turns = 0;  // in which the strategy waited, before this one
  // By one more trial, in standard errors of the best score, as the strategy saw it before this
  // proposal; only where a stop rule asks for it.
  std::optional<double> expected_gain = {};
  // Of a trial that was taken over from an earlier study: its number there, by which it drew its
  // samples.
  std::optional<int> seed_trial = {};
  // Where a model proposed it; in scores.
  std::optional<Expectation> expectation = {};
};

struct TrialStarted {
  TrialId trial{};
};

// The trial ended, or came to the rounds where it is paused.
struct TrialFinished {
  TrialId trial{};
  TrialOutcome outcome;
  std::vector<Curve> curves;
  double seconds = 0;
};

// Runs again from its start: its process died, it was interrupted, or the user asked for a retry.
struct TrialRequeued {
  TrialId trial{};
  std::string reason;
};

enum class StopReason { kTrials, kSeconds, kTarget, kNoGain, kFailures, kExhausted, kConverged };
std::string ToText(StopReason reason);
StopReason StopReasonFromText(const std::string& word);

// No further trial is created after this one; a later StudyExtended lifts it.
struct StudyStopped {
  StopReason reason = StopReason::kTrials;
  std::string text;  // "60 trials done"
};

// `resume --trials +40 --seconds +600`: added to the spec's limits.
struct StudyExtended {
  int trials = 0;
  double seconds = 0;
};

// `resume --set stop.target=0.95`: fields of the spec with their new values as JSON, in force from
// here on. The study is no longer stopped; rules that still hold stop it again.
struct StudyChanged {
  std::vector<std::pair<std::string, std::string>> fields;  // "stop.target" -> "0.95"
};

// A paused trial may go on.
struct TrialPromoted {
  TrialId trial{};
  int rounds = 0;
  std::string reason;
  int passed_turns = 0;
};

// A completed trial was scored again on fresh folds.
struct TrialConfirmed {
  TrialId trial{};
  Confirmation result;
};

using StudyEvent =
    std::variant<TrialCreated, TrialStarted, TrialFinished, TrialRequeued, StudyStopped,
                 StudyExtended, TrialPromoted, StudyChanged, TrialConfirmed>;

// The event's word in the log ("trial_created") and its content. Reading what ToJson wrote gives
// an equal event: numbers are kept to the last bit, curves included.
// FromJson throws Error (kStore) when the words do not fit.
Json ToJson(const Expectation& expectation);
std::string KindOf(const StudyEvent& event);
std::optional<TrialId> TrialOf(const StudyEvent& event);
Json ToJson(const StudyEvent& event);
StudyEvent EventFromJson(const std::string& kind, const Json& json);

}  // namespace coppice::study
