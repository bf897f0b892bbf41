#include "base/random.h"

#include <cmath>

#include "base/exact_math.h"

namespace coppice {

namespace {

constexpr std::uint64_t kMultiplier0 = 0xD2511F53;
constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;

// Blocks whose rounds run side by side.
constexpr std::size_t kBlocks = 16;

// kBlocks blocks from `counter` on, whose first word must not wrap meanwhile.
void PhiloxBlocks(const std::array<std::uint32_t, 4>& counter, std::array<std::uint32_t, 2> key,
                  std::uint32_t* numbers) {
  std::uint32_t c[4][kBlocks];
  for (std::size_t i = 0; i < kBlocks; ++i) {
    c[0][i] = counter[0] + static_cast<std::uint32_t>(i);
    c[1][i] = counter[1];
    c[2][i] = counter[2];
    c[3][i] = counter[3];
  }
  for (int round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const std::uint64_t p0 = kMultiplier0 * c[0][i];
      const std::uint64_t p1 = kMultiplier1 * c[2][i];
      c[0][i] = static_cast<std::uint32_t>(p1 >> 32) ^ c[1][i] ^ key[0];
      c[1][i] = static_cast<std::uint32_t>(p1);
      c[2][i] = static_cast<std::uint32_t>(p0 >> 32) ^ c[3][i] ^ key[1];
      c[3][i] = static_cast<std::uint32_t>(p0);
    }
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  for (std::size_t i = 0; i < kBlocks; ++i) {
    for (std::size_t word = 0; word < 4; ++word) numbers[4 * i + word] = c[word][i];
  }
}

}  // namespace

std::array<std::uint32_t, 4> Philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = kMultiplier0 * counter[0];
    const std::uint64_t p1 = kMultiplier1 * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(p0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

std::uint64_t Mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

RandomStream::RandomStream(std::uint64_t seed, const StreamName& name) {
  std::uint64_t hash = Mix64(seed);
  for (std::uint64_t part :
       {static_cast<std::uint64_t>(name.purpose), name.a, name.b, name.c}) {
    hash = Mix64(hash ^ part);
  }
  key_ = {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32)};
  const std::uint64_t more = Mix64(hash);
  counter_ = {0, 0, static_cast<std::uint32_t>(more), static_cast<std::uint32_t>(more >> 32)};
}

std::uint32_t RandomStream::Next() {
  if (used_ == 4) {
    block_ = Philox(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

void RandomStream::Fill(std::span<std::uint32_t> numbers) {
  std::size_t i = 0;
  while (i < numbers.size()) {
    const bool wraps = counter_[0] > 0xFFFFFFFF - kBlocks;
    if (used_ == 4 && !wraps && numbers.size() - i >= 4 * kBlocks) {
      PhiloxBlocks(counter_, key_, numbers.data() + i);
      counter_[0] += static_cast<std::uint32_t>(kBlocks);
      i += 4 * kBlocks;
    } else {
      numbers[i++] = Next();
    }
  }
}

std::uint64_t RandomStream::Next64() {
  const std::uint64_t high = Next();
  return high << 32 | Next();
}

double RandomStream::Uniform() { return static_cast<double>(Next64() >> 11) * 0x1p-53; }

std::uint64_t RandomStream::Below(std::uint64_t n) {
  // Numbers below the remainder of 2^64 by n would make small results likelier.
  const std::uint64_t remainder = (0 - n) % n;
  for (;;) {
    const std::uint64_t drawn = Next64();
    if (drawn >= remainder) return drawn % n;
  }
}

double RandomStream::Normal() {
  // Only a square root, which IEEE 754 fixes, and our own logarithm: the same bits everywhere.
  for (;;) {
    const double x = 2 * Uniform() - 1;
    const double y = 2 * Uniform() - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * Log(square) / square);
  }
}

}  // namespace coppice
