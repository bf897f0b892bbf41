#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "tests/trainer/objective/pairs.h"
#include "trainer/objective/aft.h"

namespace coppice::trainer {
namespace {

const std::vector<float> kLabel = {3, -1, 2, 5, -5, 2, -4, 1};
const std::vector<float> kWeight = {1, 2, 1, 3, 1, 2, 1, 1};
const std::vector<float> kMargins = {.5f, -.25f, 0, 1, .3f, -.7f, .2f, .1f};

std::unique_ptr<Objective> Aft(AftDistribution distribution, double scale) {
  return MakeObjective("survival:aft", {.aft_distribution = distribution, .aft_scale = scale});
}

// Pairs of the first five rows.
void ExpectAftPairs(AftDistribution distribution, double scale,
                    const std::vector<GradientPair>& expected) {
  const auto pairs = GradientsOf(*Aft(distribution, scale), kMargins, kLabel);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ExpectPair(pairs[i], expected[i].gradient, expected[i].hessian, 2e-6f);
  }
}

TEST(Cox, ComparesEachEndWithThoseStillThere) {
  // Hazards 1, 2, 4 that end at 1, 2 (not seen) and 3: at risk are 7, then 4.
  const auto pairs = GradientsOf(*MakeObjective("survival:cox", {}),
                                 {0, std::log(2.0f), std::log(4.0f)}, {1, -2, 3}, {1, 1, 2});
  ExpectPair(pairs[0], 1.0f / 7 - 1, 1.0f / 7 - 1.0f / 49);
  ExpectPair(pairs[1], 2.0f / 7, 2.0f / 7 - 4.0f / 49);
  const float sum = 1.0f / 7 + 1.0f / 4;
  ExpectPair(pairs[2], 2 * (4 * sum - 1), 2 * (4 * sum - 16 * (1.0f / 49 + 1.0f / 16)), 1e-5f);
}

TEST(Cox, HasThePairsOfXgboost) {
  const auto pairs = GradientsOf(*MakeObjective("survival:cox", {}), kMargins, kLabel, kWeight);
  ExpectPair(pairs[0], -0.21166386f, 0.629927f);
  ExpectPair(pairs[2], -0.78453404f, 0.19201897f);
  ExpectPair(pairs[3], 2.9038031f, 3.2725759f);
  ExpectPair(pairs[4], 0.9772473f, 0.7609631f);
  ExpectPair(pairs[5], -1.6682593f, 0.3132446f);
  ExpectPair(pairs[6], 0.58401382f, 0.497077f);
  ExpectPair(pairs[7], -0.89289755f, 0.0956315f);
}

TEST(Cox, StartsWhereXgboostDoes) {
  const auto objective = MakeObjective("survival:cox", {});
  ExpectNear(objective->EstimateBaseScore(kLabel, {}), {1.0857952f}, 1e-6f);
  ExpectNear(objective->EstimateBaseScore(kLabel, kWeight), {1.077532f}, 1e-6f);
  EXPECT_NEAR(objective->ToMargin(1.0857952f), 0.082312584f, 1e-7f);
}

TEST(Cox, WantsAllRowsAtOnce) {
  EXPECT_EQ(MakeObjective("survival:cox", {})->coupling(), Coupling::kWholeData);
  EXPECT_EQ(MakeObjective("survival:aft", {})->coupling(), Coupling::kNone);
}

TEST(Aft, HasThePairsOfXgboostWithNormalNoise) {
  ExpectAftPairs(AftDistribution::kNormal, 1,
                 {{-0.5986123f, 1},
                  {-0.9635539f, 0.6875478f},
                  {-0.6931472f, 1},
                  {-0.6094379f, 1},
                  {-1.7781905f, 0.8335312f}});
  ExpectAftPairs(AftDistribution::kNormal, 0.5,
                 {{-2.3944492f, 4},
                  {-2.2821555f, 2.9260783f},
                  {-2.7725887f, 4},
                  {-2.4377516f, 4},
                  {-5.8626785f, 3.6637459f}});
}

TEST(Aft, HasThePairsOfXgboostWithLogisticNoise) {
  ExpectAftPairs(AftDistribution::kLogistic, 0.5,
                 {{-1.0721226f, 1.4252764f},
                  {-1.2449185f, 0.94001484f},
                  {-1.2f, 1.28f},
                  {-1.0874628f, 1.4087125f},
                  {-1.8641331f, 0.25327396f}});
}

TEST(Aft, HasThePairsOfXgboostWithExtremeNoiseAndItsBounds) {
  ExpectAftPairs(AftDistribution::kExtreme, 1,
                 {{-0.819592f, 1.819592f},
                  {-1.2840254f, 1.2840254f},
                  {-1, 2},
                  {-0.8393972f, 1.8393972f},
                  {-3.7040911f, 3.704091f}});
  ExpectAftPairs(AftDistribution::kExtreme, 0.5,
                 {{-4.62183f, 13.24366f},
                  {-3.2974424f, 6.594885f},
                  {-6, 15},
                  {-4.7667642f, 13.533528f},
                  {-15, 15}});
}

TEST(Aft, StartsAtOneHalfAndPredictsTimes) {
  const auto objective = Aft(AftDistribution::kNormal, 1);
  EXPECT_EQ(objective->EstimateBaseScore(kLabel, {}), std::vector<float>{0.5f});
  EXPECT_NEAR(objective->ToMargin(0.5f), -0.6931472f, 1e-7f);
  std::vector<float> values = {std::log(4.0f)};
  objective->TransformForMetrics(values);
  EXPECT_EQ(values[0], std::log(4.0f));
  objective->Transform(values);
  EXPECT_FLOAT_EQ(values[0], 4.0f);
}

TEST(Aft, NamesTheFirstLabelThatIsNoTime) {
  EXPECT_EQ(
      Aft(AftDistribution::kNormal, 1)->CheckLabels(std::vector<float>{1, -2, 0}),
      "label `0` in row 3 is not a time: above 0 where the end was seen, below 0 where it was not");
}

TEST(Aft, GivesTheSamePairsInALongLoopAsAlone) {
  for (const auto each :
       {AftDistribution::kNormal, AftDistribution::kLogistic, AftDistribution::kExtreme}) {
    ExpectSamePairsTogetherAsAlone(*Aft(each, 1));
  }
}

TEST(NormalMills, IsTheTailOverTheDensity) {
  for (double z = -30; z < 30; z += 0.37) {
    const auto x = static_cast<long double>(z);
    const long double tail = 0.5L * std::erfc(x / std::sqrt(2.0L));
    const long double density =
        std::exp(-0.5L * x * x) / std::sqrt(2 * 3.14159265358979323846264338328L);
    const auto expected = static_cast<double>(tail / density);
    EXPECT_NEAR(NormalMills(z), expected, 1e-12 * expected) << z;
  }
}

TEST(AftTerms, StayFiniteWhereTheyCan) {
  const AftTerms low = NormalTerms(-50);
  EXPECT_EQ(low.hazard, 0.0);
  EXPECT_EQ(low.log_tail, 0.0);
  const AftTerms high = NormalTerms(50);
  EXPECT_NEAR(high.hazard, 50 + 1.0 / 50, 1e-4);
  EXPECT_NEAR(LogisticTerms(800).log_tail, -800, 1e-9);
  EXPECT_NEAR(LogisticTerms(-800).log_density, -800, 1e-9);
  // Halves of the logistic distribution: density 1/4, tail 1/2.
  EXPECT_NEAR(LogisticTerms(0).log_density, std::log(0.25), 1e-15);
  EXPECT_NEAR(LogisticTerms(0).log_tail, std::log(0.5), 1e-15);
}

// Where nothing is lost to differences: ln P(lower < Z < upper) by the distribution functions.
double LogProbability(AftDistribution distribution, double lower, double upper) {
  const auto below = [&](double z) {
    switch (distribution) {
      case AftDistribution::kNormal:
        return 0.5 * std::erfc(-z / std::sqrt(2.0));
      case AftDistribution::kLogistic:
        return 1 / (1 + std::exp(-z));
      case AftDistribution::kExtreme:
        return -std::expm1(-std::exp(z));
    }
    return 0.0;
  };
  return std::log(below(upper) - below(lower));
}

constexpr AftDistribution kDistributions[] = {AftDistribution::kNormal, AftDistribution::kLogistic,
                                              AftDistribution::kExtreme};
constexpr double kEnd = std::numeric_limits<double>::infinity();

TEST(AftInterval, HasTheProbabilityItsSlopeAndItsCurvature) {
  const std::pair<double, double> intervals[] = {{-1, 0.5}, {0.2, 0.9},    {-2, -1.5},
                                                 {-3, 2},   {-kEnd, -0.5}, {-kEnd, 1}};
  for (const AftDistribution distribution : kDistributions) {
    for (const auto& [lower, upper] : intervals) {
      const AftInterval interval = IntervalOf(distribution, lower, upper);
      const auto shifted = [&](double by) {
        return LogProbability(distribution, lower + by, upper + by);
      };
      constexpr double kStep = 1e-4;
      EXPECT_NEAR(interval.log_probability, shifted(0), 1e-12);
      EXPECT_NEAR(interval.slope, (shifted(kStep) - shifted(-kStep)) / (2 * kStep), 1e-6);
      EXPECT_NEAR(interval.curvature,
                  -(shifted(kStep) - 2 * shifted(0) + shifted(-kStep)) / (kStep * kStep), 1e-5);
    }
  }
}

TEST(AftInterval, KeepsItsDigitsInBothTailsAndWhereItIsNarrow) {
  // Far out an interval is much like its nearer end: slope and probability of the tail.
  const AftInterval high = IntervalOf(AftDistribution::kNormal, 30, 35);
  EXPECT_NEAR(high.slope, -NormalTerms(30).hazard, 1e-9);
  EXPECT_NEAR(high.log_probability, NormalTerms(30).log_tail, 1e-9);
  const AftInterval low = IntervalOf(AftDistribution::kNormal, -35, -30);
  EXPECT_EQ(low.slope, -high.slope);
  EXPECT_EQ(low.log_probability, high.log_probability);
  // Of a narrow one the density is all that counts.
  for (const AftDistribution distribution : kDistributions) {
    for (const double width : {1e-12, 0.99e-4, 1.01e-4}) {
      const AftTerms middle = TermsOf(distribution, 0.5 + width / 2);
      const AftInterval interval = IntervalOf(distribution, 0.5, 0.5 + width);
      EXPECT_NEAR(interval.slope, -middle.known, 1e-8);
      EXPECT_NEAR(interval.curvature, middle.known_slope, 1e-5);
    }
  }
}

TEST(AftInterval, OfEverythingSaysNothing) {
  for (const AftDistribution distribution : kDistributions) {
    const AftInterval all = IntervalOf(distribution, -kEnd, kEnd);
    EXPECT_EQ(all.slope, 0.0);
    EXPECT_EQ(all.curvature, 0.0);
    EXPECT_EQ(all.log_probability, 0.0);
    for (const double z : {800.0, 1e6}) {
      const AftInterval far = IntervalOf(distribution, z, z + 1);
      EXPECT_LT(far.slope, 0.0);
      EXPECT_FALSE(std::isnan(far.curvature));
    }
  }
}

TEST(Aft, TakesKnownAndRightCensoredTimesInEitherForm) {
  const std::vector<float> lower = {3, 1, 2};
  const std::vector<float> upper = {3, std::numeric_limits<float>::infinity(), 2};
  Labels bounds(lower);
  bounds.upper = upper;
  for (const AftDistribution distribution : kDistributions) {
    const auto objective = Aft(distribution, 1.5);
    const auto by_sign = GradientsOf(*objective, {.5f, -.25f, 0}, {3, -1, 2}, {1, 2, 3});
    std::vector<GradientPair> by_bounds(3);
    objective->Gradients(std::vector<float>{.5f, -.25f, 0}, bounds, std::vector<float>{1, 2, 3},
                         by_bounds);
    for (std::size_t i = 0; i < 3; ++i) {
      ExpectPair(by_bounds[i], by_sign[i].gradient, by_sign[i].hessian);
    }
  }
}

TEST(Aft, RefusesBoundsThatAreNoTimes) {
  const auto problem = [](float lower, float upper) {
    const std::vector<float> ends = {upper};
    Labels labels(std::span<const float>(&lower, 1));
    labels.upper = ends;
    return Aft(AftDistribution::kNormal, 1)->CheckLabels(labels).has_value();
  };
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(problem(0, 1));
  EXPECT_FALSE(problem(0, infinite));
  EXPECT_FALSE(problem(2, 2));
  EXPECT_TRUE(problem(-1, 2));
  EXPECT_TRUE(problem(3, 2));
  EXPECT_TRUE(problem(0, 0));
  EXPECT_TRUE(problem(infinite, infinite));
}

}  // namespace
}  // namespace coppice::trainer
