#pragma once
// The cells that values are thrown into: those whose 32-bit keys (base/radix_sort.h) have the same
// upper half. Cells order as values do; a power of two is parted into 128 of them.

#include <cstddef>
#include <cstdint>

namespace coppice::trainer {

inline constexpr int kLowKeyBits = 16;
inline constexpr std::uint32_t kLowKeyMask = (1U << kLowKeyBits) - 1;
inline constexpr std::size_t kKeyCells = std::size_t{1} << (32 - kLowKeyBits);

// Columns of fewer values do without cells: to go through so many costs more.
inline constexpr std::size_t kLeastForCells = 16384;

}  // namespace coppice::trainer
