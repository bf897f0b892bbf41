#pragma once
// What is tried on every input: a model file is read and used, or refused by an Error.

#include <string_view>

namespace coppice::fuzz {

enum class Outcome { kRefused, kRead };

// Aborts when a model that was read does not survive prediction, or writing and reading again in
// both formats. Any other exception than Error leaves it.
Outcome TryModel(std::string_view bytes);

}  // namespace coppice::fuzz
