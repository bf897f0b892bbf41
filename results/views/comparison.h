#pragma once
// How much better one trial is than another, on the same folds.

#include <optional>
#include <span>
#include <string>

#include "strategies/study/trial.h"

namespace coppice::results {

// Folds are paired: that a fold is hard for both trials is no error of their difference.
struct PairedGain {
  double gain = 0;                  // above 0 where the first trial is better
  std::optional<double> std_error;  // of `gain` over folds; absent with a single one
  int folds = 0;

  // Less than twice its error: other rows may turn it round.
  bool is_within_noise() const { return std_error && gain < 2 * *std_error; }
};

// One side: the curves of a trial and its best round.
struct TrialCurves {
  std::span<const study::Curve> curves;
  int round = 0;  // 1-based
};

// Both trials at their own rounds, on the validation rows of each fold. Nothing when they have no
// folds in common or a curve ends before its round.
std::optional<PairedGain> ComparePaired(const TrialCurves& trial, const TrialCurves& other,
                                        const std::string& metric, study::Goal goal);

}  // namespace coppice::results
