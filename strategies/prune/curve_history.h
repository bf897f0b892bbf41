#pragma once
// What a pruner may know: the learning curves of ended trials, in the order in which they were
// told.

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "strategies/study/configuration.h"
#include "strategies/study/trial.h"

namespace coppice::strategies {

// An ended trial with a score: completed or pruned. A value.
struct EndedCurve {
  study::TrialId trial{};
  study::TrialState state = study::TrialState::kCompleted;
  study::Configuration configuration;
  std::vector<double> loss;  // [rounds trained] of the mean over folds; smaller is better
  std::vector<double> leading_loss = {};  // the same of the first fold; empty with a single fold

  // The least of the first `rounds` losses; 1 <= rounds <= loss.size().
  double BestOf(std::size_t rounds) const;
};

// The least of `loss`, which is not empty.
double LeastOf(std::span<const double> loss);

using EndedCurves = std::vector<std::shared_ptr<const EndedCurve>>;

// Append-only. Thread-safe.
class CurveHistory {
 public:
  void Add(EndedCurve curve);
  std::size_t size() const;
  // The first `n` <= size() of them.
  EndedCurves First(std::size_t n) const;

 private:
  mutable std::mutex mutex_;
  EndedCurves curves_;
};

}  // namespace coppice::strategies
