#include "trainer/tree/histogram.h"

#include <gtest/gtest.h>

#include <vector>

namespace coppice::trainer {
namespace {

std::uint64_t Word(const std::vector<int>& bins) {
  std::uint64_t word = 0;
  for (std::size_t lane = 0; lane < bins.size(); ++lane) {
    word |= static_cast<std::uint64_t>(bins[lane]) << (8 * lane);
  }
  return word;
}

TEST(Histogram, SumsEachLaneByItsBin) {
  // Six rows, two features that matter; the other lanes hold bin 0.
  const std::vector<std::uint64_t> words = {Word({0, 255}), Word({1, 255}), Word({0, 3}),
                                            Word({1, 3}),   Word({2, 3}),   Word({0, 255})};
  const std::vector<PackedPair> gradients = {1, 10, 100, 1000, 10000, 100000};
  const std::vector<RowIndex> rows = {0, 1, 2, 3, 4};
  std::vector<PackedPair> histogram(kBlockEntries, 77);  // must be overwritten
  BuildBlock(words, gradients, rows, histogram);
  EXPECT_EQ(histogram[0 * 8 + 0], 101U);
  EXPECT_EQ(histogram[1 * 8 + 0], 1010U);
  EXPECT_EQ(histogram[2 * 8 + 0], 10000U);
  EXPECT_EQ(histogram[255 * 8 + 1], 11U);
  EXPECT_EQ(histogram[3 * 8 + 1], 11100U);
  EXPECT_EQ(histogram[0 * 8 + 7], 11111U);
  EXPECT_EQ(histogram[1 * 8 + 7], 0U);
}

TEST(Histogram, ManyRowsGiveTheSameSumsAsRowByRow) {
  std::vector<std::uint64_t> words;
  std::vector<PackedPair> gradients;
  std::vector<RowIndex> rows;
  std::vector<PackedPair> expected(kBlockEntries, 0);
  for (RowIndex row = 0; row < 500; ++row) {
    words.push_back(row * 0x9E3779B97F4A7C15ULL);
    gradients.push_back(row + 1);
    if (row % 3 == 0) continue;
    rows.push_back(row);
    for (std::size_t lane = 0; lane < 8; ++lane) {
      expected[(words[row] >> (8 * lane) & 0xFF) * 8 + lane] += gradients[row];
    }
  }
  std::vector<PackedPair> histogram(kBlockEntries);
  BuildBlock(words, gradients, rows, histogram);
  EXPECT_EQ(histogram, expected);
}

TEST(Histogram, ParentLessOneChildIsTheOther) {
  const std::vector<std::uint64_t> words = {Word({0}), Word({1}), Word({2}), Word({1})};
  const std::vector<PackedPair> gradients = {5, 6, 7, 8};
  const auto build = [&](std::vector<RowIndex> rows) {
    std::vector<PackedPair> histogram(kBlockEntries);
    BuildBlock(words, gradients, rows, histogram);
    return histogram;
  };
  std::vector<PackedPair> parent = build({0, 1, 2, 3});
  SubtractBlock(parent, build({0, 3}));
  EXPECT_EQ(parent, build({1, 2}));
}

TEST(HistogramPool, GivesNoMoreThanItsCapacityAndTakesBack) {
  HistogramPool pool(2, 2);
  const int first = pool.Take();
  const int second = pool.Take();
  EXPECT_NE(first, second);
  EXPECT_EQ(pool.Take(), HistogramPool::kNone);
  pool.Block(first, 1)[5] = 42;
  EXPECT_EQ(pool.Block(first, 1)[5], 42U);
  EXPECT_EQ(pool.Block(first, 0).size(), kBlockEntries);
  pool.Release(first);
  EXPECT_EQ(pool.Take(), first);
}

}  // namespace
}  // namespace coppice::trainer
