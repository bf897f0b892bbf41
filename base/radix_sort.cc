#include "base/radix_sort.h"

#include <algorithm>
#include <array>

namespace coppice {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr int kPasses = 3;
// Below this many elements counting the buckets costs more than comparing.
constexpr std::size_t kFewElements = 512;

template <typename T>
constexpr int kKeyShift = static_cast<int>(8 * sizeof(T)) - 32;

template <typename T>
std::size_t Digit(T value, int pass) {
  const auto key = static_cast<std::uint32_t>(value >> kKeyShift<T>);
  return (key >> (pass * kDigitBits)) & (kBuckets - 1);
}

}  // namespace

template <typename T>
void RadixSort(std::vector<T>& values, std::vector<T>& scratch) {
  if (values.size() < kFewElements) {
    std::stable_sort(values.begin(), values.end(),
                     [](T a, T b) { return (a >> kKeyShift<T>) < (b >> kKeyShift<T>); });
    return;
  }
  std::array<std::array<std::uint32_t, kBuckets>, kPasses> counts{};
  for (const T value : values) {
    for (int pass = 0; pass < kPasses; ++pass) {
      ++counts[static_cast<std::size_t>(pass)][Digit(value, pass)];
    }
  }
  scratch.resize(values.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    auto& count = counts[static_cast<std::size_t>(pass)];
    // One digit for all: nothing moves.
    if (count[Digit(values.front(), pass)] == values.size()) continue;
    std::uint32_t begin = 0;
    for (std::uint32_t& bucket : count) {
      const std::uint32_t size = bucket;
      bucket = begin;
      begin += size;
    }
    for (const T value : values) scratch[count[Digit(value, pass)]++] = value;
    values.swap(scratch);
  }
}

template void RadixSort(std::vector<std::uint32_t>&, std::vector<std::uint32_t>&);
template void RadixSort(std::vector<std::uint64_t>&, std::vector<std::uint64_t>&);

}  // namespace coppice
