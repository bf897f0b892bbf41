// Kernel, posterior and fit, with answers on paper.

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "strategies/bayesian/cholesky.h"
#include "strategies/bayesian/fit.h"
#include "strategies/bayesian/kernel.h"
#include "strategies/bayesian/posterior.h"
#include "strategies/bayesian/subset.h"

namespace coppice::strategies {
namespace {

const std::vector<EncodedColumn> kNumber = {{0, false}};
const std::vector<EncodedColumn> kWord = {{0, true}};

Matrix Rows(const std::vector<std::vector<double>>& rows) {
  Matrix matrix(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) matrix(i, j) = rows[i][j];
  }
  return matrix;
}

struct MeanAndDeviation {
  double mean;
  double deviation;
};

MeanAndDeviation At(const Posterior& posterior, const std::vector<double>& point) {
  MeanAndDeviation belief{};
  posterior.At(Rows({point}), {&belief.mean, 1}, {&belief.deviation, 1});
  return belief;
}

// With a length of sqrt(5), points at distance 1 have r = 1.
const double kUnitLength = std::sqrt(5.0);
const double kUnitCorrelation = (1 + 1 + 1.0 / 3) * std::exp(-1.0);

TEST(Kernel, IsMatern) {
  const Kernel kernel(kNumber, {{kUnitLength}, 2, 0});
  const Matrix points = kernel.Scaled(Rows({{0}, {1}, {3}}));
  const Matrix covariance = kernel.Cross(points, points);
  EXPECT_DOUBLE_EQ(covariance(0, 0), 2);
  EXPECT_NEAR(covariance(0, 1), 2 * kUnitCorrelation, 1e-15);
  EXPECT_NEAR(covariance(2, 0), 2 * (1 + 3 + 3) * std::exp(-3.0), 1e-15);
}

TEST(Kernel, PutsDifferentWordsAtDistanceOne) {
  const Kernel kernel(kWord, {{kUnitLength}, 1, 0});
  const Matrix points = kernel.Scaled(Rows({{0}, {3}, {3}}));
  const Matrix covariance = kernel.Cross(points, points);
  EXPECT_NEAR(covariance(0, 1), kUnitCorrelation, 1e-15);
  EXPECT_DOUBLE_EQ(covariance(1, 2), 1);
}

TEST(Kernel, ListsPairsAsColumnsOfALowerTriangle) {
  const Matrix distances = PairDistances({{0, false}, {0, false}, {1, true}}, 2,
                                         Rows({{0, 0, 1}, {3, 4, 1}, {0, 1, 2}}));
  ASSERT_EQ(distances.n_rows(), 3U);
  EXPECT_EQ(distances(0, 0), 25);  // 1 and 0
  EXPECT_EQ(distances(1, 0), 1);   // 2 and 0
  EXPECT_EQ(distances(2, 0), 18);  // 2 and 1
  EXPECT_EQ(distances(0, 1), 0);
  EXPECT_EQ(distances(1, 1), 1);
  EXPECT_EQ(distances(2, 1), 1);
}

TEST(Cholesky, InvertsAMatrixLargerThanItsBlocks) {
  constexpr std::size_t kSize = 75;
  RandomStream random(1, {Purpose::kSynth});
  Matrix a(kSize, kSize);
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j <= i; ++j) a(i, j) = a(j, i) = random.Uniform();
    a(i, i) += kSize;
  }
  const std::optional<Matrix> factor = InverseFactor(a);
  ASSERT_TRUE(factor);
  const Matrix inverse = Inverse(*factor);
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < kSize; ++k) {
        product += a(i, k) * (k >= j ? inverse(k, j) : inverse(j, k));
      }
      EXPECT_NEAR(product, i == j ? 1 : 0, 1e-12) << i << ' ' << j;
    }
  }
}

