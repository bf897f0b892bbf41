#include "results/views/parameter_importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/exact_math.h"
#include "base/random.h"

namespace coppice::results {
namespace {

constexpr std::size_t kCells = 64;  // of a number
constexpr double kNormalUpper5 = 1.6448536269514722;
constexpr std::size_t kFewestTrials = 10;
constexpr std::size_t kFewestGood = 4;
constexpr std::size_t kResamples = 200;
// Rounding makes a little of what is nothing.
constexpr double kRoundings = 1e-9;

// Of so many trials the good ones.
std::size_t GoodOf(std::size_t n_trials) { return std::max(kFewestGood, (n_trials + 4) / 5); }

// How often each trial is drawn, and how often it is then among the good ones.
struct Resample {
  std::vector<double> drawn;
  std::vector<double> good;
};

// The divergence of as many trials, drawn without looking at them.
struct Chance {
  double mean = 0;
  double variance = 0;

  // What one draw in twenty exceeds, about: the divergence is a sum of squares, so a multiple of a
  // chi-square of the same mean and variance (Satterthwaite 1946), its quantile after Wilson and
  // Hilferty (1931).
  double UpperEnd() const {
    if (variance <= 0) return mean;
    const double freedom = 2 * mean * mean / variance;
    const double spread = 2 / (9 * freedom);
    const double root = std::max(0.0, 1 - spread + kNormalUpper5 * std::sqrt(spread));
    return mean * root * root * root;
  }
};

// What each trial adds to each cell of a parameter, summing to 1.
class Cells {
 public:
  Cells(const ParameterColumn& column, std::span<const std::size_t> good)
      : n_cells_(1 + (column.n_words > 0 ? static_cast<std::size_t>(column.n_words) : kCells)),
        mass_(column.places.size() * n_cells_) {
    const double width = column.n_words > 0 ? 0 : WidthFor(column, good);
    for (std::size_t trial = 0; trial < column.places.size(); ++trial) {
      const std::span<double> row(mass_.data() + trial * n_cells_, n_cells_);
      const auto& place = column.places[trial];
      if (!place) {
        row.back() = 1;
      } else if (column.n_words > 0) {
        row[static_cast<std::size_t>(*place)] = 1;
      } else {
        AddKernel(*place, width, row.first(kCells));
      }
    }
    all_.resize(n_cells_);
    for (std::size_t i = 0; i < mass_.size(); ++i) {
      all_[i % n_cells_] += mass_[i] / static_cast<double>(column.places.size());
    }
  }

  // The good trials are among all, so that no cell of theirs is empty in all.
  double Divergence(std::span<const std::size_t> good) const {
    double sum = 0;
    for (std::size_t cell = 0; cell < n_cells_; ++cell) {
      double mass = 0;
      for (const std::size_t trial : good) mass += mass_[trial * n_cells_ + cell];
      const double more = mass / static_cast<double>(good.size()) - all_[cell];
      if (all_[cell] > 0) sum += more * more / all_[cell];
    }
    return sum;
  }

  // The divergence of the drawn trials' good ones less what chance adds, twice.
  double BeyondChance(const Resample& resample) const {
    const double n = static_cast<double>(mass_.size() / n_cells_);
    const double n_good = static_cast<double>(GoodOf(mass_.size() / n_cells_));
    std::vector<double> all(n_cells_);
    std::vector<double> squares(n_cells_);
    std::vector<double> good(n_cells_);
    for (std::size_t trial = 0; trial < resample.drawn.size(); ++trial) {
      if (resample.drawn[trial] == 0) continue;
      const double* mass = mass_.data() + trial * n_cells_;
      const double times = resample.drawn[trial] / n;
      const double good_times = resample.good[trial] / n_good;
      for (std::size_t cell = 0; cell < n_cells_; ++cell) {
        all[cell] += times * mass[cell];
        squares[cell] += times * mass[cell] * mass[cell];
        good[cell] += good_times * mass[cell];
      }
    }
    const double factor = (n - n_good) / (n_good * (n - 1));
    double beyond = 0;
    for (std::size_t cell = 0; cell < n_cells_; ++cell) {
      if (!(all[cell] > 0)) continue;
      const double more = good[cell] - all[cell];
      const double variance = std::max(0.0, squares[cell] - all[cell] * all[cell]);
      beyond += (more * more - 2 * factor * variance) / all[cell];
    }
    return beyond > kRoundings ? beyond : 0;
  }

  // The mean is exact; the variance is that of normal deviations with the cells' covariances.
  Chance ChanceOf(std::size_t n_good) const {
    Chance chance;
    const std::size_t n = mass_.size() / n_cells_;
    const double factor = static_cast<double>(n - n_good) /
                          (static_cast<double>(n_good) * static_cast<double>(n - 1));
    for (std::size_t i = 0; i < n_cells_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        if (all_[i] <= 0 || all_[j] <= 0) continue;
        const double covariance = factor * CovarianceOf(i, j);
        if (i == j) chance.mean += covariance / all_[i];
        const double times = i == j ? 2 : 4;
        chance.variance += times * covariance * covariance / (all_[i] * all_[j]);
      }
    }
    return chance;
  }

