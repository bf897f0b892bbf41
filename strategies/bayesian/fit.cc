#include "strategies/bayesian/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/exact_math.h"
#include "strategies/bayesian/cholesky.h"
#include "strategies/bayesian/minimize.h"

namespace coppice::strategies {
namespace {

constexpr double kLogOfTwoPi = 1.83787706640934548356;

// Gamma(kLengthShape, rate) for lengths, Gamma(2, 1/2) for the signal, log-normal for the noise.
constexpr double kLengthShape = 3;
constexpr double kSignalShape = 2;
constexpr double kSignalRate = 0.5;
constexpr double kNoiseLogMean = -5;
constexpr double kNoiseLogDeviation = 1.5;

constexpr double kLowestLength = 0.02;
constexpr double kHighestLength = 200;
constexpr double kLowestSignal = 1e-3;
constexpr double kHighestSignal = 50;
constexpr double kLowestNoise = 1e-6;
constexpr double kHighestNoise = 1;

// More axes share the same total distance, so each one's length is expected to be longer.
double LengthRate(std::size_t n_axes) {
  return 6 * std::sqrt(4 / std::max(4.0, static_cast<double>(n_axes)));
}

// In eight sums, which one vector after the other can be added to.
double Dot(std::span<const double> a, std::span<const double> b) {
  constexpr std::size_t kSums = 8;
  std::array<double, kSums> sums{};
  std::size_t i = 0;
  for (; i + kSums <= a.size(); i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (std::size_t k = 0; i + k < a.size(); ++k) sums[k] += a[i + k] * b[i + k];
  for (std::size_t half = kSums / 2; half > 0; half /= 2) {
    for (std::size_t k = 0; k < half; ++k) sums[k] += sums[k + half];
  }
  return sums[0];
}

}  // namespace

FitObjective::FitObjective(const std::vector<EncodedColumn>& columns, std::size_t n_axes,
                           const Observations& observations)
    : n_axes_(n_axes),
      observations_(observations),
      distances_(PairDistances(columns, n_axes, observations.encoded)),
      covariances_(distances_.n_rows()),
      slopes_(distances_.n_rows()),
      weights_(distances_.n_rows()),
      lower_(observations.size(), observations.size()) {}

double FitObjective::Prior(std::span<const double> logs, std::span<double> gradient) const {
  double value = 0;
  const double rate = LengthRate(n_axes_);
  for (std::size_t j = 0; j < n_axes_; ++j) {
    const double length = Exp(logs[j]);
    value -= (kLengthShape - 1) * logs[j] - rate * length;
    gradient[j] = -((kLengthShape - 1) - rate * length);
  }
  const double signal = Exp(logs[n_axes_]);
  value -= (kSignalShape - 1) * logs[n_axes_] - kSignalRate * signal;
  gradient[n_axes_] = -((kSignalShape - 1) - kSignalRate * signal);
  const double z = (logs[n_axes_ + 1] - kNoiseLogMean) / kNoiseLogDeviation;
  value += 0.5 * z * z;
  gradient[n_axes_ + 1] = z / kNoiseLogDeviation;
  return value;
}

// Fills in covariances_ and slopes_, which hold r^2 / 5 before, and lower_.
void FitObjective::FillCovariance(double signal, double noise) {
  for (std::size_t p = 0; p < covariances_.size(); ++p) {
    const double square = 5 * covariances_[p];
    const double r = std::sqrt(square);
    const double decay = signal * Exp(-r);
    covariances_[p] = (1.0 + r + square * (1.0 / 3.0)) * decay;
    slopes_[p] = (5.0 / 3.0) * (1.0 + r) * decay;
  }
  const std::size_t n = observations_.size();
  std::size_t pair = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const std::span<double> column = lower_.Column(j);
    column[j] = signal + noise + observations_.extra_variance[j];
    const auto from = covariances_.begin() + static_cast<std::ptrdiff_t>(pair);
    const std::size_t below = n - 1 - j;
    std::copy_n(from, below, column.begin() + static_cast<std::ptrdiff_t>(j + 1));
    pair += below;
  }
}

// Of minus the likelihood: sum over pairs of (A^-1 - a a^T) dk, the diagonal by halves.
void FitObjective::AddGradient(std::span<const double> logs, const Matrix& inverse,
                               std::span<double> gradient) {
  const std::size_t n = observations_.size();
  double trace = 0;
  std::size_t pair = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const std::span<const double> column = inverse.Column(j);
    trace += column[j] - solved_[j] * solved_[j];
    const std::size_t below = n - 1 - j;
    const std::span<double> weights = std::span(weights_).subspan(pair, below);
    for (std::size_t k = 0; k < below; ++k) {
      weights[k] = column[j + 1 + k] - solved_[j + 1 + k] * solved_[j];
    }
    pair += below;
  }
  for (std::size_t p = 0; p < pair; ++p) slopes_[p] *= weights_[p];
  for (std::size_t j = 0; j < n_axes_; ++j) {
    gradient[j] += Dot(slopes_, distances_.Column(j)) * Exp(-2 * logs[j]);
  }
  gradient[n_axes_] += Dot(weights_, covariances_) + 0.5 * Exp(logs[n_axes_]) * trace;
  gradient[n_axes_ + 1] += 0.5 * Exp(logs[n_axes_ + 1]) * trace;
}

