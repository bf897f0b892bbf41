#include "trainer/bins/quantile_cuts.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Dataset OneColumn(std::vector<float> values) {
  Dataset data;
  data.n_rows = static_cast<RowIndex>(values.size());
  data.values.push_back(std::move(values));
  data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  return data;
}

std::vector<RowIndex> AllRows(const Dataset& data) {
  std::vector<RowIndex> rows(data.n_rows);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

FeatureCuts CutsOf(const Dataset& data, int max_bin) {
  return FindCuts(data, AllRows(data), max_bin).features.front();
}

TEST(QuantileCuts, EachValueIsABinWhereTheyFit) {
  const FeatureCuts cuts = CutsOf(OneColumn({3, 1, 2, 2, 3}), 256);
  // The last cut lies above the largest value: 3 + 3 + 1e-5.
  EXPECT_EQ(cuts.cuts, (std::vector<float>{2, 3, 6.00001F}));
  EXPECT_EQ(cuts.BinOf(1), 0);
  EXPECT_EQ(cuts.BinOf(2), 1);
  EXPECT_EQ(cuts.BinOf(3), 2);
  EXPECT_FALSE(cuts.has_missing);
}

TEST(QuantileCuts, ValuesBetweenAndBeyondTheCutsFallIntoTheNeighbouringBin) {
  const FeatureCuts cuts = CutsOf(OneColumn({1, 2, 3}), 256);
  EXPECT_EQ(cuts.BinOf(-100), 0);
  EXPECT_EQ(cuts.BinOf(1.999F), 0);
  EXPECT_EQ(cuts.BinOf(2.5F), 1);
  EXPECT_EQ(cuts.BinOf(100), 2);
}

TEST(QuantileCuts, SpreadRowsEvenlyOverTheBins) {
  std::vector<float> values(1000);
  std::iota(values.begin(), values.end(), 0.0F);
  const FeatureCuts cuts = CutsOf(OneColumn(values), 10);
  ASSERT_EQ(cuts.n_bins(), 10);
  std::vector<int> rows_in_bin(10);
  for (const float value : values) ++rows_in_bin[cuts.BinOf(value)];
  for (const int rows : rows_in_bin) EXPECT_NEAR(rows, 100, 1);
}

TEST(QuantileCuts, FollowTheWeights) {
  std::vector<float> values(100);
  std::iota(values.begin(), values.end(), 0.0F);
  Dataset data = OneColumn(values);
  // The values 0..9 weigh as much as all the others.
  data.weight.assign(100, 1.0F);
  for (int i = 0; i < 10; ++i) data.weight[static_cast<std::size_t>(i)] = 9.0F;
  const FeatureCuts cuts = CutsOf(data, 2);
  ASSERT_EQ(cuts.n_bins(), 2);
  EXPECT_EQ(cuts.cuts.front(), 10);
}

TEST(QuantileCuts, AFrequentValueTakesOneBinAndLeavesTheOthersToTheRest) {
  std::vector<float> values(900, 0.0F);
  for (int i = 1; i <= 100; ++i) values.push_back(static_cast<float>(i));
  const FeatureCuts cuts = CutsOf(OneColumn(values), 11);
  ASSERT_EQ(cuts.n_bins(), 11);
  EXPECT_EQ(cuts.cuts.front(), 1);
  std::vector<int> rows_in_bin(11);
  for (const float value : values) ++rows_in_bin[cuts.BinOf(value)];
  EXPECT_EQ(rows_in_bin[0], 900);
  for (std::size_t bin = 1; bin < 11; ++bin) EXPECT_NEAR(rows_in_bin[bin], 10, 1);
}

TEST(QuantileCuts, MissingValuesTakeOneBinOfThe256) {
  std::vector<float> values(1000);
  std::iota(values.begin(), values.end(), 0.0F);
  EXPECT_EQ(CutsOf(OneColumn(values), 256).n_bins(), 256);
  values[17] = kNaN;
  const FeatureCuts cuts = CutsOf(OneColumn(values), 256);
  EXPECT_TRUE(cuts.has_missing);
  EXPECT_EQ(cuts.n_bins(), 255);
}

TEST(QuantileCuts, ComeOnlyFromTheRowsGiven) {
  const Dataset data = OneColumn({1, 2, 3, 1000, kNaN});
  const std::vector<RowIndex> rows = {0, 1, 2};
  const FeatureCuts cuts = FindCuts(data, rows, 256).features.front();
  EXPECT_EQ(cuts.n_bins(), 3);
  EXPECT_EQ(cuts.BinOf(1000), 2);
  // But missing is looked for in every row, since every row is binned.
  EXPECT_TRUE(cuts.has_missing);
}

TEST(QuantileCuts, AColumnWithoutValuesHasOneBin) {
  EXPECT_EQ(CutsOf(OneColumn({kNaN, kNaN}), 256).n_bins(), 1);
}

TEST(QuantileCuts, TheLargestFloatKeepsAFiniteCutAboveIt) {
  const float largest = std::numeric_limits<float>::max();
  const FeatureCuts cuts = CutsOf(OneColumn({0, largest}), 256);
  EXPECT_TRUE(std::isfinite(cuts.cuts.back()));
  EXPECT_EQ(cuts.BinOf(largest), 1);
}

// Values of several kinds, of which one row in seven does not train.
struct LargeColumn {
  const char* name;
  std::vector<float> values;
};

std::vector<LargeColumn> LargeColumns() {
  constexpr std::size_t kRows = 20000;
  RandomStream random(3, {Purpose::kSynth});
  std::vector<LargeColumn> columns = {{"flags", {}},      {"counts", {}},    {"thousands", {}},
                                      {"powers", {}},     {"seconds", {}},   {"missing", {}},
                                      {"infinities", {}}, {"one heavy", {}}, {"signs", {}}};
  for (std::size_t row = 0; row < kRows; ++row) {
    const double u = random.Uniform();
    const std::array<double, 9> of_row = {
        static_cast<double>(random.Below(2)),
        static_cast<double>(random.Below(300)) - 40,
        static_cast<double>(random.Below(5000)),
        std::ldexp(u - 0.5, static_cast<int>(random.Below(200)) - 100),
        1.6e9 + 3e8 * u,
        random.Below(3) == 0 ? kNaN : u,
        random.Below(50) == 0 ? (u < 0.5 ? -kInfinity : kInfinity) : u,
        random.Below(3) == 0 ? 0.25 : u,
        random.Below(4) == 0 ? (u < 0.5 ? -0.0 : 0.0) : u - 0.5};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].values.push_back(static_cast<float>(of_row[i]));
    }
  }
  return columns;
}

TEST(QuantileCuts, OfManyRowsAreThoseWithWeightsOfOne) {
  // Weights take another way: all values are sorted and the weights added up one by one.
  for (const LargeColumn& column : LargeColumns()) {
    Dataset data = OneColumn(column.values);
    std::vector<RowIndex> rows;
    for (RowIndex row = 0; row < data.n_rows; ++row) {
      if (row % 7 != 0) rows.push_back(row);
    }
    for (const int max_bin : {2, 64, 256}) {
      data.weight.clear();
      const FeatureCuts cuts = FindCuts(data, rows, max_bin).features.front();
      data.weight.assign(data.n_rows, 1.0F);
      const FeatureCuts weighted = FindCuts(data, rows, max_bin).features.front();
      EXPECT_EQ(cuts.cuts, weighted.cuts) << column.name << " with " << max_bin;
      EXPECT_EQ(cuts.has_missing, weighted.has_missing) << column.name;
    }
  }
}

}  // namespace
}  // namespace coppice::trainer
