#include "trainer/tree/row_partition.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstring>

namespace coppice::trainer {
namespace {

constexpr std::size_t kRowsPerTask = 32768;

}  // namespace

RowPartition::RowPartition(std::span<const RowIndex> rows)
    : root_(rows), rows_(rows.begin(), rows.end()), scratch_(rows.size()) {}

void RowPartition::Reset() { std::copy(root_.begin(), root_.end(), rows_.begin()); }

// Left rows go to the front of the stretch, right rows to the same stretch of the scratch; no
// branch depends on the data. Returns how many went left.
std::size_t RowPartition::SplitStretch(RowRange stretch, const std::uint8_t* codes,
                                       const CodeSplit& split) {
  const std::uint8_t* is_left = split.is_left().data();
  const RowIndex* from = rows_.data() + stretch.begin;
  RowIndex* left = rows_.data() + stretch.begin;
  RowIndex* right = scratch_.data() + stretch.begin;
  for (std::size_t i = 0; i < stretch.size(); ++i) {
    const RowIndex row = from[i];
    const std::size_t goes_left = is_left[codes[row]];
    *left = row;
    *right = row;
    left += goes_left;
    right += 1 - goes_left;
  }
  return static_cast<std::size_t>(left - from);
}

std::size_t RowPartition::Split(RowRange range, const BinnedMatrix& matrix,
                                const CodeSplit& split) {
  const std::uint8_t* codes = matrix.Codes(split.column());
  const std::size_t n_tasks = (range.size() + kRowsPerTask - 1) / kRowsPerTask;
  if (n_tasks <= 1) {
    const std::size_t n_left = SplitStretch(range, codes, split);
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
    n_left[task] = SplitStretch(stretch_of(task), codes, split);
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
