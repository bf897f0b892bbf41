#pragma once
// How much better one trial is than another, on the same folds.

#include <map>
#include <optional>
#include <span>
#include <string>

#include "strategies/study/trial.h"

namespace coppice::results {

// Folds are paired: that a fold is hard for both trials is no error of their difference.
struct PairedGain {
  double gain = 0;                  // above 0 where the first trial is better
  std::optional<double> std_error;  // of `gain`; absent with a single fold
  int folds = 0;

  // Less than twice its error: other rows may turn it round.
  bool is_within_noise() const { return std_error && gain < 2 * *std_error; }
};

// One side: the curves of a trial and its best round.
struct TrialCurves {
  std::span<const study::Curve> curves;
  int round = 0;  // 1-based
};

// The score at the round on the validation rows of each fold; empty when a curve ends before it.
std::map<int, double> ScoresByFold(const TrialCurves& trial, const std::string& metric);

// Both trials at their own rounds, on the validation rows of each fold. Nothing when they have no
// folds in common or a curve ends before its round.
//
// The training rows of folds overlap, and those of repeats are the same over and over, so that J
// differences of variance s^2 tell less than J independent ones would: the error of their mean is
// s * sqrt(1 / J + overlap) (Nadeau and Bengio 2003, "Inference for the generalization error";
// Bouckaert and Frank 2004, "Evaluating the replicability of significance tests for comparing
// learning algorithms", for repeats). `overlap` is the number of validation rows of a fold over
// that of its training rows; 0 where folds are independent.
std::optional<PairedGain> ComparePaired(const TrialCurves& trial, const TrialCurves& other,
                                        const std::string& metric, study::Goal goal,
                                        double overlap);
// The same of scores; those of both, fold by fold, are as many and not none.
PairedGain ComparePaired(std::span<const double> scores, std::span<const double> others,
                         study::Goal goal, double overlap);

}  // namespace coppice::results
