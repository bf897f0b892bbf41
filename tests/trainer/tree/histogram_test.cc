#include "trainer/tree/histogram.h"

#include <gtest/gtest.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "tests/trainer/tree/test_table.h"

namespace coppice::trainer {
namespace {

// Sums row by row, in the layout of the histogram.
std::vector<PackedPair> PlainSums(const BinnedMatrix& matrix, const HistogramLayout& layout,
                                  const std::vector<RowIndex>& rows,
                                  const std::vector<PackedPair>& gradients) {
  std::vector<PackedPair> sums(layout.size());
  for (const RowIndex row : rows) {
    for (int column = 0; column < matrix.n_columns(); ++column) {
      sums[layout.Offset(column / kLanes) + std::size_t{matrix.Codes(column)[row]} * kLanes +
           static_cast<std::size_t>(column % kLanes)] += gradients[row];
    }
  }
  return sums;
}

std::vector<PackedPair> Numbered(RowIndex n_rows) {
  std::vector<PackedPair> gradients;
  for (RowIndex row = 0; row < n_rows; ++row) gradients.push_back(PackedPair{row} << 32 | 1);
  return gradients;
}

std::vector<int> AllBlocks(const BinnedMatrix& matrix) {
  std::vector<int> blocks(static_cast<std::size_t>(matrix.n_blocks()));
  std::iota(blocks.begin(), blocks.end(), 0);
  return blocks;
}

TEST(Histogram, SumsByCodeForAnyNumberOfColumnsAndRows) {
  for (const int n_features : {1, 2, 3, 4, 5, 6, 7, 8, 9, 19, 70}) {
    const TestTable table = MakeTestTable(1700, n_features, 3);
    const BinnedMatrix& matrix = *table.matrix;
    const HistogramLayout layout(matrix);
    const HistogramBuilder builder(matrix, layout);
    const std::vector<PackedPair> gradients = Numbered(1700);
    std::vector<RowIndex> rows;
    for (RowIndex row = 5; row < 1700; row += 1 + row % 2) rows.push_back(row);
    std::vector<PackedPair> sums(layout.size(), 77);  // must be overwritten
    builder.Build({rows.data(), 0, rows.size()}, gradients.data(), AllBlocks(matrix), sums);
    EXPECT_EQ(sums, PlainSums(matrix, layout, rows, gradients));
    builder.Build({nullptr, 3, 1600}, gradients.data(), AllBlocks(matrix), sums);
    rows.resize(1600);
    std::iota(rows.begin(), rows.end(), 3);
    EXPECT_EQ(sums, PlainSums(matrix, layout, rows, gradients));
  }
}

TEST(Histogram, LeavesOtherBlocksAlone) {
  const TestTable table = MakeTestTable(100, 20, 4);
  const HistogramLayout layout(*table.matrix);
  const HistogramBuilder builder(*table.matrix, layout);
  std::vector<PackedPair> sums(layout.size(), 77);
  const std::vector<int> blocks = {1};
  builder.Build({table.rows.data(), 0, 100}, Numbered(100).data(), blocks, sums);
  EXPECT_EQ(sums[layout.Offset(1) - 1], 77U);
  EXPECT_EQ(sums[layout.Offset(2)], 77U);
  EXPECT_NE(sums[layout.Offset(1)], 77U);
}

TEST(Histogram, ManyRowsOnManyThreadsGiveTheSameSums) {
  const TestTable table = MakeTestTable(300000, 9, 5);
  const HistogramLayout layout(*table.matrix);
  const HistogramBuilder builder(*table.matrix, layout);
  const std::vector<PackedPair> gradients = Numbered(300000);
  std::vector<PackedPair> sums(layout.size());
  tbb::task_arena arena(8);
  const tbb::global_control allow(tbb::global_control::max_allowed_parallelism, 8);
  arena.execute([&] {
    builder.Build({table.rows.data(), 0, 300000}, gradients.data(), AllBlocks(*table.matrix), sums);
  });
  EXPECT_EQ(sums, PlainSums(*table.matrix, layout, table.rows, gradients));
}

TEST(Histogram, IsNotWholeBehindALimit) {
  const TestTable table = MakeTestTable(300000, 9, 5);
  const HistogramLayout layout(*table.matrix);
  const HistogramBuilder builder(*table.matrix, layout);
  const std::vector<PackedPair> gradients = Numbered(300000);
  std::vector<PackedPair> sums(layout.size());
  const RealClock clock;
  CancelToken token;
  const WorkLimit limit(token, clock, std::numeric_limits<double>::infinity());
  const std::vector<int> blocks = AllBlocks(*table.matrix);
  // Long enough for a second look.
  std::vector<RowIndex> rows;
  for (int i = 0; i < 8; ++i) rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  const RowSpan all{rows.data(), 0, rows.size()};
  EXPECT_TRUE(builder.Build(all, gradients.data(), blocks, sums, &limit));
  token.Abandon();
  EXPECT_FALSE(builder.Build(all, gradients.data(), blocks, sums, &limit));
  EXPECT_TRUE(builder.Build({rows.data(), 0, 100}, gradients.data(), blocks, sums, &limit))
      << "little work is done at once";
}

TEST(HistogramLayout, ABlockIsAsHighAsItsLargestColumn) {
  const TestTable table = MakeTestTable(500, 12, 6);
  const HistogramLayout layout(*table.matrix);
  ASSERT_EQ(layout.n_blocks(), 2);
  for (int block = 0; block < 2; ++block) {
    int most = 0;
    for (int c = block * kLanes; c < std::min(12, (block + 1) * kLanes); ++c) {
      most = std::max(most, table.matrix->column(c).n_codes);
    }
    EXPECT_EQ(layout.Height(block), most);
  }
}

TEST(HistogramPool, GivesOutNoMoreThanItsCapacityUnlessBorrowed) {
  HistogramPool pool(8, 2);
  const int first = pool.Take();
  const int second = pool.Take();
  EXPECT_NE(first, second);
  EXPECT_EQ(pool.Take(), HistogramPool::kNone);
  const int third = pool.Borrow();
  EXPECT_NE(third, HistogramPool::kNone);
  EXPECT_EQ(pool.Take(), HistogramPool::kNone);
  pool.Release(third);
  EXPECT_EQ(pool.Take(), HistogramPool::kNone);
  pool.Release(first);
  EXPECT_NE(pool.Take(), HistogramPool::kNone);
  pool.Release(HistogramPool::kNone);  // nothing
}

}  // namespace
}  // namespace coppice::trainer
