#pragma once
// Configurations that did well on many tables: where a search with `"search": "auto"` begins.

#include <map>
#include <string>
#include <vector>

#include "base/value.h"
#include "trainer/objective/objective.h"

namespace coppice::tuner {

// By canonical parameter names, all in the ranges of AutoSpace; best expectations first.
//
// The first is pytabkit's tuned default for XGBoost (Holzmüller et al. 2024, "Better by Default"),
// found on 118 tables; the others spread over what the portfolios of AutoGluon and FLAML have in
// common: slow and deep, leaf by leaf, shallow, slow and regularised, stumps.
std::vector<std::map<std::string, Value>> Portfolio(trainer::TargetKind target);

}  // namespace coppice::tuner
