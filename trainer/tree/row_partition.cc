#include "trainer/tree/row_partition.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>

namespace coppice::trainer {
namespace {

constexpr std::size_t kRowsPerTask = 32768;

}  // namespace

// The whole is read where it stands, so that it need not be copied for each tree.
const RowIndex* RowPartition::Source(RowRange range) {
  if (!is_whole_) return rows_.data();
  is_whole_ = false;
  if (range.size() == root_.size()) return root_.data();
  std::copy(root_.begin(), root_.end(), rows_.begin());
  return rows_.data();
}

// Left rows go to the front of the stretch, right rows to the same stretch of the scratch; no
// branch depends on the data. Returns how many went left.
std::size_t RowPartition::SplitStretch(const RowIndex* from, RowRange stretch,
                                       const std::uint8_t* codes, const CodeSplit& split) {
  const std::uint8_t* is_left = split.is_left().data();
  RowIndex* const first = rows_.data() + stretch.begin;
  RowIndex* left = first;
  RowIndex* right = scratch_.data() + stretch.begin;
  for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
    const RowIndex row = from[i];
    const std::size_t goes_left = is_left[codes[row]];
    *left = row;
    *right = row;
    left += goes_left;
    right += 1 - goes_left;
  }
  return static_cast<std::size_t>(left - first);
}

std::size_t RowPartition::Split(RowRange range, const BinnedMatrix& matrix,
                                const CodeSplit& split) {
  const RowIndex* from = Source(range);
  const std::uint8_t* codes = matrix.Codes(split.column());
  const std::size_t n_tasks = (range.size() + kRowsPerTask - 1) / kRowsPerTask;
  // Stretches of their own have to be joined: for one thread there is one.
  if (n_tasks <= 1 || tbb::this_task_arena::max_concurrency() == 1) {
    const std::size_t n_left = SplitStretch(from, range, codes, split);
    std::memcpy(rows_.data() + range.begin + n_left, scratch_.data() + range.begin,
                (range.size() - n_left) * sizeof(RowIndex));
    return n_left;
  }
  const auto stretch_of = [&](std::size_t task) {
    const std::size_t begin = range.begin + task * kRowsPerTask;
    return RowRange{begin, std::min(range.end, begin + kRowsPerTask)};
  };
  std::vector<std::size_t> n_left(n_tasks);
  tbb::parallel_for(std::size_t{0}, n_tasks, [&](std::size_t task) {
    n_left[task] = SplitStretch(from, stretch_of(task), codes, split);
  });
  std::size_t at = range.begin;
  for (std::size_t task = 0; task < n_tasks; ++task) {
    std::memmove(&rows_[at], &rows_[stretch_of(task).begin], n_left[task] * sizeof(RowIndex));
    at += n_left[task];
  }
  const std::size_t total_left = at - range.begin;
  for (std::size_t task = 0; task < n_tasks; ++task) {
    const RowRange stretch = stretch_of(task);
    const std::size_t n_right = stretch.size() - n_left[task];
    std::memcpy(rows_.data() + at, &scratch_[stretch.begin], n_right * sizeof(RowIndex));
    at += n_right;
  }
  return total_left;
}

}  // namespace coppice::trainer
