#include "strategies/random/sobol_sequence.h"

#include <cstddef>

#include "base/error.h"
#include "base/random.h"

namespace coppice::strategies {
namespace {

// Owen's scrambling flips each binary digit by a coin that belongs to the digits before it. A node
// of that tree is 1 followed by the digits before; its coin is a hash. The digits beyond the 32
// of the sequence are free, hence plain random.
double Scramble(std::uint32_t digits, std::uint64_t key) {
  constexpr int kFree = 21;  // with 32 digits, all that a double in [0, 1) holds
  std::uint64_t scrambled = 0;
  std::uint64_t node = 1;
  for (int bit = static_cast<int>(kSobolBits) - 1; bit >= 0; --bit) {
    const std::uint64_t digit = digits >> bit & 1U;
    const std::uint64_t coin = Mix64(key ^ node) >> 63;
    scrambled = scrambled << 1 | (digit ^ coin);
    node = node << 1 | digit;
  }
  const std::uint64_t rest = Mix64(key ^ node) >> (64 - kFree);
  return static_cast<double>(scrambled << kFree | rest) * 0x1p-53;
}

}  // namespace

SobolSequence::SobolSequence(int n_dimensions, std::uint64_t seed) {
  COPPICE_CHECK(n_dimensions >= 0 && n_dimensions <= kSobolDimensions, "so many are known");
  for (int d = 0; d < n_dimensions; ++d) {
    RandomStream stream(seed, {Purpose::kScramble, static_cast<std::uint64_t>(d)});
    dimensions_.push_back({DirectionNumbers(d), stream.Next64()});
  }
}

std::vector<double> SobolSequence::Point(std::uint32_t index) const {
  std::vector<double> point;
  point.reserve(dimensions_.size());
  for (const Dimension& dimension : dimensions_) {
    std::uint32_t digits = 0;
    for (std::size_t k = 0; k < kSobolBits; ++k) {
      if ((index >> k & 1U) != 0) digits ^= dimension.numbers[k];
    }
    point.push_back(Scramble(digits, dimension.key));
  }
  return point;
}

}  // namespace coppice::strategies