double FitObjective::operator()(std::span<const double> logs, std::span<double> gradient) {
  std::fill(covariances_.begin(), covariances_.end(), 0.0);
  for (std::size_t j = 0; j < n_axes_; ++j) {
    const double weight = Exp(-2 * logs[j]);
    const std::span<const double> squares = distances_.Column(j);
    for (std::size_t p = 0; p < squares.size(); ++p) covariances_[p] += weight * squares[p];
  }
  FillCovariance(Exp(logs[n_axes_]), Exp(logs[n_axes_ + 1]));
  const std::optional<Matrix> w = InverseFactor(lower_);
  if (!w) return std::numeric_limits<double>::infinity();
  solved_ = observations_.values;
  Solve(*w, solved_);
  double value = 0.5 * Dot(observations_.values, solved_) +
                 0.5 * static_cast<double>(observations_.size()) * kLogOfTwoPi;
  for (std::size_t i = 0; i < observations_.size(); ++i) value -= Log((*w)(i, i));
  value += Prior(logs, gradient);
  AddGradient(logs, Inverse(*w), gradient);
  return value;
}

Hyperparameters Fit(const std::vector<EncodedColumn>& columns, std::size_t n_axes,
                    const Observations& observations) {
  FitObjective objective(columns, n_axes, observations);
  MinimizeOptions options;
  options.low.assign(n_axes, Log(kLowestLength));
  options.high.assign(n_axes, Log(kHighestLength));
  options.low.insert(options.low.end(), {Log(kLowestSignal), Log(kLowestNoise)});
  options.high.insert(options.high.end(), {Log(kHighestSignal), Log(kHighestNoise)});
  // The prior's mode; a rougher function, almost without noise; a smoother and noisier one.
  struct Start {
    double length_factor;
    double log_noise;
  };
  const Start starts[] = {{1, kNoiseLogMean}, {0.4, Log(1e-4)}, {2.5, Log(0.05)}};
  const double length = (kLengthShape - 1) / LengthRate(n_axes);
  std::optional<Minimum> best;
  for (const Start& start : starts) {
    std::vector<double> logs(n_axes, Log(length * start.length_factor));
    logs.push_back(Log((kSignalShape - 1) / kSignalRate));
    logs.push_back(start.log_noise);
    Minimum found = Minimize([&](auto x, auto gradient) { return objective(x, gradient); },
                             std::move(logs), options);
    if (!best || found.value < best->value) best = std::move(found);
  }
  Hyperparameters hyper;
  for (std::size_t j = 0; j < n_axes; ++j) hyper.lengths.push_back(Exp(best->x[j]));
  hyper.signal = Exp(best->x[n_axes]);
  hyper.noise = Exp(best->x[n_axes + 1]);
  return hyper;
}

}  // namespace coppice::strategies
