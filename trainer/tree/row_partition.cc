#include "trainer/tree/row_partition.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace coppice::trainer {
namespace {

constexpr std::size_t kRowsPerTask = 32768;

// 1 for the bins that go left: one look-up serves every kind of split.
std::array<std::uint8_t, 256> LeftTable(const BinnedSplit& split) {
  std::array<std::uint8_t, 256> table;
  for (std::size_t bin = 0; bin < table.size(); ++bin) {
    table[bin] = split.GoesLeft(static_cast<std::uint8_t>(bin)) ? 1 : 0;
  }
  return table;
}

}  // namespace

RowPartition::RowPartition(std::span<const RowIndex> rows)
    : root_(rows), rows_(rows.begin(), rows.end()), scratch_(rows.size()) {}

void RowPartition::Reset() { std::copy(root_.begin(), root_.end(), rows_.begin()); }

std::size_t RowPartition::Split(RowRange range, const BinnedMatrix& matrix,
                                const BinnedSplit& split) {
  const std::span<const std::uint64_t> words = matrix.Block(split.feature / kLanes);
  const int shift = 8 * (split.feature % kLanes);
  const std::array<std::uint8_t, 256> goes_left = LeftTable(split);
  const std::size_t n_tasks = (range.size() + kRowsPerTask - 1) / kRowsPerTask;
  std::vector<std::size_t> n_left(n_tasks);
  // Each task moves its left rows to the front of its own stretch and its right rows to the same
  // stretch of the scratch; no branch depends on the data.
  const auto divide = [&](std::size_t task) {
    const std::size_t begin = range.begin + task * kRowsPerTask;
    const std::size_t end = std::min(range.end, begin + kRowsPerTask);
    std::size_t left = begin;
    std::size_t right = begin;
    for (std::size_t i = begin; i < end; ++i) {
      const RowIndex row = rows_[i];
      const std::size_t is_left = goes_left[words[row] >> shift & 0xFF];
      rows_[left] = row;
      scratch_[right] = row;
      left += is_left;
      right += 1 - is_left;
    }
    n_left[task] = left - begin;
  };
  if (n_tasks > 1) {
    tbb::parallel_for(std::size_t{0}, n_tasks, divide);
  } else if (n_tasks == 1) {
    divide(0);
  }
  std::size_t at = range.begin;
  for (std::size_t task = 0; task < n_tasks; ++task) {
    std::memmove(&rows_[at], &rows_[range.begin + task * kRowsPerTask],
                 n_left[task] * sizeof(RowIndex));
    at += n_left[task];
  }
  const std::size_t total_left = at - range.begin;
  for (std::size_t task = 0; task < n_tasks; ++task) {
    const std::size_t begin = range.begin + task * kRowsPerTask;
    const std::size_t n_right = std::min(kRowsPerTask, range.end - begin) - n_left[task];
    if (n_right == 0) continue;
    std::memcpy(&rows_[at], &scratch_[begin], n_right * sizeof(RowIndex));
    at += n_right;
  }
  return total_left;
}

}  // namespace coppice::trainer
