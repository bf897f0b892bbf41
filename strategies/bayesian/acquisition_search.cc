#include "strategies/bayesian/acquisition_search.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "strategies/bayesian/minimize.h"
#include "strategies/random/direction_numbers.h"

namespace coppice::strategies {
namespace {

// The last part of a stream's name; a random proposal for the same trial has 0.
constexpr std::uint64_t kSearchStream = 1;
constexpr std::size_t kMostSpread = 2048;
constexpr std::size_t kMostGood = 5;
constexpr std::size_t kStarts = 8;
// Of those that are returned besides the ends of the searches.
constexpr std::size_t kMostReturned = 64;
constexpr std::size_t kBlock = 256;
constexpr double kNothing = -std::numeric_limits<double>::infinity();

// Points, one a column, and their worth.
struct Pool {
  explicit Pool(std::size_t n_coordinates, std::size_t n_points)
      : points(n_coordinates, n_points), worth(n_points, kNothing) {}

  Matrix points;
  std::vector<double> worth;
};

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// One search with its own random numbers.
class Run {
 public:
  Run(const Encoding& encoding, const SearchTask& task)
      : encoding_(encoding),
        task_(task),
        random_(task.seed, {Purpose::kProposal, task.trial, 0, kSearchStream}) {}

  // Random low-discrepancy points: Sobol's, shifted by one random number a coordinate.
  void Spread(std::size_t n_listed, const std::vector<std::uint32_t>& digits, std::size_t n_points,
              Pool& pool) {
    const std::size_t d = encoding_.n_coordinates();
    const std::size_t n_all = n_listed == 0 ? 0 : digits.size() / n_listed;
    for (std::size_t i = 0; i < d; ++i) {
      const std::uint32_t shift = random_.Next();
      for (std::size_t k = 0; k < n_points; ++k) {
        const std::uint32_t number = i < n_listed ? digits[i * n_all + k] ^ shift : random_.Next();
        pool.points(i, k) = (static_cast<double>(number) + 0.5) * 0x1p-32;
      }
    }
    for (std::size_t k = 0; k < n_points; ++k) encoding_.Snap(pool.points.Column(k));
  }

  // A few coordinates of `from` moved, numbers by about `step`.
  void Change(std::span<const double> from, double step, std::span<double> to) {
    constexpr double kAllShare = 0.3;
    constexpr std::uint64_t kMostMoved = 3;
    std::copy(from.begin(), from.end(), to.begin());
    const bool all = random_.Uniform() < kAllShare;
    if (all) {
      for (std::size_t i = 0; i < to.size(); ++i) Move(i, step, to);
    } else {
      const std::uint64_t n_moved = 1 + random_.Below(kMostMoved);
      for (std::uint64_t k = 0; k < n_moved; ++k) Move(random_.Below(to.size()), step, to);
    }
    // What was inactive may be active now, and stands nowhere yet.
    for (double& u : to) {
      if (u == kInactive) u = random_.Uniform();
    }
    encoding_.Snap(to);
  }

  void Score(Pool& pool, std::size_t begin) {
    const std::size_t n = pool.points.n_columns();
    for (; begin < n; begin += kBlock) {
      const std::size_t size = std::min(kBlock, n - begin);
      Matrix encoded(size, encoding_.columns().size());
      for (std::size_t k = 0; k < size; ++k) {
        encoding_.Encode(pool.points.Column(begin + k), encoded, k);
      }
      const std::span<double> worth(pool.worth.data() + begin, size);
      (*task_.scorer)(encoded, worth);
      for (std::size_t k = 0; k < size; ++k) {
        if (task_.tried->Has(pool.points.Column(begin + k))) worth[k] = kNothing;
      }
    }
  }

 private:
  void Move(std::size_t i, double step, std::span<double> point) {
    double& u = point[i];
    if (u == kInactive) return;
    const std::int64_t count = encoding_.CountOf(i);
    if (encoding_.IsWord(i)) {
      u = random_.Uniform();
    } else if (count > 0 && random_.Below(2) == 0) {
      u = encoding_.Neighbour(i, u, random_.Below(2) == 0 ? -1 : 1);
    } else {
      u = std::clamp(u + step * random_.Normal(), 0.0, 1.0);
    }
  }

