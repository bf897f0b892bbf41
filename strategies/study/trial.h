#pragma once
// A trial: one configuration, what became of it, and the curves on the way.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "strategies/study/configuration.h"

namespace coppice::study {

// Dense from 0; 0 is the default configuration.
enum class TrialId : std::int32_t {};
constexpr std::int32_t ToIndex(TrialId id) { return static_cast<std::int32_t>(id); }

enum class TrialState { kWaiting, kRunning, kPaused, kCompleted, kPruned, kFailed, kCancelled };

// "completed" and the like; the word that the store, the JSON and the terminal use.
std::string ToText(TrialState state);
// Throws Error (kStore) for an unknown word.
TrialState TrialStateFromText(const std::string& word);

// The one table of transitions. Final states may only be left by an explicit retry (to waiting).
bool MayBecome(TrialState from, TrialState to);
bool IsFinal(TrialState state);

enum class Goal { kMinimize, kMaximize };

// What an ended trial was worth.
struct Completed {
  double score = 0;                 // in the metric's own direction
  std::optional<double> std_error;  // over folds; absent with a single one
  int best_round = 0;               // rounds of the best model: 1-based, so also its size
  int rounds = 0;                   // rounds trained
  // What the rounds cost, in a unit of the study that does not depend on the machine; absent where
  // nobody counts.
  std::optional<double> cost = {};
};

enum class FailureKind { kCrash, kTimeout, kMemory, kBadMetric, kBadData };
std::string ToText(FailureKind kind);
FailureKind FailureKindFromText(const std::string& word);

// A failure is data: recorded, ranked last, told to the strategy; never fatal to the study.
struct Failed {
  FailureKind kind = FailureKind::kCrash;
  std::string reason;
};

struct Cancelled {
  std::string reason;
};

// Stopped by a pruner, because it looked hopeless. What it had reached by then is a result like any
// other: its best round makes a model.
struct Pruned {
  Completed result;
  std::string reason;
};

// Came to the end of the rounds that it was given so far.
struct Paused {
  Completed result;
};

using TrialOutcome = std::variant<Completed, Failed, Cancelled, Pruned, Paused>;
TrialState StateOf(const TrialOutcome& outcome);
// Of a completed, pruned or paused trial; null for others.
const Completed* ResultOf(const TrialOutcome& outcome);
Completed* ResultOf(TrialOutcome& outcome);
// Why it ended without completing; empty for a completed one.
std::string ReasonOf(const TrialOutcome& outcome);

// One metric of one fold, round by round.
struct Curve {
  int fold = 0;
  std::string part;            // "train" or "validation"
  std::string metric;          // "auc"
  std::vector<double> values;  // values[r] after round r + 1

  bool operator==(const Curve&) const = default;
};

// The mean over folds of a metric's validation curves; all have one length.
std::vector<double> MeanCurve(const std::vector<Curve>& curves, const std::string& metric);
// A metric's validation curve of the first fold; empty if there is none.
std::vector<double> LeadingCurve(const std::vector<Curve>& curves, const std::string& metric);
// How many folds have a curve.
int NumberOfFolds(const std::vector<Curve>& curves);

// What a completed trial was worth on fresh folds, which no trial of the search has seen, with as
// many rounds as the search chose for it: nothing was selected by these rows.
struct Confirmation {
  double score = 0;                 // the mean over the folds, in the metric's own direction
  std::optional<double> std_error;  // of that mean; absent with a single fold
  std::vector<double> fold_scores;
  double seconds = 0;

  bool operator==(const Confirmation&) const = default;
};

// The mean and its standard error; `fold_scores` is not empty.
Confirmation ConfirmationOf(std::vector<double> fold_scores, double seconds);

// A read-only record: the sum of a trial's events.
struct Trial {
  TrialId id{};
  TrialState state = TrialState::kWaiting;
  Configuration configuration;
  std::string origin;  // why it was proposed: "default", "start", "sobol point 7"
  // By whose number it draws its samples, if not by its own: see TrialCreated.
  std::optional<int> seed_trial = {};
  // Of its last stint: present in the final states, while it is paused, and from then on.
  std::optional<TrialOutcome> outcome;
  double seconds = 0;  // of work, summed over folds run one after another; not part of the result
  int attempts = 0;    // how often it was started
  std::optional<Confirmation> fresh = {};
};

}  // namespace coppice::study
