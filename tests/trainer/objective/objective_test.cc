#include "trainer/objective/objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "tests/trainer/objective/pairs.h"

namespace coppice::trainer {
namespace {

std::unique_ptr<Objective> Make(std::string_view name, double scale_pos_weight = 1) {
  return MakeObjective(name, {.num_class = 3, .scale_pos_weight = scale_pos_weight});
}

TEST(Registry, MakesEveryObjectiveThatItNames) {
  for (const std::string& name : ObjectiveNames()) {
    const auto objective = Make(name);
    ASSERT_NE(objective, nullptr);
    EXPECT_EQ(objective->name(), name);
    EXPECT_EQ(TargetOf(name), objective->target());
    EXPECT_EQ(PredictionOf(name), objective->prediction());
  }
  EXPECT_EQ(Make("reg:nothing"), nullptr);
  EXPECT_EQ(TargetOf("reg:nothing"), std::nullopt);
}

TEST(Registry, NamesTheMetricsThatXgboostNames) {
  const std::pair<const char*, const char*> metrics[] = {
      {"reg:squarederror", "rmse"},         {"reg:squaredlogerror", "rmsle"},
      {"reg:pseudohubererror", "mphe"},     {"reg:logistic", "rmse"},
      {"reg:gamma", "gamma-deviance"},      {"reg:tweedie", "tweedie-nloglik@1.5"},
      {"count:poisson", "poisson-nloglik"}, {"reg:absoluteerror", "mae"},
      {"reg:quantileerror", "quantile"},    {"survival:cox", "cox-nloglik"},
      {"survival:aft", "aft-nloglik"},      {"binary:logistic", "logloss"},
      {"binary:logitraw", "logloss"},       {"binary:hinge", "error"},
      {"multi:softmax", "mlogloss"},        {"multi:softprob", "mlogloss"}};
  for (const auto& [objective, metric] : metrics) {
    EXPECT_EQ(Make(objective)->default_metric(), metric) << objective;
  }
}

TEST(Registry, ReadsSettingsBackFromAModelsParameters) {
  const ObjectiveSettings settings{.num_class = 3,
                                   .scale_pos_weight = 2,
                                   .huber_slope = 0.5,
                                   .tweedie_variance_power = 1.25,
                                   .max_delta_step = 0.75,
                                   .quantile_alpha = {0.25, 0.5},
                                   .aft_distribution = AftDistribution::kExtreme,
                                   .aft_scale = 1.5};
  for (const std::string& name : ObjectiveNames()) {
    const auto parameters = MakeObjective(name, settings)->Parameters();
    const auto again = MakeObjective(name, SettingsFromParameters(parameters, 3));
    EXPECT_EQ(again->Parameters(), parameters) << name;
  }
}

TEST(SquaredError, HasTheDifferenceAsGradientAndTheWeightAsHessian) {
  const auto pairs = GradientsOf(*Make("reg:squarederror"), {2.0f, -1.0f}, {5.0f, 0.5f}, {1, 4});
  EXPECT_EQ(pairs[0].gradient, -3.0f);
  EXPECT_EQ(pairs[0].hessian, 1.0f);
  EXPECT_EQ(pairs[1].gradient, -6.0f);
  EXPECT_EQ(pairs[1].hessian, 4.0f);
}

TEST(SquaredError, StartsAtTheWeightedMean) {
  const auto objective = Make("reg:squarederror");
  ExpectNear(objective->EstimateBaseScore(std::vector<float>{1, 2, 6}, {}), {3.0f}, 0.0f);
  ExpectNear(objective->EstimateBaseScore(std::vector<float>{1, 2, 6}, std::vector<float>{1, 1, 2}),
             {3.75f}, 0.0f);
  ExpectNear(objective->EstimateBaseScore(std::vector<float>{1, 2}, std::vector<float>{0, 0}),
             {0.0f}, 0.0f);
}

TEST(SquaredError, NamesTheFirstLabelThatIsNotFinite) {
  const std::vector<float> label = {1, std::numeric_limits<float>::infinity(), NAN};
  EXPECT_EQ(Make("reg:squarederror")->CheckLabels(label),
            "label `inf` in row 2 is not a finite number");
  EXPECT_EQ(Make("reg:squarederror")->CheckLabels(std::vector<float>{-4, 0}), std::nullopt);
}

TEST(Logistic, HasTheProbabilitysErrorAsGradient) {
  const float log3 = std::log(3.0f);  // p = 3/4
  const auto pairs = GradientsOf(*Make("binary:logistic"), {0, log3, log3}, {1, 0, 1}, {1, 2, 4});
  EXPECT_FLOAT_EQ(pairs[0].gradient, -0.5f);
  EXPECT_FLOAT_EQ(pairs[0].hessian, 0.25f);
  EXPECT_FLOAT_EQ(pairs[1].gradient, 1.5f);
  EXPECT_FLOAT_EQ(pairs[1].hessian, 2 * 3.0f / 16);
  EXPECT_FLOAT_EQ(pairs[2].gradient, -1.0f);
  EXPECT_FLOAT_EQ(pairs[2].hessian, 4 * 3.0f / 16);
}

TEST(Logistic, KeepsTheHessianAboveItsFloor) {
  const auto pairs = GradientsOf(*Make("binary:logistic"), {100, -100}, {1, 0});
  EXPECT_EQ(pairs[0].hessian, 1e-16f);
  EXPECT_EQ(pairs[1].hessian, 1e-16f);
}

TEST(Logistic, MultipliesPositiveRowsByTheirFactor) {
  const auto pairs = GradientsOf(*Make("binary:logistic", 3), {0, 0}, {1, 0});
  EXPECT_EQ(pairs[0].gradient, -1.5f);
  EXPECT_EQ(pairs[0].hessian, 0.75f);
  EXPECT_EQ(pairs[1].gradient, 0.5f);
  EXPECT_EQ(pairs[1].hessian, 0.25f);
}

TEST(Logistic, GivesTheSamePairsInALongLoopAsAlone) {
  std::vector<float> margins;
  std::vector<float> label;
  for (int i = 0; i < 1003; ++i) {
    margins.push_back(static_cast<float>(i - 500) * 0.037f);
    label.push_back(static_cast<float>(i % 2));
  }
  const auto objective = Make("binary:logistic");
  const auto together = GradientsOf(*objective, margins, label);
  for (std::size_t i = 0; i < margins.size(); ++i) {
    const auto alone = GradientsOf(*objective, {margins[i]}, {label[i]});
    ASSERT_EQ(together[i].gradient, alone[0].gradient) << margins[i];
    ASSERT_EQ(together[i].hessian, alone[0].hessian) << margins[i];
  }
}

// The expected numbers of this test and of the next two like it are XGBoost 3.2.0's.
TEST(Logistic, StartsWhereXgboostDoes) {
  const std::vector<float> label = {0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  const std::vector<float> weight = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  ExpectNear(Make("binary:logistic")->EstimateBaseScore(label, {}), {0.2f}, 0.0f);
  ExpectNear(Make("binary:logistic")->EstimateBaseScore(label, weight), {0.16363636f}, 0.0f);
  ExpectNear(Make("binary:logistic", 3)->EstimateBaseScore(label, {}), {0.42905337f}, 1e-7f);
  ExpectNear(Make("binary:logistic", 3)->EstimateBaseScore(label, weight), {0.37272412f}, 1e-7f);
}

TEST(Logistic, MapsBaseScoresToMarginsWithinBounds) {
  const auto objective = Make("binary:logistic");
  EXPECT_EQ(objective->ToMargin(0.5f), 0.0f);
  EXPECT_FLOAT_EQ(objective->ToMargin(0.75f), std::log(3.0f));
  EXPECT_FLOAT_EQ(objective->ToMargin(0.0f), -13.815509f);
  EXPECT_FLOAT_EQ(objective->ToMargin(1.0f), 13.815509f);
}

TEST(Logistic, NamesTheFirstLabelOutsideZeroAndOne) {
  EXPECT_EQ(Make("binary:logistic")->CheckLabels(std::vector<float>{0, 1, 0.25f}), std::nullopt);
  EXPECT_EQ(Make("binary:logistic")->CheckLabels(std::vector<float>{0, 1, 2, 3}),
            "label `2` in row 3 is not 0, 1 or a probability between them");
  EXPECT_NE(Make("binary:logistic")->CheckLabels(std::vector<float>{NAN}), std::nullopt);
}

TEST(Softmax, HasProbabilitiesLessTheLabelsClassAsGradient) {
  // Probabilities 1/4, 1/4, 1/2.
  const float log2 = std::log(2.0f);
  const auto pairs =
      GradientsOf(*Make("multi:softprob"), {0, 0, log2, 5, 5, 5 + log2}, {2, 0}, {1, 2});
  const std::vector<float> gradients = {0.25f, 0.25f, -0.5f, -1.5f, 0.5f, 1.0f};
  const std::vector<float> hessians = {0.375f, 0.375f, 0.5f, 0.75f, 0.75f, 1.0f};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_NEAR(pairs[i].gradient, gradients[i], 1e-6f) << i;
    EXPECT_NEAR(pairs[i].hessian, hessians[i], 1e-6f) << i;
  }
}

TEST(Softmax, KeepsTheHessianAboveItsFloor) {
  const auto pairs = GradientsOf(*Make("multi:softmax"), {0, 200, 0}, {1});
  for (const GradientPair& pair : pairs) EXPECT_EQ(pair.hessian, 1e-16f);
}

TEST(Softmax, TransformsMoreRowsThanOneBlockHolds) {
  std::vector<float> values;
  for (int row = 0; row < 3000; ++row) {
    for (const float margin : {0.0f, std::log(3.0f), 0.0f}) {
      values.push_back(margin + static_cast<float>(row % 7));
    }
  }
  Make("multi:softprob")->Transform(values);
  for (std::size_t row = 0; row < 3000; ++row) {
    ASSERT_NEAR(values[row * 3], 0.2f, 1e-6f) << row;
    ASSERT_NEAR(values[row * 3 + 1], 0.6f, 1e-6f) << row;
    ASSERT_NEAR(values[row * 3 + 2], 0.2f, 1e-6f) << row;
  }
}

TEST(Softmax, StartsAtCentredLogPriorsAsXgboostDoes) {
  const std::vector<float> label = {0, 0, 0, 1, 1, 2, 2, 2, 2, 2};
  const std::vector<float> weight = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  ExpectNear(Make("multi:softprob")->EstimateBaseScore(label, {}),
             {-3.512025e-2f, -4.4058383e-1f, 4.7570395e-1f}, 1e-6f);
  ExpectNear(Make("multi:softmax")->EstimateBaseScore(label, weight),
             {-7.675247e-1f, -3.620628e-1f, 1.1295874f}, 1e-6f);
}

TEST(Softmax, GivesAClassWithoutRowsAFiniteStart) {
  const std::vector<float> label = {0, 0, 0, 1, 1, 2, 2, 2, 2, 2};
  const auto objective = MakeObjective("multi:softprob", {.num_class = 5});
  ExpectNear(objective->EstimateBaseScore(label, {}),
             {5.0235443f, 4.618081f, 5.5343685f, -7.587997f, -7.587997f}, 3e-6f);
}

TEST(Softmax, NamesTheFirstLabelThatIsNoClass) {
  const auto objective = Make("multi:softmax");
  EXPECT_EQ(objective->CheckLabels(std::vector<float>{0, 1, 2}), std::nullopt);
  EXPECT_EQ(objective->CheckLabels(std::vector<float>{0, 3}),
            "label `3` in row 2 is not a class from 0 to 2");
  EXPECT_EQ(objective->CheckLabels(std::vector<float>{0.5f}),
            "label `0.5` in row 1 is not a class from 0 to 2");
  EXPECT_NE(objective->CheckLabels(std::vector<float>{-1}), std::nullopt);
  EXPECT_NE(objective->CheckLabels(std::vector<float>{NAN}), std::nullopt);
}

TEST(Softmax, RefusesFewerThanTwoClasses) {
  EXPECT_THROW(MakeObjective("multi:softmax", {.num_class = 1}), Error);
}

}  // namespace
}  // namespace coppice::trainer
