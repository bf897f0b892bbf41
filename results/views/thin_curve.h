#pragma once
// Which rounds of a long curve a picture needs.

#include <span>
#include <vector>

namespace coppice::results {

// 1-based rounds of a curve of `n_rounds`, ascending: the first and the last, those of `keep` that
// lie within it, and as many others as make `most` or a few less, denser at the beginning, where
// curves bend (evenly in the square root of the round). All of them where they are no more than
// `most`, which is at least 2.
std::vector<int> ThinRounds(int n_rounds, int most, std::span<const int> keep);

}  // namespace coppice::results
