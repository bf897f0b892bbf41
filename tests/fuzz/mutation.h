#pragma once
// Breaks a model file a little, so that much of it stays sound and the reader gets far.

#include <string>
#include <vector>

#include "base/random.h"

namespace coppice::fuzz {

// One of `seeds` after a few changes: bytes, blocks, numbers and texts of JSON, lengths and numbers
// of UBJSON, a piece of another seed. Depends on the arguments only.
std::string Mutated(const std::vector<std::string>& seeds, RandomStream& random);

}  // namespace coppice::fuzz
