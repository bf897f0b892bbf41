#pragma once
// Sums of floats whose result does not depend on threads or on the CPU: their shape is fixed. Each
// block of a fixed length is summed in kSumLanes interleaved lanes, which leaves the CPU no chain
// of additions to wait for; then the lanes in order; then the blocks in order.

#include <cstddef>

namespace coppice::trainer {

inline constexpr std::size_t kSumBlock = 1024;
inline constexpr std::size_t kSumLanes = 8;

// Sum of term(i) for i in [0, n), in double, as one block.
template <typename Term>
double BlockSum(std::size_t n, Term term) {
  double lanes[kSumLanes] = {};
  const std::size_t whole = n - n % kSumLanes;
  for (std::size_t i = 0; i < whole; i += kSumLanes) {
    for (std::size_t lane = 0; lane < kSumLanes; ++lane) lanes[lane] += term(i + lane);
  }
  for (std::size_t i = whole; i < n; ++i) lanes[i - whole] += term(i);
  double total = 0;
  for (const double lane : lanes) total += lane;
  return total;
}

// Sum of term(i) for i in [0, n), in double.
template <typename Term>
double FixedSum(std::size_t n, Term term) {
  double total = 0;
  for (std::size_t begin = 0; begin < n; begin += kSumBlock) {
    const std::size_t count = n - begin < kSumBlock ? n - begin : kSumBlock;
    total += BlockSum(count, [&](std::size_t i) { return static_cast<double>(term(begin + i)); });
  }
  return total;
}

}  // namespace coppice::trainer
