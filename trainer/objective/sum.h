#pragma once
// Sums of floats whose result does not depend on threads: blocks of a fixed length are summed in
// order, then the blocks' sums in order.

#include <cstddef>

namespace coppice::trainer {

inline constexpr std::size_t kSumBlock = 1024;

// Sum of term(i) for i in [0, n), in double.
template <typename Term>
double FixedSum(std::size_t n, Term term) {
  double total = 0;
  for (std::size_t begin = 0; begin < n; begin += kSumBlock) {
    const std::size_t end = begin + kSumBlock < n ? begin + kSumBlock : n;
    double block = 0;
    for (std::size_t i = begin; i < end; ++i) block += term(i);
    total += block;
  }
  return total;
}

}  // namespace coppice::trainer
