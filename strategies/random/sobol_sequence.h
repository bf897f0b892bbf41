#pragma once
// A Sobol sequence with Owen's nested uniform scrambling: evenly spread like the plain one (the
// first 2^m points put one into each interval of length 2^-m, in every dimension), uniform in
// each point, and different for each seed.

#include <array>
#include <cstdint>
#include <vector>

#include "strategies/random/direction_numbers.h"

namespace coppice::strategies {

// Immutable. Thread-safe.
class SobolSequence {
 public:
  // 0 <= n_dimensions <= kSobolDimensions.
  SobolSequence(int n_dimensions, std::uint64_t seed);

  // The index-th point, [n_dimensions], in [0, 1). Any index at any time.
  std::vector<double> Point(std::uint32_t index) const;

 private:
  struct Dimension {
    std::array<std::uint32_t, kSobolBits> numbers;
    std::uint64_t key;
  };
  std::vector<Dimension> dimensions_;
};

}  // namespace coppice::strategies
