#pragma once
// Breaks a file a little, so that much of it stays sound and the reader gets far.

#include <string>
#include <vector>

#include "base/random.h"

namespace coppice::fuzz {

// One of `seeds` after a few changes: bytes, blocks, a piece of another seed; in a text also its
// numbers and `words` that stand where others stood, in UBJSON lengths and numbers. Depends on the
// arguments only.
std::string Mutated(const std::vector<std::string>& seeds, const std::vector<std::string>& words,
                    RandomStream& random);

}  // namespace coppice::fuzz
