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
      const std::uint8_t expected = std::isnan(value)
                                        ? static_cast<std::uint8_t>(matrix.MissingBin(f))
                                        : cuts.features[static_cast<std::size_t>(f)].BinOf(value);
      EXPECT_EQ(matrix.Bin(row, f), expected);
      const int column = matrix.place(f).column;
      const std::uint64_t word = matrix.Words(row)[column / kLanes];
      EXPECT_EQ(static_cast<std::uint8_t>(word >> (8 * (column % kLanes))),
                matrix.Codes(column)[row]);
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
  EXPECT_EQ(matrix.Bin(1, 0), matrix.MissingBin(0));
  EXPECT_EQ(matrix.Bin(2, 0), 0);
}

TEST(BinnedMatrix, SharedColumnsKeepTheBinOfEveryFeature) {
  // A one-hot group of nine, three flags that are often missing, and a real number: in so many rows
  // the first twelve share columns, the last stands alone.
  Dataset data;
  data.n_rows = 20000;
  data.values.resize(13, std::vector<float>(data.n_rows));
  RandomStream random(2, {Purpose::kSynth});
  for (RowIndex row = 0; row < data.n_rows; ++row) {
    data.values[random.Below(9)][row] = 1;
    for (std::size_t f = 9; f < 12; ++f) {
      data.values[f][row] = random.Below(3) == 0 ? kNaN : static_cast<float>(random.Below(2));
    }
    data.values[12][row] = static_cast<float>(random.Uniform());
  }
  for (int f = 0; f < 13; ++f) data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  std::vector<RowIndex> rows(data.n_rows);
  std::iota(rows.begin(), rows.end(), 0);
  const QuantileCuts cuts = FindCuts(data, rows, 256);
  const BinnedMatrix matrix(data, cuts);
  // 9 states times 27 are 243 codes.
  EXPECT_EQ(matrix.n_columns(), 2);
  EXPECT_EQ(matrix.column(1).n_codes, 243);
  EXPECT_FALSE(matrix.column(matrix.place(12).column).is_shared());
  for (int f = 0; f < 13; ++f) {
    for (RowIndex row = 0; row < data.n_rows; row += 7) {
      const float value = data.values[static_cast<std::size_t>(f)][row];
      ASSERT_EQ(matrix.Bin(row, f), std::isnan(value)
                                        ? matrix.MissingBin(f)
                                        : cuts.features[static_cast<std::size_t>(f)].BinOf(value));
    }
  }
}

}  // namespace
}  // namespace coppice::trainer
