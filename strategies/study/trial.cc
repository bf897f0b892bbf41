#include "strategies/study/trial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "strategies/study/words.h"

namespace coppice::study {
namespace {

constexpr std::array<std::string_view, 7> kStates = {"waiting", "running", "paused",   "completed",
                                                     "pruned",  "failed",  "cancelled"};
constexpr std::array<std::string_view, 5> kFailures = {"crash", "timeout", "memory", "bad_metric",
                                                       "bad_data"};

constexpr bool kYes = true;
constexpr bool kNo = false;
// A completed or pruned trial stays what it is: strategies have learned its result, and a study's
// past does not change. A paused trial must run again before it can complete or fail; it returns
// to waiting when its session was lost.
constexpr std::array<std::array<bool, 7>, 7> kMayBecome = {{
    //            waiting running paused completed pruned failed cancelled
    /*waiting*/ {{kNo, kYes, kNo, kNo, kNo, kNo, kYes}},
    /*running*/ {{kYes, kNo, kYes, kYes, kYes, kYes, kYes}},
    /*paused*/ {{kYes, kYes, kNo, kNo, kYes, kNo, kYes}},
    /*completed*/ {{kNo, kNo, kNo, kNo, kNo, kNo, kNo}},
    /*pruned*/ {{kNo, kNo, kNo, kNo, kNo, kNo, kNo}},
    /*failed*/ {{kYes, kNo, kNo, kNo, kNo, kNo, kNo}},
    /*cancelled*/ {{kYes, kNo, kNo, kNo, kNo, kNo, kNo}},
}};

}  // namespace

std::string ToText(TrialState state) { return WordOf(state, kStates); }

TrialState TrialStateFromText(const std::string& word) {
  return FromWord<TrialState>(word, kStates, "a trial's state");
}

bool MayBecome(TrialState from, TrialState to) {
  return kMayBecome[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

bool IsFinal(TrialState state) {
  return state == TrialState::kCompleted || state == TrialState::kPruned ||
         state == TrialState::kFailed || state == TrialState::kCancelled;
}

std::string ToText(FailureKind kind) { return WordOf(kind, kFailures); }

FailureKind FailureKindFromText(const std::string& word) {
  return FromWord<FailureKind>(word, kFailures, "a kind of failure");
}

TrialState StateOf(const TrialOutcome& outcome) {
  if (std::holds_alternative<Completed>(outcome)) return TrialState::kCompleted;
  if (std::holds_alternative<Failed>(outcome)) return TrialState::kFailed;
  if (std::holds_alternative<Pruned>(outcome)) return TrialState::kPruned;
  if (std::holds_alternative<Paused>(outcome)) return TrialState::kPaused;
  return TrialState::kCancelled;
}

const Completed* ResultOf(const TrialOutcome& outcome) {
  if (const auto* pruned = std::get_if<Pruned>(&outcome)) return &pruned->result;
  if (const auto* paused = std::get_if<Paused>(&outcome)) return &paused->result;
  return std::get_if<Completed>(&outcome);
}

Completed* ResultOf(TrialOutcome& outcome) {
  if (auto* pruned = std::get_if<Pruned>(&outcome)) return &pruned->result;
  if (auto* paused = std::get_if<Paused>(&outcome)) return &paused->result;
  return std::get_if<Completed>(&outcome);
}

std::string ReasonOf(const TrialOutcome& outcome) {
  return std::visit(
      [](const auto& held) -> std::string {
        if constexpr (requires { held.reason; }) {
          return held.reason;
        } else {
          return {};
        }
      },
      outcome);
}

std::vector<double> MeanCurve(const std::vector<Curve>& curves, const std::string& metric) {
  std::vector<double> mean;
  double n = 0;
  for (const Curve& curve : curves) {
    if (curve.metric != metric || curve.part != "validation") continue;
    mean.resize(std::max(mean.size(), curve.values.size()));
    for (std::size_t i = 0; i < curve.values.size(); ++i) mean[i] += curve.values[i];
    ++n;
  }
  for (double& value : mean) value /= n;
  return mean;
}

std::vector<double> LeadingCurve(const std::vector<Curve>& curves, const std::string& metric) {
  for (const Curve& curve : curves) {
    if (curve.fold == 0 && curve.metric == metric && curve.part == "validation") {
      return curve.values;
    }
  }
  return {};
}

int NumberOfFolds(const std::vector<Curve>& curves) {
  std::set<int> folds;
  for (const Curve& curve : curves) folds.insert(curve.fold);
  return static_cast<int>(folds.size());
}

Confirmation ConfirmationOf(std::vector<double> fold_scores, double seconds) {
  const auto n = static_cast<double>(fold_scores.size());
  double sum = 0;
  for (const double score : fold_scores) sum += score;
  Confirmation confirmation{sum / n, std::nullopt, std::move(fold_scores), seconds};
  if (confirmation.fold_scores.size() > 1) {
    double squares = 0;
    for (const double score : confirmation.fold_scores) {
      squares += (score - confirmation.score) * (score - confirmation.score);
    }
    confirmation.std_error = std::sqrt(squares / (n - 1) / n);
  }
  return confirmation;
}

}  // namespace coppice::study
