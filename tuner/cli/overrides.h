#pragma once
// `--set path=value` words.

#include <string>
#include <vector>

#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {

// Throws Error (kUsage) for a word without `=`. A name that is not empty becomes `name=...`.
Overrides ParseOverrides(const std::vector<std::string>& words, const std::string& name);

}  // namespace coppice::tuner