 private:
  double CovarianceOf(std::size_t i, std::size_t j) const {
    double sum = 0;
    for (std::size_t at = 0; at < mass_.size(); at += n_cells_) {
      sum += (mass_[at + i] - all_[i]) * (mass_[at + j] - all_[j]);
    }
    return sum / (static_cast<double>(mass_.size()) / static_cast<double>(n_cells_));
  }

  static double WidthFor(const ParameterColumn& column, std::span<const std::size_t> good) {
    double n = 0;
    double sum = 0;
    double squares = 0;
    for (const std::size_t trial : good) {
      const auto& place = column.places[trial];
      if (!place) continue;
      ++n;
      sum += *place;
      squares += *place * *place;
    }
    if (n < 2) return 0.1;
    const double variance = std::max(0.0, squares / n - sum / n * (sum / n)) * n / (n - 1);
    return std::clamp(1.06 * std::sqrt(variance) * Exp(-0.2 * Log(n)), 0.03, 0.3);
  }

  static void AddKernel(double place, double width, std::span<double> cells) {
    double sum = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double middle = (static_cast<double>(i) + 0.5) / static_cast<double>(cells.size());
      const double z = (middle - place) / width;
      cells[i] = Exp(-0.5 * z * z);
      sum += cells[i];
    }
    for (double& cell : cells) cell /= sum;
  }

  std::size_t n_cells_;
  std::vector<double> mass_;  // [n_trials, n_cells_]
  std::vector<double> all_;   // [n_cells_]
};

// Sets divergence, by_chance and is_chance; `share` gets what is beyond chance.
ParameterImportance OfColumn(const ParameterColumn& column, const Cells& cells,
                             std::span<const std::size_t> good) {
  ParameterImportance one;
  one.name = column.name;
  one.divergence = cells.Divergence(good);
  const Chance chance = cells.ChanceOf(good.size());
  one.by_chance = chance.mean;
  const double beyond = one.divergence - one.by_chance;
  one.share = beyond > kRoundings ? beyond : 0;
  one.is_chance = one.share == 0 || one.divergence <= chance.UpperEnd();
  return one;
}

// `by_loss` are the trials, the best first.
Resample DrawTrials(std::size_t number, std::span<const std::size_t> by_loss) {
  const std::size_t n = by_loss.size();
  Resample resample{std::vector<double>(n), std::vector<double>(n)};
  RandomStream random(0, {Purpose::kResample, number});
  for (std::size_t i = 0; i < n; ++i) ++resample.drawn[random.Below(n)];
  double left = static_cast<double>(GoodOf(n));
  for (const std::size_t trial : by_loss) {
    resample.good[trial] = std::min(left, resample.drawn[trial]);
    left -= resample.good[trial];
  }
  return resample;
}

// Makes shares of what is beyond chance; does nothing where nothing is.
void Normalize(std::span<double> shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share = sum > 0 ? share / sum : 0;
}

// Sets share_low and share_high around the shares; `all` are the columns' in their order.
void AddIntervals(std::span<const Cells> cells, std::span<const std::size_t> by_loss,
                  std::vector<ParameterImportance>* all) {
  std::vector<std::vector<double>> shares(cells.size());  // [n_columns][kResamples]
  std::vector<double> own(cells.size());
  for (std::size_t r = 0; r < kResamples; ++r) {
    const Resample resample = DrawTrials(r, by_loss);
    for (std::size_t i = 0; i < cells.size(); ++i) own[i] = cells[i].BeyondChance(resample);
    Normalize(own);
    for (std::size_t i = 0; i < cells.size(); ++i) shares[i].push_back(own[i]);
  }
  constexpr std::size_t kTail = kResamples / 20;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ParameterImportance& one = (*all)[i];
    std::sort(shares[i].begin(), shares[i].end());
    one.share_low = std::min(one.share, shares[i][kTail]);
    one.share_high = std::max(one.share, shares[i][kResamples - 1 - kTail]);
  }
}

}  // namespace

double DivergenceOf(const ParameterColumn& column, std::span<const std::size_t> good) {
  return Cells(column, good).Divergence(good);
}

std::vector<ParameterImportance> ImportanceOf(std::span<const ParameterColumn> columns,
                                              std::span<const double> loss) {
  std::vector<ParameterImportance> all;
  if (loss.size() < kFewestTrials) return all;
  std::vector<std::size_t> by_loss(loss.size());
  std::iota(by_loss.begin(), by_loss.end(), 0);
  std::stable_sort(by_loss.begin(), by_loss.end(),
                   [loss](std::size_t a, std::size_t b) { return loss[a] < loss[b]; });
  const std::span<const std::size_t> good(by_loss.data(), GoodOf(loss.size()));
  std::vector<Cells> cells;
  std::vector<double> shares;
  for (const ParameterColumn& column : columns) {
    cells.emplace_back(column, good);
    all.push_back(OfColumn(column, cells.back(), good));
    shares.push_back(all.back().share);
  }
  Normalize(shares);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].share = shares[i];
  AddIntervals(cells, by_loss, &all);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  return all;
}

}  // namespace coppice::results