// L = ((2, 0), (1, 3)): L^-1 = ((1/2, 0), (-1/6, 1/3)), det A = 36.
TEST(Cholesky, IsWhatItIsOnPaper) {
  const std::optional<Matrix> w = InverseFactor(Rows({{4, 99}, {2, 10}}));
  ASSERT_TRUE(w);
  EXPECT_NEAR((*w)(0, 0), 1.0 / 2, 1e-15);
  EXPECT_EQ((*w)(0, 1), 0);
  EXPECT_NEAR((*w)(1, 0), -1.0 / 6, 1e-15);
  EXPECT_NEAR((*w)(1, 1), 1.0 / 3, 1e-15);
  std::vector<double> b = {8, 22};  // A (1, 2)
  Solve(*w, b);
  EXPECT_NEAR(b[0], 1, 1e-14);
  EXPECT_NEAR(b[1], 2, 1e-14);
  std::vector<double> leading = {8};
  Solve(*w, leading);
  EXPECT_NEAR(leading[0], 2, 1e-15);
  std::vector<double> norms(2);
  SquaredNorms(*w, Rows({{8, 2}, {22, 0}}), norms);
  EXPECT_NEAR(norms[0], 8 * 1 + 22 * 2, 1e-13);
  EXPECT_NEAR(norms[1], 1 + 1.0 / 9, 1e-15);
}

TEST(Cholesky, RefusesWhatIsNotPositiveDefinite) {
  EXPECT_FALSE(InverseFactor(Rows({{1, 2}, {2, 1}})));
}

TEST(Posterior, ShrinksASingleObservationByItsNoise) {
  const Observations one{Rows({{0.5}}), {1}, {0}};
  const Posterior posterior(kNumber, {{1}, 1, 0.25}, one, Matrix(0, 1));
  const MeanAndDeviation there = At(posterior, {0.5});
  EXPECT_NEAR(there.mean, 1 / 1.25, 1e-14);
  EXPECT_NEAR(there.deviation, std::sqrt(1 - 1 / 1.25), 1e-14);
  const MeanAndDeviation far = At(posterior, {1000});
  EXPECT_NEAR(far.mean, 0, 1e-14);
  EXPECT_NEAR(far.deviation, 1, 1e-14);
}

// y = 1 and -1: A^-1 y = y / (1 + noise - k).
TEST(Posterior, OfTwoOppositeObservationsIsTheirDifference) {
  const Observations two{Rows({{0}, {1}}), {1, -1}, {0, 0}};
  const Posterior posterior(kNumber, {{kUnitLength}, 1, 0.1}, two, Matrix(0, 1));
  EXPECT_NEAR(At(posterior, {0.5}).mean, 0, 1e-14);
  const double at_first = (1 - kUnitCorrelation) / (1.1 - kUnitCorrelation);
  EXPECT_NEAR(At(posterior, {0}).mean, at_first, 1e-13);
  EXPECT_NEAR(posterior.MeansAtObserved()[0], at_first, 1e-13);
  EXPECT_NEAR(posterior.MeansAtObserved()[1], -at_first, 1e-13);
}

// Three words are equally far from each other: with y = (1, 0, -1), A^-1 y = y / (1 + noise - k).
TEST(Posterior, TreatsThreeWordsAlike) {
  const Observations three{Rows({{0}, {1}, {2}}), {1, 0, -1}, {0, 0, 0}};
  const Posterior posterior(kWord, {{kUnitLength}, 1, 0.2}, three, Matrix(0, 1));
  const double expected = (1 - kUnitCorrelation) / (1.2 - kUnitCorrelation);
  EXPECT_NEAR(At(posterior, {0}).mean, expected, 1e-13);
  EXPECT_NEAR(At(posterior, {1}).mean, 0, 1e-13);
  EXPECT_NEAR(At(posterior, {7}).mean, 0, 1e-13);
}

