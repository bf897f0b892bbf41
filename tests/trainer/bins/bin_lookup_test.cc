#include "trainer/bins/bin_lookup.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace coppice::trainer {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
// So many values are worth a table.
constexpr std::size_t kMany = 1000000;

// With a table and without.
void ExpectBins(const FeatureCuts& cuts, const std::vector<float>& values) {
  for (const std::size_t n_values : {values.size(), kMany}) {
    std::vector<std::uint8_t> bins(values.size());
    BinLookup(cuts, n_values).BinsOf(values, bins.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(bins[i], cuts.BinOf(values[i])) << values[i] << " of " << cuts.cuts.size();
    }
  }
}

TEST(BinLookup, FindsWhatBinOfFindsForAnyValue) {
  for (const int n_cuts : {1, 2, 3, 17, 255, 256}) {
    FeatureCuts cuts;
    for (int i = 0; i < n_cuts; ++i) cuts.cuts.push_back(static_cast<float>(i * i) / 7 - 20);
    std::vector<float> values = {-1e30F, 1e30F, std::numeric_limits<float>::infinity(), -20, 0};
    for (const float cut : cuts.cuts) {
      values.push_back(cut);
      values.push_back(std::nextafter(cut, -1e9F));
    }
    ExpectBins(cuts, values);
  }
}

TEST(BinLookup, FindsCutsAtAndBesideTheEndsOfCells) {
  // 1 and 1 + 2^-7 are the ends of a cell; -1 is the last value of one.
  const float next = 1 + 0x1p-7F;
  FeatureCuts cuts;
  for (const float cut : {-next, -1.0F, 0.0F, 1.0F, next}) {
    cuts.cuts.push_back(std::nextafter(cut, -2.0F));
    cuts.cuts.push_back(cut);
    cuts.cuts.push_back(std::nextafter(cut, 2.0F));
  }
  std::vector<float> values = {-2, 2, -0.0F};
  for (const float cut : cuts.cuts) {
    values.push_back(cut);
    values.push_back(std::nextafter(cut, -2.0F));
    values.push_back(std::nextafter(cut, 2.0F));
  }
  ExpectBins(cuts, values);
}

TEST(BinLookup, FindsAllCutsOfOneCell) {
  FeatureCuts cuts;
  for (int i = 0; i < 256; ++i) cuts.cuts.push_back(1 + static_cast<float>(i) * 0x1p-16F);
  std::vector<float> values = {0.5F, 1.5F, kInfinity, -kInfinity};
  for (const float cut : cuts.cuts) values.push_back(cut + 0x1p-17F);
  ExpectBins(cuts, values);
}

TEST(BinLookup, GivesMissingValuesTheBinBehindTheLast) {
  FeatureCuts cuts;
  cuts.cuts = {1, 2};
  for (const std::size_t n_values : {std::size_t{1}, kMany}) {
    std::uint8_t bin = 0;
    BinLookup(cuts, n_values).BinsOf(std::vector<float>{-kNaN}, &bin);
    EXPECT_EQ(bin, 2);
  }
}

}  // namespace
}  // namespace coppice::trainer
