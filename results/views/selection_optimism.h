#pragma once
// By how much the best of many trials flatters itself: its score is the best of so many noisy ones,
// and part of its lead is the luck of having been chosen by that very score.

#include <optional>
#include <span>
#include <vector>

#include "strategies/study/trial.h"

namespace coppice::results {

// What the score of the best trial is expected to be too good by, on the rows that it was chosen
// by; in the unit of the metric, whichever its goal.
//
// `scores` [n_trials][repeats * folds]: of fold k of repeat r at r * folds + k, of one metric, all
// finite; equal means go to the trial that comes first. Trials and folds have a common mean in each
// fold, which is taken off first, so that a hard fold is nobody's merit.
//
//   d(t, k) = how much better trial t is in fold k than the mean of all trials there
//   t(k)    = the trial whose mean of d over the other folds is best
//   optimism = sqrt((K - 1) / K) * mean over k of (mean over j != k of d(t(k), j)) - d(t(k), k)
//
// The choice is thus made K times without one fold, and that fold tells what it was worth. This is
// cross-validation of the selection itself. Tibshirani and Tibshirani 2009, "A bias correction for
// the minimum error rate in cross-validation", compare the same quantities, each fold's own best
// with the best overall. K - 1 folds choose with more noise than K: where trials do not differ but
// for noise, the lead of the best one goes with the root of its variance, hence the first factor.
//
// It is never below 0: another trial than the best of all is chosen without a fold only where it is
// the worse one in that fold.
//
// Repeats divide the same rows anew, so that a fold left out of one is in the others: the choice is
// made within each repeat, and the results averaged. All repeats together choose with less noise,
// by what is luck of the division. With V the variance of the mean of one repeat (of d over its
// folds, over K) and W the part of it that differs between the repeats of a trial, both averaged
// over trials, the result is multiplied by sqrt(1 - (W / V) (1 - 1 / repeats)), W / V at most 1.
//
// Limits. With few folds the answer is rough: of trials that differ by noise alone it is right on
// average and off by half as often as not; where some are better it is a fifth too large or so. It
// does not see what all folds had a say in: the
// round of each trial, and where a search looked because of lucky trials; nor how rows to come may
// differ. Nothing with fewer than 3 folds or 2 trials.
//
// O(n_trials * repeats * folds).
std::optional<double> SelectionOptimism(std::span<const std::vector<double>> scores, int folds,
                                        study::Goal goal);

}  // namespace coppice::results
