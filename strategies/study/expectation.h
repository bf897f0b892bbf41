#pragma once
// What a model expected of the trial that it proposed, as it was when the proposal was made: for
// people who ask why. Nothing is decided by it.

#include <optional>

#include "strategies/study/trial.h"

namespace coppice::study {

// A strategy fills in losses; in the log they are scores, in the metric's own direction.
struct Expectation {
  int n_known = 0;    // trials whose outcome the model knew
  int n_running = 0;  // besides
  // Of this trial and of the best known one; absent where all outcomes were alike. Of outcomes in
  // the worse half the model knows the order only, so that a bad expectation is told as less bad
  // than it is.
  std::optional<double> score;
  std::optional<double> std_error;
  std::optional<double> best;
  // What the trial would come to with the luck that the search counts on; the proposal is the
  // configuration where that is best, given its cost.
  std::optional<double> hoped;
  // The known trial that the model takes for the most alike, and how much so: 1 for the same
  // configuration, 0 for one that tells nothing.
  std::optional<TrialId> nearest;
  double likeness = 0;
  // Expected cost, as a multiple of the mean trial's, and how much it counted: 1 for gain per cost,
  // 0 for gain alone. Absent where it did not count.
  std::optional<double> cost;
  double thrift = 0;

  bool operator==(const Expectation&) const = default;
};

}  // namespace coppice::study