TEST(Posterior, ListensLessToAnObservationWithExtraVariance) {
  const Observations doubted{Rows({{0.5}}), {1}, {0.75}};
  const Posterior posterior(kNumber, {{1}, 1, 0.25}, doubted, Matrix(0, 1));
  EXPECT_NEAR(At(posterior, {0.5}).mean, 0.5, 1e-14);
  EXPECT_NEAR(posterior.MeansAtObserved()[0], 0.5, 1e-14);
}

TEST(Posterior, KnowsThatARunningTrialWillTellButNotWhat) {
  const Observations one{Rows({{0}}), {1}, {0}};
  const Hyperparameters hyper{{kUnitLength}, 1, 0.25};
  const Posterior alone(kNumber, hyper, one, Matrix(0, 1));
  const Posterior both(kNumber, hyper, one, Rows({{1}}));
  for (const double u : {0.0, 0.3, 1.0}) {
    EXPECT_NEAR(At(both, {u}).mean, At(alone, {u}).mean, 1e-14) << u;
    EXPECT_LT(At(both, {u}).deviation, At(alone, {u}).deviation) << u;
  }
  // As if observed: 1 - k^T A^-1 k with A = ((1.25, c), (c, 1.25)) and k = (c, 1).
  const double c = kUnitCorrelation;
  const double variance = 1 - (1.25 * c * c - 2 * c * c + 1.25) / (1.25 * 1.25 - c * c);
  EXPECT_NEAR(At(both, {1}).deviation, std::sqrt(variance), 1e-13);
}

TEST(Posterior, HasTheSlopesThatDifferencesShow) {
  const std::vector<EncodedColumn> columns = {{0, false}, {1, false}, {1, false}, {2, true}};
  const Observations three{
      Rows({{0, 0.2, 0.9, 1}, {1, 0.4, 0, 1}, {0.3, 1, 0.5, 2}}), {1, -1, 0.3}, {0, 0.1, 0}};
  const Posterior posterior(columns, {{0.7, 1.1, 0.9}, 1.5, 0.01}, three,
                            Rows({{0.6, 0.6, 0.1, 0}}));
  const std::vector<double> at = {0.4, 0.5, 0.6, 1};
  const Belief belief = posterior.Near(Rows({at}));
  const auto there = At(posterior, at);
  EXPECT_NEAR(belief.mean, there.mean, 1e-14);
  EXPECT_NEAR(belief.deviation, there.deviation, 1e-14);
  for (std::size_t c = 0; c < 3; ++c) {
    constexpr double kStep = 1e-5;
    std::vector<double> above = at;
    std::vector<double> below = at;
    above[c] += kStep;
    below[c] -= kStep;
    const auto high = At(posterior, above);
    const auto low = At(posterior, below);
    EXPECT_NEAR(belief.mean_slopes[c], (high.mean - low.mean) / (2 * kStep), 1e-8) << c;
    EXPECT_NEAR(belief.deviation_slopes[c], (high.deviation - low.deviation) / (2 * kStep), 1e-8)
        << c;
  }
  EXPECT_EQ(belief.mean_slopes[3], 0);
  EXPECT_EQ(belief.deviation_slopes[3], 0);
}

TEST(Posterior, SurvivesManyEqualPoints) {
  const Observations same{Rows({{0.5}, {0.5}, {0.5}, {0.5}}), {1, 1, 1, 1}, {0, 0, 0, 0}};
  const Posterior posterior(kNumber, {{1}, 50, 0}, same, Rows({{0.5}, {0.5}}));
  EXPECT_NEAR(At(posterior, {0.5}).mean, 1, 1e-3);
}

Observations SomeObservations(std::size_t n) {
  RandomStream random(3, {Purpose::kSynth});
  Observations some{Matrix(n, 3), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    some.encoded(i, 0) = random.Uniform();
    some.encoded(i, 1) = random.Uniform();
    some.encoded(i, 2) = static_cast<double>(random.Below(3));
    some.values.push_back(random.Normal());
    some.extra_variance.push_back(i == 2 ? 0.3 : 0);
  }
  return some;
}

