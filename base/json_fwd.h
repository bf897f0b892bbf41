#pragma once
// The name of the JSON type alone; base/json.h has the type. Headers that only mention it include
// this, since the type itself is slow to compile.

#include <nlohmann/json_fwd.hpp>

namespace coppice {

// Keeps the order of keys as written.
using Json = nlohmann::ordered_json;

}  // namespace coppice
