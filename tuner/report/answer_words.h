#pragma once
// What there is to say of a study's answer besides its numbers: sentences for tune, resume, status,
// best and show.

#include <optional>
#include <string>

#include "base/json_fwd.h"
#include "results/store/trial_store.h"
#include "results/views/comparison.h"
#include "results/views/confirmed.h"
#include "results/views/leaderboard.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// Whether early stopping was cut off by `num_round`. Without early stopping the number of rounds is
// the user's own choice.
bool EndsAtRoundCap(const results::LeaderboardRow& best, const Spec& spec);
// That it was and what to do about it.
std::string RoundCapText(const results::LeaderboardRow& best, const Spec& spec);

// The best trial against trial 0, fold by fold; nothing when trial 0 is the best or has no score.
std::optional<results::PairedGain> GainOverDefault(const results::TrialStore& store,
                                                   const Spec& spec,
                                                   const results::LeaderboardRow& best);
// The same in words; empty when trial 0 has no score.
std::string GainText(const results::TrialStore& store, const Spec& spec,
                     const results::LeaderboardRow& best);

// What the fresh folds say, where trials were confirmed: borrows the leaderboard.
std::optional<results::ConfirmedStudy> ConfirmedOf(const results::Leaderboard& board,
                                                   const results::TrialStore& store,
                                                   const Spec& spec);
// "gain 0.0114 [0.0052, 0.0176]": with two standard errors to either side, over the default
// configuration on the fresh folds; empty where there is no such gain to tell of.
std::string FreshGainText(const results::ConfirmedStudy& confirmed);
// "confirmed 5 of 60 trials on 5 fresh folds: trial 41 0.8743 +- 0.0061 (search 0.8801), default
// 0.8629; gain 0.0114 [0.0052, 0.0176]".
std::string ConfirmText(const results::ConfirmedStudy& confirmed);

// "eta 0.3 -> 0.2, max_depth 6 -> 5": how trial 0 differs from the defaults; empty if it does not.
std::string MovedDefaultsText(const Spec& spec);
// "the ranges end there", "the ranges have no such value", or both, where it differs.
std::string WhyDefaultsMoved(const Spec& spec);
// {"eta": {"default": 0.3, "used": 0.2}}
Json MovedDefaultsJson(const Spec& spec);

}  // namespace coppice::tuner
