#include "strategies/bayesian/subset.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace coppice::strategies {
namespace {

// Lowers each point's distance to those taken by that to `taken`.
void Approach(const Matrix& encoded, std::size_t taken, std::vector<double>& distances) {
  std::vector<double> squares(distances.size(), 0.0);
  for (std::size_t c = 0; c < encoded.n_columns(); ++c) {
    const std::span<const double> column = encoded.Column(c);
    for (std::size_t i = 0; i < squares.size(); ++i) {
      const double difference = column[i] - column[taken];
      squares[i] += difference * difference;
    }
  }
  for (std::size_t i = 0; i < squares.size(); ++i) {
    distances[i] = std::min(distances[i], squares[i]);
  }
}

}  // namespace

std::vector<std::size_t> ChooseSubset(const Observations& observations, std::size_t n_best,
                                      std::size_t n_spread) {
  const std::size_t n = observations.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (n <= n_best + n_spread) return order;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return observations.values[a] < observations.values[b];
  });
  order.resize(n_best);
  std::vector<double> distances(n, std::numeric_limits<double>::infinity());
  for (const std::size_t taken : order) Approach(observations.encoded, taken, distances);
  // Below any distance: taken.
  for (const std::size_t taken : order) distances[taken] = -1;
  while (order.size() < n_best + n_spread) {
    const auto farthest = std::max_element(distances.begin(), distances.end());
    const auto taken = static_cast<std::size_t>(farthest - distances.begin());
    order.push_back(taken);
    Approach(observations.encoded, taken, distances);
    distances[taken] = -1;
  }
  std::sort(order.begin(), order.end());
  return order;
}

Observations Subset(const Observations& observations, const std::vector<std::size_t>& indices) {
  const std::size_t n_columns = observations.encoded.n_columns();
  Observations subset{Matrix(indices.size(), n_columns), {}, {}};
  for (std::size_t k = 0; k < indices.size(); ++k) {
    subset.values.push_back(observations.values[indices[k]]);
    subset.extra_variance.push_back(observations.extra_variance[indices[k]]);
    for (std::size_t c = 0; c < n_columns; ++c) {
      subset.encoded(k, c) = observations.encoded(indices[k], c);
    }
  }
  return subset;
}

}  // namespace coppice::strategies
