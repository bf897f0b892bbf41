#pragma once
// A parameter's value: a whole number, a real number or a word. The type that the search (which
// proposes values) and the trainer (which takes them) have in common.

#include <cstdint>
#include <string>
#include <variant>

#include "base/json_fwd.h"

namespace coppice {

using Value = std::variant<std::int64_t, double, std::string>;

// The shortest text that reads back as the same value; words stand as they are.
std::string ToText(const Value& value);

// A JSON number without fraction or exponent is a whole number; a boolean is 0 or 1.
// `json` must be a number, a boolean or a string.
Value ValueFromJson(const Json& json);
Json ToJson(const Value& value);

// As a number, where it is one.
bool IsNumber(const Value& value);
double AsDouble(const Value& value);

}  // namespace coppice