TEST(FitObjective, HasTheGradientThatDifferencesShow) {
  const std::vector<EncodedColumn> columns = {{0, false}, {1, false}, {2, true}};
  const Observations some = SomeObservations(9);
  FitObjective objective(columns, 3, some);
  const std::vector<double> at = {-0.7, 0.2, -0.1, 0.4, -3};
  std::vector<double> gradient(5);
  std::vector<double> unused(5);
  objective(at, gradient);
  for (std::size_t i = 0; i < at.size(); ++i) {
    constexpr double kStep = 1e-5;
    std::vector<double> above = at;
    std::vector<double> below = at;
    above[i] += kStep;
    below[i] -= kStep;
    const double slope = (objective(above, unused) - objective(below, unused)) / (2 * kStep);
    EXPECT_NEAR(gradient[i], slope, 1e-7) << i;
  }
}

// One observation y with signal s and noise v: 1/2 y^2 / (s + v) + 1/2 ln(2 pi (s + v)), and the
// prior of one axis: rate 6 for the length, 1/2 for the signal.
TEST(FitObjective, IsWhatItIsOnPaperForOneObservation) {
  const Observations one{Rows({{0.5}}), {1.5}, {0}};
  FitObjective objective(kNumber, 1, one);
  std::vector<double> unused(3);
  const double length = 0.4;
  const double signal = 2;
  const double noise = std::exp(-3.5);
  const double likelihood =
      0.5 * 2.25 / (signal + noise) + 0.5 * std::log(2 * std::acos(-1.0) * (signal + noise));
  const double prior = -(2 * std::log(length) - 6 * length) - (std::log(signal) - signal / 2) +
                       0.5 * 1.0;  // z = (-3.5 + 5) / 1.5
  const std::vector<double> at = {std::log(length), std::log(signal), -3.5};
  EXPECT_NEAR(objective(at, unused), likelihood + prior, 1e-12);
}

TEST(Fit, SeesWhichAxisMatters) {
  RandomStream random(5, {Purpose::kSynth});
  Observations some{Matrix(40, 2), {}, std::vector<double>(40, 0.0)};
  for (std::size_t i = 0; i < 40; ++i) {
    some.encoded(i, 0) = random.Uniform();
    some.encoded(i, 1) = random.Uniform();
    some.values.push_back(1.4 * std::sin(6 * some.encoded(i, 0)));
  }
  const Hyperparameters hyper = Fit({{0, false}, {1, false}}, 2, some);
  EXPECT_LT(hyper.lengths[0] * 2, hyper.lengths[1]);
  EXPECT_LT(hyper.noise, 0.01);
}

TEST(Fit, TakesTheNoiseForWhatItIs) {
  RandomStream random(5, {Purpose::kSynth});
  Observations some{Matrix(60, 1), {}, std::vector<double>(60, 0.0)};
  for (std::size_t i = 0; i < 60; ++i) {
    some.encoded(i, 0) = random.Uniform();
    some.values.push_back(random.Normal());
  }
  EXPECT_GT(Fit(kNumber, 1, some).noise, 0.3);
}

TEST(Subset, HasTheBestAndTheFarthest) {
  const Observations some{
      Rows({{0.0}, {0.1}, {0.2}, {0.3}, {1.0}}), {3, 1, 2, 4, 5}, {0, 0, 0, 0, 0}};
  EXPECT_EQ(ChooseSubset(some, 1, 1), (std::vector<std::size_t>{1, 4}));
  // From 0.1 and 1.0, 0.3 is 0.2 away, 0.0 and 0.2 only 0.1.
  EXPECT_EQ(ChooseSubset(some, 1, 2), (std::vector<std::size_t>{1, 3, 4}));
  EXPECT_EQ(ChooseSubset(some, 3, 2), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(Subset(some, {1, 4}), (Observations{Rows({{0.1}, {1.0}}), {1, 5}, {0, 0}}));
}

}  // namespace
}  // namespace coppice::strategies
