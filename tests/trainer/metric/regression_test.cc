#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/trainer/metric/score.h"
#include "trainer/metric/log_gamma.h"

namespace coppice::trainer {
namespace {

// The numbers that these give are XGBoost 3.2.0's, which works in single precision.
const Floats kPredictions = {1.5f, 2, 2.5f, 7, 1, 0.5f, 3, 0.125f};
const Floats kLabel = {1, 2, 3, 5, 8, 0.5f, 0.25f, 2};
const Floats kWeight = {1, 2, 3, 4, 5, 6, 7, 8};

void ExpectXgboosts(std::string_view metric, double plain, double weighted) {
  EXPECT_NEAR(Score(metric, kPredictions, kLabel), plain, 1e-6 * plain) << metric;
  EXPECT_NEAR(Score(metric, kPredictions, kLabel, kWeight), weighted, 1e-6 * weighted) << metric;
}

TEST(Mse, IsTheWeightedMeanSquare) {
  EXPECT_DOUBLE_EQ(Score("mse", {1, 2, 3}, {1, 4, 7}), 20.0 / 3);
  EXPECT_DOUBLE_EQ(Score("mse", {1, 2, 3}, {1, 4, 7}, {1, 3, 1}), 28.0 / 5);
}

TEST(Mape, IsTheWeightedMeanDistanceOverTheLabel) {
  EXPECT_DOUBLE_EQ(Score("mape", {1, 2, 3}, {2, 4, -2}), (0.5 + 0.5 + 2.5) / 3);
  EXPECT_DOUBLE_EQ(Score("mape", {1, 2, 3}, {2, 4, -2}, {1, 1, 2}), 1.5);
  EXPECT_EQ(Score("mape", {1}, {0}), std::numeric_limits<double>::infinity());
}

TEST(Rmsle, ComparesLogarithms) {
  // ln 4 - ln 2, ln 2 - ln 2.
  EXPECT_NEAR(Score("rmsle", {3, 1}, {1, 1}), std::log(2.0) / std::sqrt(2.0), 1e-15);
}

TEST(Rmsle, IsNotDefinedAtMinusOneOrBelow) {
  EXPECT_TRUE(std::isnan(Score("rmsle", {-1, 1}, {1, 1})));
  EXPECT_TRUE(std::isnan(Score("rmsle", {1, 1}, {1, -2})));
}

TEST(Mphe, HasTheSlopeOfTheSettings) {
  // z = 3, slope 4: 16 (5/4 - 1).
  EXPECT_DOUBLE_EQ(
      MakeMetric("mphe", {.huber_slope = 4})->Evaluate(Floats{4}, Floats{1}, Floats{}, 1), 4.0);
  const auto two = MakeMetric("mphe", {.huber_slope = 2});
  EXPECT_NEAR(two->Evaluate(kPredictions, kLabel, {}, 1), 2.0933685898780823, 2e-6);
  EXPECT_NEAR(two->Evaluate(kPredictions, kLabel, kWeight, 1), 2.5385975307888455, 2e-6);
}

TEST(R2, IsTheShareOfTheVarianceThatIsExplained) {
  // Squares 0, 4, 16 about a variance of 9, 0, 9.
  EXPECT_DOUBLE_EQ(Score("r2", {1, 2, 3}, {1, 4, 7}), 1 - 20.0 / 18);
  EXPECT_DOUBLE_EQ(Score("r2", {1, 4, 7}, {1, 4, 7}, {1, 2, 3}), 1.0);
  // Weights 1, 3: mean 3, variance (4 + 3 * 4/9...) by hand: labels 0 and 4, mean 3, 9 + 3 = 12.
  EXPECT_DOUBLE_EQ(Score("r2", {0, 2}, {0, 4}, {1, 3}), 1 - 12.0 / 12);
  EXPECT_TRUE(std::isnan(Score("r2", {1, 2}, {3, 3})));
}

TEST(PoissonNloglik, IsMinusTheLogOfTheProbabilityOfACount) {
  // Mean 2, count 3: e^-2 2^3 / 3!.
  EXPECT_NEAR(Score("poisson-nloglik", {2}, {3}), 2 - 3 * std::log(2.0) + std::log(6.0), 1e-13);
}

TEST(TweedieNloglik, HasItsPowerInItsName) {
  // Power 1.5, mean 4, label 3: 4^.5 / .5 + 3 * 4^-.5 / .5.
  EXPECT_NEAR(Score("tweedie-nloglik@1.5", {4}, {3}), 7.0, 1e-14);
  EXPECT_EQ(MakeMetric("tweedie-nloglik@1.5")->name(), "tweedie-nloglik@1.5");
  EXPECT_EQ(MakeMetric("tweedie-nloglik@2"), nullptr);
  EXPECT_EQ(MakeMetric("tweedie-nloglik@"), nullptr);
}

TEST(TweedieNloglik, HasThePowerOfTheSettingsWithoutOne) {
  const auto metric = MakeMetric("tweedie-nloglik", {.tweedie_variance_power = 1.2});
  EXPECT_EQ(metric->Evaluate(kPredictions, kLabel, {}, 1),
            Score("tweedie-nloglik@1.2", kPredictions, kLabel));
}

TEST(Regression, ScoresAsXgboostDoes) {
  ExpectXgboosts("rmse", 2.8411732831701766, 3.0869910736652431);
  ExpectXgboosts("mae", 1.828125, 2.2013888888888888);
  ExpectXgboosts("mape", 1.7348958346992731, 2.5409722228824962);
  ExpectXgboosts("rmsle", 0.7687310526311177, 0.8961680877511004);
  ExpectXgboosts("mphe", 1.3242973387241364, 1.6181936396492853);
}

TEST(Likelihood, ScoresAsXgboostDoes) {
  ExpectXgboosts("poisson-nloglik", 3.2420894950628281, 3.8097832865185208);
  ExpectXgboosts("gamma-nloglik", 3.8688903748989105, 5.0813136001427965);
  ExpectXgboosts("gamma-deviance", 4.7141639888286591, 7.4292782611317101);
  ExpectXgboosts("tweedie-nloglik@1.5", 7.7961893379688263, 8.3877314726511632);
  ExpectXgboosts("tweedie-nloglik@1.2", 14.928516358137131, 15.107964674631754);
}

TEST(LogGamma, IsTheLogarithmOfTheFactorial) {
  EXPECT_NEAR(LogGamma(1.0), 0.0, 1e-14);
  EXPECT_NEAR(LogGamma(2.0), 0.0, 1e-14);
  EXPECT_NEAR(LogGamma(0.5), std::log(std::sqrt(3.14159265358979323846)), 1e-14);
  double log_factorial = 0;
  for (int n = 1; n <= 170; ++n) {
    log_factorial += std::log(static_cast<double>(n));
    EXPECT_NEAR(LogGamma(n + 1.0), log_factorial, 1e-13 * (1 + log_factorial)) << n;
  }
}

TEST(LogGamma, AgreesWithLongDoubles) {
  for (double x = 1e-3; x < 1e6; x *= 1.07) {
    const auto expected = static_cast<double>(std::lgamma(static_cast<long double>(x)));
    EXPECT_NEAR(LogGamma(x), expected, 1e-13 * (1 + std::abs(expected))) << x;
  }
  EXPECT_EQ(LogGamma(std::numeric_limits<double>::infinity()),
            std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace coppice::trainer
