#pragma once
// The ranges behind `"search": "auto"`.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/value.h"
#include "strategies/study/parameter_range.h"

namespace coppice::tuner {

// The shipped ranges without the parameters that `train` (canonical names) fixes; a condition whose
// parameter is fixed is decided here.
std::vector<study::ParameterRange> AutoSpace(const std::map<std::string, Value>& train);

// `num_round` where `train` has none: a cap that a good small `eta` seldom comes to.
inline constexpr std::int64_t kAutoRounds = 2000;

}  // namespace coppice::tuner
