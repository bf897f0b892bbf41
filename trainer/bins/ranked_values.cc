#include "trainer/bins/ranked_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "base/radix_sort.h"
#include "trainer/bins/key_cell.h"

namespace coppice::trainer {
namespace {

// Behind the others, for what has no rank.
constexpr std::size_t kNanCell = kKeyCells;
// Cells up to this size are sorted by comparing.
constexpr std::size_t kSmallCell = 48;

std::size_t CellOf(float value) {
  return std::isnan(value) ? kNanCell : OrderedKey(value) >> kLowKeyBits;
}

// The only key of a cell whose values have zeros in the lower half of their bits; the keys of
// negative numbers have them turned round.
std::uint32_t KeyOfCell(std::size_t cell) {
  const auto high = static_cast<std::uint32_t>(cell) << kLowKeyBits;
  return (high >> 31) != 0 ? high : high | kLowKeyMask;
}

// One pass over a digit of the keys' lower half, from `from` to `to`; false, and nothing moved,
// when the digit is the same in all.
bool MoveByDigit(std::span<const std::uint32_t> from, int shift, std::uint32_t* to) {
  std::array<std::uint32_t, 256> place{};
  for (const std::uint32_t key : from) ++place[key >> shift & 255];
  if (place[from.front() >> shift & 255] == from.size()) return false;
  std::uint32_t begin = 0;
  for (std::uint32_t& digit : place) begin += std::exchange(digit, begin);
  for (const std::uint32_t key : from) to[place[key >> shift & 255]++] = key;
  return true;
}

}  // namespace

RankedValues::RankedValues(std::span<const float> values, std::span<const RowIndex> rows,
                           Scratch& scratch)
    : scratch_(scratch) {
  if (scratch_.keys.size() < rows.size()) scratch_.keys.resize(rows.size());
  if (rows.size() < kLeastForCells) {
    SortAll(values, rows);
  } else {
    FillCells(values, rows);
  }
}

void RankedValues::SortAll(std::span<const float> values, std::span<const RowIndex> rows) {
  is_sorted_ = true;
  std::vector<std::uint32_t> keys;
  keys.reserve(rows.size());
  for (const RowIndex row : rows) {
    if (!std::isnan(values[row])) keys.push_back(OrderedKey(values[row]));
  }
  RadixSort(keys, scratch_.moved);
  std::copy(keys.begin(), keys.end(), scratch_.keys.begin());
  size_ = keys.size();
}

void RankedValues::FillCells(std::span<const float> values, std::span<const RowIndex> rows) {
  std::vector<std::uint32_t>& begins = scratch_.cell_begins;
  begins.assign(kKeyCells + 2, 0);
  std::uint32_t low_bits = 0;
  for (const RowIndex row : rows) {
    const float value = values[row];
    ++begins[CellOf(value)];
    low_bits |= std::isnan(value) ? 0 : std::bit_cast<std::uint32_t>(value) & kLowKeyMask;
  }
  std::uint32_t begin = 0;
  for (std::uint32_t& cell : begins) begin += std::exchange(cell, begin);
  size_ = begins[kNanCell];
  cells_say_values_ = low_bits == 0;
  if (cells_say_values_) return;
  // Each beginning moves on to its cell's end, which is the beginning of the next.
  for (const RowIndex row : rows) {
    scratch_.keys[begins[CellOf(values[row])]++] = OrderedKey(values[row]);
  }
  std::copy_backward(begins.begin(), begins.end() - 1, begins.end());
  begins.front() = 0;
  scratch_.cell_is_sorted.assign(kKeyCells, false);
}

void RankedValues::SortCell(std::size_t cell) {
  scratch_.cell_is_sorted[cell] = true;
  const std::size_t begin = scratch_.cell_begins[cell];
  const std::span<std::uint32_t> keys(&scratch_.keys[begin],
                                      scratch_.cell_begins[cell + 1] - begin);
  if (keys.size() <= kSmallCell) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  scratch_.moved.resize(std::max(scratch_.moved.size(), keys.size()));
  const std::span<std::uint32_t> moved(scratch_.moved.data(), keys.size());
  if (!MoveByDigit(keys, 0, moved.data())) {
    if (MoveByDigit(keys, 8, moved.data())) std::copy(moved.begin(), moved.end(), keys.begin());
  } else if (!MoveByDigit(moved, 8, keys.data())) {
    std::copy(moved.begin(), moved.end(), keys.begin());
  }
}

Run RankedValues::RunAt(std::size_t rank) {
  const auto first_key = scratch_.keys.begin();
  auto begin = first_key;
  auto end = first_key + static_cast<std::ptrdiff_t>(size_);
  if (!is_sorted_) {
    const auto& begins = scratch_.cell_begins;
    const auto behind = std::upper_bound(begins.begin(), begins.begin() + kKeyCells, rank);
    const auto cell = static_cast<std::size_t>(behind - begins.begin()) - 1;
    if (cells_say_values_) return {ValueOfKey(KeyOfCell(cell)), begins[cell], begins[cell + 1]};
    if (!scratch_.cell_is_sorted[cell]) SortCell(cell);
    begin = first_key + begins[cell];
    end = first_key + begins[cell + 1];
  }
  const std::uint32_t key = scratch_.keys[rank];
  const auto [low, high] = std::equal_range(begin, end, key);
  return {ValueOfKey(key), static_cast<std::size_t>(low - first_key),
          static_cast<std::size_t>(high - first_key)};
}

}  // namespace coppice::trainer
