#pragma once
// A model in whichever of the formats of xgboost_json.h: a name that ends in .ubj is written as
// UBJSON, any other as JSON; what is read is recognised by its first bytes.

#include <string>
#include <string_view>

#include "trainer/boost/booster.h"

namespace coppice::trainer {

std::string ToModelFile(const Booster& booster, std::string_view file);

// By the first bytes; what is no model at all counts as JSON.
bool IsUbjson(std::string_view bytes);

// Throws Error (kData) as the readers of xgboost_json.h.
Booster BoosterFromModelFile(std::string_view bytes, const std::string& file);

}  // namespace coppice::trainer
