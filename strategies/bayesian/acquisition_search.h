#pragma once
// Finds the points of the space that are worth most: many points everywhere, then small changes of
// the best of them, then for the very best the way uphill along the slope.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/random.h"
#include "strategies/bayesian/encoding.h"
#include "strategies/bayesian/matrix.h"

namespace coppice::strategies {

// The worth of encoded points, a row each.
using Scorer = std::function<void(const Matrix& encoded, std::span<double> worth)>;

// The worth of a snapped point; fills in its derivatives by coordinates.
using SmoothScorer =
    std::function<double(std::span<const double> point, std::span<double> gradient)>;

// Snapped points, by their bits; never iterated. One thread at a time.
class PointSet {
 public:
  void Add(std::span<const double> point) { hashes_.insert(HashOf(point)); }
  bool Has(std::span<const double> point) const { return hashes_.contains(HashOf(point)); }

 private:
  static std::uint64_t HashOf(std::span<const double> point);

  std::unordered_set<std::uint64_t> hashes_;
};

struct SearchTask {
  const Scorer* scorer = nullptr;
  const SmoothScorer* smooth_scorer = nullptr;
  const PointSet* tried = nullptr;        // points that are worth nothing
  std::vector<std::vector<double>> good;  // the best trials, best first: points to start from
  std::uint64_t seed = 0;
  std::uint64_t trial = 0;
};

struct ScoredPoint {
  std::vector<double> point;
  double worth = 0;
};

// How much is looked at.
struct SearchEffort {
  std::size_t n_spread = 512;
  std::size_t n_near_good = 256;
  int n_rounds = 15;
  int n_changes = 12;  // a round, of each of the points that are changed
  std::size_t n_polished = 3;
  int n_polishing = 20;  // evaluations of worth and slope, of each of the points that are polished
};

// Immutable. Borrows the encoding.
class AcquisitionSearch {
 public:
  explicit AcquisitionSearch(const Encoding& encoding);

  // The best points that were not tried, best first: many enough that some are new, if the space
  // has any.
  std::vector<ScoredPoint> Run(const SearchTask& task, const SearchEffort& effort) const;

 private:
  const Encoding& encoding_;
  std::size_t n_listed_;               // coordinates that have a Sobol sequence
  std::vector<std::uint32_t> digits_;  // [coordinate][point], 32 binary digits each
};

}  // namespace coppice::strategies
