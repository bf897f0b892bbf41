#include "results/views/thin_curve.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace coppice::results {

std::vector<int> ThinRounds(int n_rounds, int most, std::span<const int> keep) {
  std::vector<int> rounds;
  if (n_rounds < 1) return rounds;
  if (n_rounds <= most) {
    rounds.resize(static_cast<std::size_t>(n_rounds));
    std::iota(rounds.begin(), rounds.end(), 1);
    return rounds;
  }
  std::copy_if(keep.begin(), keep.end(), std::back_inserter(rounds),
               [n_rounds](int round) { return round >= 1 && round <= n_rounds; });
  const int n_even = std::max(2, most - static_cast<int>(rounds.size()));
  const double first = 1;
  const double last = std::sqrt(static_cast<double>(n_rounds));
  for (int i = 0; i < n_even; ++i) {
    const double root = first + (last - first) * i / (n_even - 1);
    rounds.push_back(std::clamp(static_cast<int>(std::lround(root * root)), 1, n_rounds));
  }
  std::sort(rounds.begin(), rounds.end());
  rounds.erase(std::unique(rounds.begin(), rounds.end()), rounds.end());
  return rounds;
}

}  // namespace coppice::results
