#pragma once
// What a study says of its search space: which parameters decided, and which ranges ended too soon.

#include <string>
#include <vector>

#include "results/views/leaderboard.h"
#include "results/views/parameter_importance.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// Over the trials that have a score, by the spec's ranges; empty where these are too few.
// `good_region`, in (0, 1]: of the best such part of them alone, so that what only tells the
// hopeless from the others does not hide what tells the good from the best.
std::vector<results::ParameterImportance> SearchImportance(const Spec& spec,
                                                           const results::Leaderboard& board,
                                                           double good_region = 1);

// A range at whose end the best trials lie.
struct RangeAdvice {
  std::string parameter;
  bool is_upper = false;
  std::string text;  // "3 of the best 5 trials lie in the lowest 5 % of `eta` (0.001 to 0.3)"
  std::string hint;  // "widen it, as with `coppice resume titanic --set search.eta.min=0.0003
                     // --trials +20`"
};

// Of numbers with more values than two: at least three of the best five trials, of twenty or more
// with a score, lie within a twentieth of an end (on the range's scale) that XGBoost's bounds do
// not forbid to move.
std::vector<RangeAdvice> AdviceOnRanges(const Spec& spec, const results::Leaderboard& board);

}  // namespace coppice::tuner
