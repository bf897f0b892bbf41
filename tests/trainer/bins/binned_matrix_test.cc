#include "trainer/bins/binned_matrix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(BinnedMatrix, HoldsTheBinOfEveryValueAcrossBlocks) {
  // Eleven features: one whole block of eight and one of three.
  Dataset data;
  data.n_rows = 40;
  RandomStream random(1, {Purpose::kSynth});
  for (int f = 0; f < 11; ++f) {
    std::vector<float> column;
    for (RowIndex row = 0; row < data.n_rows; ++row) {
      column.push_back(random.Below(5) == 0 ? kNaN : static_cast<float>(random.Below(9)));
    }
    data.values.push_back(column);
    data.schema.features.push_back({"x" + std::to_string(f), ColumnKind::kNumeric, {}});
  }
  std::vector<RowIndex> rows(data.n_rows);
  std::iota(rows.begin(), rows.end(), 0);
  const QuantileCuts cuts = FindCuts(data, rows, 256);
  const BinnedMatrix matrix(data, cuts);
  EXPECT_EQ(matrix.n_blocks(), 2);
  for (int f = 0; f < 11; ++f) {
    for (RowIndex row = 0; row < data.n_rows; ++row) {
      const float value = data.values[static_cast<std::size_t>(f)][row];
      const std::uint8_t expected =
          std::isnan(value) ? kMissingBin : cuts.features[static_cast<std::size_t>(f)].BinOf(value);
      EXPECT_EQ(matrix.Bin(row, f), expected);
      const std::uint64_t word = matrix.Block(f / kLanes)[row];
      EXPECT_EQ(static_cast<std::uint8_t>(word >> (8 * (f % kLanes))), expected);
    }
  }
  EXPECT_GE(matrix.Bytes(), 2 * 40 * sizeof(std::uint64_t));
}

TEST(BinnedMatrix, ACategoryIsItsOwnBin) {
  Dataset data;
  data.n_rows = 3;
  data.values = {{2, kNaN, 0}};
  data.schema.features.push_back({"colour", ColumnKind::kCategorical, {"blue", "green", "red"}});
  const std::vector<RowIndex> rows = {0, 1, 2};
  const BinnedMatrix matrix(data, FindCuts(data, rows, 256));
  EXPECT_EQ(matrix.n_bins(0), 3);
  EXPECT_EQ(matrix.Bin(0, 0), 2);
  EXPECT_EQ(matrix.Bin(1, 0), kMissingBin);
  EXPECT_EQ(matrix.Bin(2, 0), 0);
}

}  // namespace
}  // namespace coppice::trainer
