#pragma once
// A trial as a spec of its own, with nothing left to search, for `coppice train`.

#include <string>

#include "base/json_fwd.h"
#include "results/store/trial_store.h"
#include "results/views/leaderboard.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// The spec's fixed parameters with the configuration over them, as XGBoost takes them; without the
// number of rounds, which is no parameter to it.
Json XgboostParams(const Spec& spec, const study::Configuration& configuration);

// What `xgboost.train` is called with, in names of its own: `params`, `num_boost_round`, and
// `feature_weights`, which belong to its DMatrix, where there are some.
Json XgboostCall(Json params, int rounds);
// The same as lines of Python. `params` as above.
std::string XgboostPython(const Json& params, int rounds);

// The study's resolved spec under the name NAME-best, with the trial's parameters, its best round
// as `num_round` and its training seed as `seed`: on the same data the training has the trial's
// score, to the last bit. Paths are relative to the study's spec folder, as there.
Json FixedSpec(const results::StudyRecord& record, const Spec& spec,
               const results::LeaderboardRow& trial);

}  // namespace coppice::tuner