  const Encoding& encoding_;
  const SearchTask& task_;
  RandomStream random_;
};

// Indices of the pool by worth, the best first; of equal ones the earlier.
std::vector<std::size_t> ByWorth(const Pool& pool) {
  std::vector<std::size_t> order(pool.worth.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return pool.worth[a] > pool.worth[b]; });
  return order;
}

ScoredPoint At(const Pool& pool, std::size_t k) {
  const std::span<const double> point = pool.points.Column(k);
  return {{point.begin(), point.end()}, pool.worth[k]};
}

// The best ones that are not near each other, then the best trial.
std::vector<ScoredPoint> Starts(const Pool& pool, const std::vector<std::size_t>& order,
                                const SearchTask& task) {
  constexpr double kNear = 0.1;
  const double near = kNear * kNear * static_cast<double>(pool.points.n_rows());
  std::vector<ScoredPoint> starts;
  for (const std::size_t k : order) {
    if (starts.size() == kStarts || pool.worth[k] == kNothing) break;
    const bool is_near = std::any_of(starts.begin(), starts.end(), [&](const ScoredPoint& start) {
      return SquaredDistance(start.point, pool.points.Column(k)) < near;
    });
    if (!is_near) starts.push_back(At(pool, k));
  }
  if (!task.good.empty()) starts.push_back({task.good.front(), kNothing});
  return starts;
}

// Each start is changed n_changes times a round, and moves where it gets better; the changes shrink
// where it does not. All starts of a round are scored at once.
void Climb(Run& run, const SearchEffort& effort, std::vector<ScoredPoint>& climbers) {
  constexpr double kFirstStep = 0.1;
  constexpr double kLonger = 1.5;
  constexpr double kShorter = 0.6;
  constexpr double kShortest = 1e-4;
  if (climbers.empty()) return;
  const auto n_changes = static_cast<std::size_t>(effort.n_changes);
  std::vector<double> steps(climbers.size(), kFirstStep);
  for (int round = 0; round < effort.n_rounds; ++round) {
    Pool pool(climbers.front().point.size(), climbers.size() * n_changes);
    for (std::size_t k = 0; k < pool.worth.size(); ++k) {
      const std::size_t climber = k / n_changes;
      run.Change(climbers[climber].point, steps[climber], pool.points.Column(k));
    }
    run.Score(pool, 0);
    for (std::size_t c = 0; c < climbers.size(); ++c) {
      bool better = false;
      for (std::size_t k = c * n_changes; k < (c + 1) * n_changes; ++k) {
        if (!(pool.worth[k] > climbers[c].worth)) continue;
        climbers[c] = At(pool, k);
        better = true;
      }
      steps[c] = std::max(steps[c] * (better ? kLonger : kShorter), kShortest);
    }
  }
}

// Uphill from `point` along the coordinates that have no end of values.
std::vector<double> Uphill(const Encoding& encoding, const SearchTask& task, int n_evaluations,
                           std::vector<double> point) {
  std::vector<std::size_t> free;
  MinimizeOptions options;
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (encoding.CountOf(i) > 0 || point[i] == kInactive) continue;
    free.push_back(i);
    options.low.push_back(0.0);
    options.high.push_back(1.0);
  }
  if (free.empty()) return point;
  options.most_evaluations = n_evaluations;
  options.tolerance = 1e-5;
  options.first_step = 0.02;
  std::vector<double> slopes(point.size());
  const SmoothFunction descent = [&](std::span<const double> x, std::span<double> gradient) {
    for (std::size_t k = 0; k < free.size(); ++k) point[free[k]] = x[k];
    const double worth = (*task.smooth_scorer)(point, slopes);
    for (std::size_t k = 0; k < free.size(); ++k) gradient[k] = -slopes[free[k]];
    return -worth;
  };
  std::vector<double> start;
  for (const std::size_t i : free) start.push_back(point[i]);
  const Minimum found = Minimize(descent, std::move(start), options);
  for (std::size_t k = 0; k < free.size(); ++k) point[free[k]] = found.x[k];
  return point;
}

bool IsBetter(const ScoredPoint& a, const ScoredPoint& b) { return a.worth > b.worth; }

// The best climbers, polished, besides themselves: where one ends at a point that was tried, its
// start still counts.
void Polish(Run& run, const Encoding& encoding, const SearchTask& task, const SearchEffort& effort,
            std::vector<ScoredPoint>& climbers) {
  std::stable_sort(climbers.begin(), climbers.end(), IsBetter);
  const std::size_t n = std::min(effort.n_polished, climbers.size());
  Pool pool(encoding.n_coordinates(), n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::vector<double> end = Uphill(encoding, task, effort.n_polishing, climbers[k].point);
    std::copy(end.begin(), end.end(), pool.points.Column(k).begin());
  }
  run.Score(pool, 0);
  for (std::size_t k = 0; k < n; ++k) climbers.push_back(At(pool, k));
}

}  // namespace

std::uint64_t PointSet::HashOf(std::span<const double> point) {
  std::uint64_t hash = 0;
  for (const double u : point) hash = Mix64(hash ^ std::bit_cast<std::uint64_t>(u + 0.0));
  return hash;
}

AcquisitionSearch::AcquisitionSearch(const Encoding& encoding)
    : encoding_(encoding),
      n_listed_(std::min(encoding.n_coordinates(), std::size_t{kSobolDimensions})),
      digits_(n_listed_ * kMostSpread) {
  for (std::size_t i = 0; i < n_listed_; ++i) {
    const auto numbers = DirectionNumbers(static_cast<int>(i));
    for (std::size_t k = 1; k < kMostSpread; ++k) {
      // One digit of k off, and its number: k & (k - 1) takes away the lowest digit.
      digits_[i * kMostSpread + k] = digits_[i * kMostSpread + (k & (k - 1))] ^
                                     numbers[static_cast<std::size_t>(std::countr_zero(k))];
    }
  }
}

std::vector<ScoredPoint> AcquisitionSearch::Run(const SearchTask& task,
                                                const SearchEffort& effort) const {
  strategies::Run run(encoding_, task);
  const std::size_t n_spread = std::min(effort.n_spread, kMostSpread);
  const std::size_t n_good = std::min(task.good.size(), kMostGood);
  Pool pool(encoding_.n_coordinates(), n_spread + (n_good > 0 ? effort.n_near_good : 0));
  run.Spread(n_listed_, digits_, n_spread, pool);
  constexpr double kStep = 0.1;
  for (std::size_t k = n_spread; k < pool.worth.size(); ++k) {
    run.Change(task.good[(k - n_spread) % n_good], kStep, pool.points.Column(k));
  }
  run.Score(pool, 0);
  const std::vector<std::size_t> order = ByWorth(pool);
  std::vector<ScoredPoint> found = Starts(pool, order, task);
  Climb(run, effort, found);
  Polish(run, encoding_, task, effort, found);
  for (std::size_t i = 0; i < std::min(order.size(), kMostReturned); ++i) {
    found.push_back(At(pool, order[i]));
  }
  std::erase_if(found, [](const ScoredPoint& point) { return point.worth == kNothing; });
  std::stable_sort(found.begin(), found.end(), IsBetter);
  return found;
}

}  // namespace coppice::strategies
