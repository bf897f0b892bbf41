#include "trainer/bins/quantile_cuts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace coppice::trainer {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

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

TEST(BinLookup, FindsWhatBinOfFindsForAnyValue) {
  for (const int n_cuts : {1, 2, 3, 17, 255, 256}) {
    FeatureCuts cuts;
    for (int i = 0; i < n_cuts; ++i) cuts.cuts.push_back(static_cast<float>(i * i) / 7 - 20);
    const BinLookup lookup(cuts);
    std::vector<float> values = {-1e30F, 1e30F, std::numeric_limits<float>::infinity(), -20, 0};
    for (const float cut : cuts.cuts) {
      values.push_back(cut);
      values.push_back(std::nextafter(cut, -1e9F));
    }
    std::vector<std::uint8_t> bins(values.size());
    lookup.BinsOf(values, bins.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(bins[i], cuts.BinOf(values[i])) << values[i] << " of " << n_cuts;
    }
  }
}

}  // namespace
}  // namespace coppice::trainer
