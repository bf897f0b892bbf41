#include "tuner/preflight/equal_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/random.h"

namespace coppice::tuner {
namespace {

std::uint64_t BitsOf(float value) {
  if (std::isnan(value)) return 0x7FC00000U;
  return std::bit_cast<std::uint32_t>(value == 0 ? 0.0F : value);
}

void AddColumn(const std::vector<float>& column, std::vector<std::uint64_t>* hashes) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    (*hashes)[row] = Mix64((*hashes)[row] ^ BitsOf(column[row])) + 0x9E3779B97F4A7C15ULL;
  }
}

// That two rows of the first ones have the same value.
double EqualPairs(const std::vector<float>& column) {
  constexpr std::size_t kMostRows = 20000;
  std::vector<std::uint64_t> values;
  const std::size_t n = std::min(column.size(), kMostRows);
  for (std::size_t row = 0; row < n; ++row) values.push_back(BitsOf(column[row]));
  std::sort(values.begin(), values.end());
  double pairs = 0;
  for (std::size_t begin = 0, end = 0; begin < n; begin = end) {
    while (end < n && values[end] == values[begin]) ++end;
    const auto count = static_cast<double>(end - begin);
    pairs += count * (count - 1);
  }
  const auto rows = static_cast<double>(n);
  return n < 2 ? 1 : pairs / (rows * (rows - 1));
}

}  // namespace

std::vector<std::uint64_t> HashRows(const trainer::Dataset& table) {
  std::vector<std::uint64_t> hashes(table.n_rows, 0);
  for (const std::vector<float>& column : table.values) AddColumn(column, &hashes);
  AddColumn(table.label, &hashes);
  AddColumn(table.label_upper, &hashes);
  return hashes;
}

std::size_t CountEqual(const std::vector<std::uint64_t>& hashes,
                       const std::vector<trainer::RowIndex>& rows,
                       const std::vector<trainer::RowIndex>& others) {
  std::vector<std::uint64_t> known;
  known.reserve(others.size());
  for (const trainer::RowIndex row : others) known.push_back(hashes[row]);
  std::sort(known.begin(), known.end());
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](trainer::RowIndex row) {
        return std::binary_search(known.begin(), known.end(), hashes[row]);
      }));
}

double EqualByChance(const trainer::Dataset& table, std::size_t n_others) {
  double equal = EqualPairs(table.label);
  if (!table.label_upper.empty()) equal *= EqualPairs(table.label_upper);
  for (const std::vector<float>& column : table.values) equal *= EqualPairs(column);
  return -std::expm1(static_cast<double>(n_others) * std::log1p(-equal));
}

}  // namespace coppice::tuner
