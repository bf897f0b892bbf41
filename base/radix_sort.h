#pragma once
// Sorting by 32-bit keys in three passes of 11 bits: the cost of auc, once a round, and of the
// cuts, once a study, is their sort.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace coppice {

// Keys order as the floats do; -0 and 0 are equal. Not for NaN. Here, because loops over values
// need it without a call.
inline std::uint32_t OrderedKey(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
  const std::uint32_t flip = (bits >> 31) != 0 ? 0xFFFFFFFFU : 0x80000000U;
  return bits ^ flip;
}
// OrderedKey turned round.
inline float ValueOfKey(std::uint32_t key) {
  return std::bit_cast<float>(key ^ ((key >> 31) != 0 ? 0x80000000U : 0xFFFFFFFFU));
}

// Ascending by the 32 highest bits of an element; elements with equal keys keep their order.
// T is std::uint32_t or std::uint64_t. `scratch` is resized as needed.
template <typename T>
void RadixSort(std::vector<T>& values, std::vector<T>& scratch);

extern template void RadixSort(std::vector<std::uint32_t>&, std::vector<std::uint32_t>&);
extern template void RadixSort(std::vector<std::uint64_t>&, std::vector<std::uint64_t>&);

}  // namespace coppice
