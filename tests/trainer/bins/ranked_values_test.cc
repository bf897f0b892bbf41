#include "trainer/bins/ranked_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

std::vector<RowIndex> AllRowsOf(const std::vector<float>& values) {
  std::vector<RowIndex> rows(values.size());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

// Asks for ranks in an order of no use to it, and compares with a sorted copy.
void ExpectRuns(const std::vector<float>& values, RankedValues& ranked) {
  std::vector<float> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
               [](float value) { return !std::isnan(value); });
  std::sort(sorted.begin(), sorted.end());
  ASSERT_EQ(ranked.size(), sorted.size());
  for (std::size_t i = 0; i < 2000; ++i) {
    const std::size_t rank = i * 7919 % sorted.size();
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), sorted[rank]);
    const Run run = ranked.RunAt(rank);
    EXPECT_EQ(run.value, sorted[rank]);
    EXPECT_EQ(run.begin, static_cast<std::size_t>(low - sorted.begin()));
    EXPECT_EQ(run.end, static_cast<std::size_t>(high - sorted.begin()));
  }
}

TEST(RankedValues, AreThoseOfASort) {
  RandomStream random(4, {Purpose::kSynth});
  RankedValues::Scratch scratch;
  // Few values, then many, then few: the scratch memory holds what the last column left.
  for (const std::size_t n : {1000U, 30000U, 20000U, 10U}) {
    std::vector<float> fine;
    std::vector<float> whole;
    std::vector<float> within_a_cell;
    for (std::size_t i = 0; i < n; ++i) {
      fine.push_back(static_cast<float>(random.Uniform() - 0.5));
      whole.push_back(static_cast<float>(random.Below(500)) - 250);
      within_a_cell.push_back(1 + static_cast<float>(random.Below(65536)) * 0x1p-23F);
    }
    fine[3] = std::numeric_limits<float>::quiet_NaN();
    for (const std::vector<float>& values : {fine, whole, within_a_cell}) {
      RankedValues ranked(values, AllRowsOf(values), scratch);
      ExpectRuns(values, ranked);
    }
  }
}

TEST(RankedValues, AreNoneWhereAllAreMissing) {
  RankedValues::Scratch scratch;
  const std::vector<float> values(20000, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(RankedValues(values, AllRowsOf(values), scratch).size(), 0U);
}

}  // namespace
}  // namespace coppice::trainer
