#pragma once
// Counts what a program takes from `operator new` and for big vectors. Linked into a test, it takes
// the place of the allocation functions of the whole program.

#include <cstddef>

namespace coppice::testing {

// Bytes as they were asked for, on all threads together.
std::size_t LiveBytes();
// The most that were live at once since the last RestartPeak.
std::size_t PeakBytes();
void RestartPeak();

}  // namespace coppice::testing
