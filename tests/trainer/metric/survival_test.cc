// Metrics of times and of quantiles.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/trainer/metric/score.h"

namespace coppice::trainer {
namespace {

const Floats kLabel = {3, -1, 2, 5, -5, 2, -4, 1};
const Floats kWeight = {1, 2, 1, 3, 1, 2, 1, 1};
const Floats kMargins = {.5f, -.25f, 0, 1, .3f, -.7f, .2f, .1f};

void ExpectAft(AftDistribution distribution, double scale, double plain, double weighted) {
  const auto metric =
      MakeMetric("aft-nloglik", {.aft_distribution = distribution, .aft_scale = scale});
  EXPECT_NEAR(metric->Evaluate(kMargins, kLabel, {}, 1), plain, 2e-6);
  EXPECT_NEAR(metric->Evaluate(kMargins, kLabel, kWeight, 1), weighted, 2e-6);
}

TEST(CoxNloglik, ComparesEachEndWithThoseStillThere) {
  // Hazards 1, 2, 4 that end at 1, 2 (not seen) and 3: 1 of 7, then 4 of 4.
  EXPECT_NEAR(Score("cox-nloglik", {1, 2, 4}, {1, -2, 3}), std::log(7.0) / 2, 1e-15);
  EXPECT_TRUE(std::isnan(Score("cox-nloglik", {1, 2}, {-1, -2})));
}

// The numbers of the next tests are XGBoost 3.2.0's.
TEST(CoxNloglik, ScoresAsXgboostDoes) {
  Floats hazards;
  for (const float margin : kMargins) hazards.push_back(std::exp(margin));
  EXPECT_NEAR(Score("cox-nloglik", hazards, kLabel), 1.8077902369548557, 1e-6);
  EXPECT_NEAR(Score("cox-nloglik", hazards, kLabel, kWeight), 1.8077902369548557, 1e-6);
}

TEST(AftNloglik, ScoresAsXgboostDoes) {
  ExpectAft(AftDistribution::kNormal, 1, 1.9592056181744539, 2.0497824500920350);
  ExpectAft(AftDistribution::kNormal, 0.5, 2.8592963904134074, 2.8339213576404299);
  ExpectAft(AftDistribution::kLogistic, 1, 1.9504214672403433, 2.0944605086085721);
  ExpectAft(AftDistribution::kLogistic, 0.5, 2.0437859928283695, 2.1280348848616906);
  ExpectAft(AftDistribution::kExtreme, 1, 2.4692964325643967, 2.5037247223139682);
  ExpectAft(AftDistribution::kExtreme, 0.5, 6.0084849203923403, 5.7760583127540057);
}

TEST(AftNloglik, CountsALikelihoodAsNoLessThanItsFloor) {
  // z = ln 1000: a density of about e^-1000.
  const auto metric = MakeMetric("aft-nloglik", {.aft_distribution = AftDistribution::kExtreme});
  EXPECT_NEAR(metric->Evaluate(Floats{0}, Floats{1000}, {}, 1), -std::log(1e-12), 1e-9);
}

TEST(Quantile, CountsBothSidesByTheirShare) {
  ObjectiveSettings settings;
  settings.quantile_alpha = {0.25, 0.5};
  const auto metric = MakeMetric("quantile", settings);
  // Row 1: label 3 over 1 and 5: .25 * 2, .5 * 2. Row 2: label 0 over 4 and 0: .75 * 4, 0.
  EXPECT_DOUBLE_EQ(metric->Evaluate(Floats{1, 5, 4, 0}, Floats{3, 0}, {}, 2), (0.75 + 1.5) / 2);
  EXPECT_DOUBLE_EQ(metric->Evaluate(Floats{1, 5, 4, 0}, Floats{3, 0}, Floats{3, 1}, 2),
                   (3 * 0.75 + 1.5) / 4);
  EXPECT_TRUE(std::isnan(metric->Evaluate(Floats{1, 5}, Floats{3, 0}, {}, 1)));
}

}  // namespace
}  // namespace coppice::trainer
