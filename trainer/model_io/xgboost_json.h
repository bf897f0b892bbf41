#pragma once
// XGBoost's model format, both ways, as JSON and as UBJSON. What is ours alone (category texts,
// missing tokens, label classes) goes into learner attributes, which XGBoost ignores.
//
// Reading trusts nothing: every index, length and number of a foreign file is checked before use.

#include <string>
#include <string_view>

#include "trainer/boost/booster.h"

namespace coppice::trainer {

// What XGBoost 1.7 to 3.x loads. Reading it back gives an equal Booster, to the last bit, if the
// Booster keeps to its words: objective_params are those of Objective::Parameters, attributes hold
// neither `best_iteration` (best_round is written as that) nor `coppice.schema`, a node without
// categories has category_begin 0. Throws Error (kData) when a name is not UTF-8.
std::string ToXgboostJson(const Booster& booster);
std::string ToXgboostUbjson(const Booster& booster);

// `file` is for messages. Throws Error (kData): not the format, not a model, an unsupported booster
// or objective, an index out of bounds; with the place in the file.
Booster BoosterFromXgboostJson(std::string_view text, const std::string& file);
Booster BoosterFromXgboostUbjson(std::string_view bytes, const std::string& file);

}  // namespace coppice::trainer
