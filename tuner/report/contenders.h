#pragma once
// What the folds of a study's best trials say together of the first of them: by how much its score
// flatters it, and who lies no further behind it than chance.

#include <optional>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "results/store/trial_store.h"
#include "results/views/leaderboard.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// Scores of trials in the folds of cross-validation, each trial at its best round.
struct Contenders {
  std::vector<study::TrialId> trials;       // best first; the first is the leaderboard's best
  std::vector<std::vector<double>> scores;  // [trials][repeats * folds]
  int n_completed = 0;                      // all that have every fold, however many are kept
};

// Of completed trials with every fold, up to the 500 best: who is behind them is hardly the best of
// all but one fold either. Empty where the best trial is none of these. Reads their curves.
Contenders ReadContenders(const results::TrialStore& store, const Spec& spec,
                          const results::Leaderboard& board);

// What SelectionOptimism says of them, and of how many trials the best was chosen.
struct Flattery {
  double by = 0;
  int trials = 0;
};
std::optional<Flattery> FlatteryOf(const Contenders& contenders, const Spec& spec);
// "the best of 25 trials flatters itself by about 0.0011"
std::string FlatteryText(const Flattery& flattery);
// {"by": 0.0011, "trials": 25}, or null.
Json FlatteryJson(const std::optional<Flattery>& flattery);

// Trials that the first is ahead of by no more than one standard error of the difference, fold by
// fold; nothing where there is no such error to know.
std::optional<std::vector<study::TrialId>> TiesOf(const Contenders& contenders, const Spec& spec);

}  // namespace coppice::tuner
