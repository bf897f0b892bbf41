#include "trainer/tree/row_partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/threads.h"
#include "tests/trainer/tree/test_table.h"

namespace coppice::trainer {
namespace {

std::vector<RowIndex> Copy(std::span<const RowIndex> rows) { return {rows.begin(), rows.end()}; }

TEST(RowPartition, KeepsTheOrderOnBothSides) {
  Dataset data;
  data.n_rows = 6;
  data.values = {{5, 1, 4, 2, 3, 6}};
  data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  const std::vector<RowIndex> rows = {0, 1, 2, 3, 5};
  const BinnedMatrix matrix(data, FindCuts(data, rows, 256));
  RowPartition partition(rows);
  // Bins of 1, 2, 4, 5, 6 are 0 .. 4; up to bin 1 goes left.
  const std::size_t n_left =
      partition.Split(partition.Root(), matrix, CodeSplit(matrix, {0, false, false, 1, {}}));
  EXPECT_EQ(n_left, 2U);
  EXPECT_EQ(Copy(partition.Rows({0, 2})), (std::vector<RowIndex>{1, 3}));
  EXPECT_EQ(Copy(partition.Rows({2, 5})), (std::vector<RowIndex>{0, 2, 5}));
  partition.Reset();
  EXPECT_EQ(Copy(partition.Rows(partition.Root())), rows);
}

TEST(RowPartition, LargeRangesGiveTheSameAsOneRowAfterAnother) {
  const TestTable table = MakeTestTable(100000, 5, 11);
  for (const BinnedSplit& split :
       {BinnedSplit{0, false, false, 40, {}}, BinnedSplit{2, false, true, 60, {}},
        BinnedSplit{4, true, true, 0, {{0b101, 0, 0, 0}}}}) {
    std::vector<RowIndex> left;
    std::vector<RowIndex> right;
    for (RowIndex row = 7; row < 99990; ++row) {
      const int bin = table.matrix->Bin(row, split.feature);
      const bool is_left = split.GoesLeft(bin, table.matrix->MissingBin(split.feature));
      (is_left ? left : right).push_back(row);
    }
    for (const int threads : {1, 2}) {
      RowPartition partition(table.rows);
      std::size_t n_left = 0;
      RunWithThreads(threads, [&] {
        n_left = partition.Split({7, 99990}, *table.matrix, CodeSplit(*table.matrix, split));
      });
      EXPECT_EQ(Copy(partition.Rows({7, 7 + n_left})), left);
      EXPECT_EQ(Copy(partition.Rows({7 + n_left, 99990})), right);
      EXPECT_EQ(partition.Rows({0, 7}).front(), 0U);
      EXPECT_EQ(partition.Rows({99990, 100000}).front(), 99990U);
    }
  }
}

TEST(RowPartition, SplitsTheNextTreeFromTheRootsOrder) {
  const TestTable table = MakeTestTable(1000, 2, 3);
  const CodeSplit first(*table.matrix, {0, false, false, 30, {}});
  const CodeSplit second(*table.matrix, {1, false, false, 30, {}});
  RowPartition once(table.rows);
  once.Split(once.Root(), *table.matrix, second);
  RowPartition again(table.rows);
  const std::size_t n_left = again.Split(again.Root(), *table.matrix, first);
  again.Split({0, n_left}, *table.matrix, second);
  again.Reset();
  again.Split(again.Root(), *table.matrix, second);
  EXPECT_EQ(Copy(again.Rows(again.Root())), Copy(once.Rows(once.Root())));
}

TEST(RowPartition, AnEmptyRangeIsFine) {
  const TestTable table = MakeTestTable(10, 1, 1);
  RowPartition partition(table.rows);
  EXPECT_EQ(
      partition.Split({3, 3}, *table.matrix, CodeSplit(*table.matrix, {0, false, false, 1, {}})),
      0U);
}

}  // namespace
}  // namespace coppice::trainer
