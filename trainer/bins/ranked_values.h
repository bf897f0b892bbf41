#pragma once
// The values of a column in ascending order, sorted only where somebody looks.
//
// Cuts look at some 256 ranks of what may be millions of values. So the values are first thrown
// into cells, one for each upper half of their 32-bit key (base/radix_sort.h), which is one pass; a
// cell is sorted when a rank in it is asked for. Where the lower halves are all zero (flags, counts
// up to 256 and other values of eight significant bits), the sizes of the cells say everything, and
// no value is moved at all.
//
//   RankedValues ranked(values, rows, scratch);
//   for (auto run = ranked.RunAt(0); ...; run = ranked.RunAt(run.end)) Use(run.value, ...);

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/big_vector.h"
#include "trainer/data/dataset.h"

namespace coppice::trainer {

// Equal values, which have the ranks [begin, end).
struct Run {
  float value = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// One thread at a time.
class RankedValues {
 public:
  // Memory that the next column uses again: fresh pages cost more than the sort.
  struct Scratch {
    BigVector<std::uint32_t> keys;
    std::vector<std::uint32_t> cell_begins;
    std::vector<bool> cell_is_sorted;
    std::vector<std::uint32_t> moved;
  };

  // `values` at `rows`, without NaN. Borrows `scratch`, which nobody else may use meanwhile.
  RankedValues(std::span<const float> values, std::span<const RowIndex> rows, Scratch& scratch);

  std::size_t size() const { return size_; }
  // The run that holds a rank below size().
  Run RunAt(std::size_t rank);

 private:
  void SortAll(std::span<const float> values, std::span<const RowIndex> rows);
  void FillCells(std::span<const float> values, std::span<const RowIndex> rows);
  void SortCell(std::size_t cell);

  Scratch& scratch_;
  std::size_t size_ = 0;
  bool is_sorted_ = false;         // all of it: there are no cells
  bool cells_say_values_ = false;  // one value a cell, and no keys
};

}  // namespace coppice::trainer
