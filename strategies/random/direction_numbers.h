#pragma once
// What a Sobol sequence is made from: a primitive polynomial over GF(2) and a few odd numbers for
// each dimension.

#include <array>
#include <cstddef>
#include <cstdint>

namespace coppice::strategies {

inline constexpr int kSobolDimensions = 64;
inline constexpr std::size_t kSobolBits = 32;

struct SobolSeed {
  std::uint16_t polynomial = 0;          // bit i is the coefficient of x^i
  std::array<std::uint16_t, 9> initial;  // m_1 .. m_degree: odd, m_k < 2^k; then zeros

  int degree() const;
};

// Of dimension 1 .. kSobolDimensions - 1, counted from 0; dimension 0 has none.
const SobolSeed& SeedOf(int dimension);

// Of dimension 0 .. kSobolDimensions - 1. Coordinate i of the sequence, times 2^32, is the
// exclusive or of the numbers k for which bit k of i is set.
std::array<std::uint32_t, kSobolBits> DirectionNumbers(int dimension);

}  // namespace coppice::strategies
