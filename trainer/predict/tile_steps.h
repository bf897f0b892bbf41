#pragma once
// The loops over the rows of a tile. `n` is a multiple of kTileStep.

#include <cstddef>
#include <cstdint>

#include "trainer/predict/flat_trees.h"

namespace coppice::trainer {

inline constexpr std::size_t kTileStep = 16;
// Levels that TopLevels decides.
inline constexpr int kTopLevels = 4;
// Words of 32 bits of a category set: all codes, then `no code`, then `missing`.
inline constexpr std::size_t kSetWords = 9;
inline constexpr std::int32_t kNoCode = 255;
inline constexpr std::int32_t kMissingCode = 256;

// The integer that compares with others as the float does; -0 equals 0. Not for NaN.
std::int32_t KeyOf(float value);

// Floats to keys, NaN to `missing`.
void ToKeys(const float* values, std::size_t n, std::int32_t missing, std::int32_t* keys);
void ToCodes(const float* values, std::size_t n, std::int32_t* codes);

// The positions after the first kTopLevels levels of a full tree.
void TopLevels(const FlatTrees::FullNode* nodes, const std::int32_t* cells, std::size_t n,
               std::uint32_t* at);
// One level further.
void NextLevel(const FlatTrees::FullNode* nodes, const std::int32_t* cells, std::size_t n,
               std::uint32_t* at);
// One level along links; returns whether any row moved. `sets` is null where no node is a set.
bool NextLink(const FlatTrees::LinkedNode* nodes, const std::uint32_t* sets,
              const std::int32_t* cells, std::size_t n, std::uint32_t* at);

}  // namespace coppice::trainer
