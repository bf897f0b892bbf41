#pragma once
// What a change of the spec means to a loop: fields by their paths, with values as the resolved
// spec has them. Paths of other parts of the spec mean nothing here.

#include <optional>
#include <string>

#include "tuner/loop/stop_rule.h"

namespace coppice::tuner {

// Sets the limit that the field is; `null` takes it away. Throws Error (kStore) for a value that no
// such field has.
void SetLimit(const std::string& path, const std::string& json, StopLimits* limits);

// The number of slots, if the field is that.
std::optional<int> SlotsIn(const std::string& path, const std::string& json);

}  // namespace coppice::tuner
