#include "trainer/metric/metric.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "base/random.h"
#include "tests/trainer/metric/score.h"

namespace coppice::trainer {
namespace {

const std::set<std::string> kBetterAbove = {
    "accuracy",        "auc", "aucpr",  "balanced_accuracy", "f1",   "f1_macro", "precision",
    "precision_macro", "r2",  "recall", "recall_macro",      "ndcg", "map",      "pre"};

TEST(Registry, MakesEveryMetricThatItNames) {
  for (const std::string& name : MetricNames()) {
    const auto metric = MakeMetric(name);
    ASSERT_NE(metric, nullptr);
    EXPECT_EQ(metric->name(), name);
    EXPECT_EQ(metric->maximize(), kBetterAbove.contains(name)) << name;
  }
  EXPECT_EQ(MakeMetric("nothing"), nullptr);
  EXPECT_EQ(MakeMetric("auc@0.5"), nullptr);
  EXPECT_EQ(MakeMetric("error@half"), nullptr);
  EXPECT_EQ(MakeMetric("error@0.7")->name(), "error@0.7");
}

TEST(Registry, SaysWhichMetricDoesNotFitPredictions) {
  EXPECT_EQ(MetricProblem("auc", PredictionKind::kNumber),
            "`auc` needs probabilities of classes or an order of rows, and the objective predicts "
            "a number");
  EXPECT_EQ(MetricProblem("mlogloss", PredictionKind::kProbability),
            "`mlogloss` needs several classes with a probability each, and the objective predicts "
            "a probability");
  EXPECT_EQ(MetricProblem("rmse", PredictionKind::kProbabilities),
            "`rmse` needs one number a row, and the objective predicts several classes");
  EXPECT_EQ(MetricProblem("logloss", PredictionKind::kClass),
            "`logloss` needs the probability of one of two classes, and the objective predicts one "
            "of two classes");
  EXPECT_EQ(MetricProblem("gamma-nloglik", PredictionKind::kNumber),
            "`gamma-nloglik` needs a number above 0, and the objective predicts a number");
  EXPECT_EQ(MetricProblem("rmse", PredictionKind::kSurvivalTime),
            "`rmse` needs one number a row, and the objective predicts a survival time");
  EXPECT_EQ(MetricProblem("f1", PredictionKind::kProbabilities),
            "`f1` needs two classes, and the objective predicts several classes");
  EXPECT_EQ(MetricProblem("f1_macro", PredictionKind::kProbabilities), std::nullopt);
  EXPECT_EQ(MetricProblem("auc", PredictionKind::kProbabilities), std::nullopt);
  EXPECT_EQ(MetricProblem("rmse", PredictionKind::kProbability), std::nullopt);
  EXPECT_EQ(MetricProblem("error@0.3", PredictionKind::kProbability), std::nullopt);
  EXPECT_EQ(MetricProblem("error", PredictionKind::kClass), std::nullopt);
  EXPECT_EQ(MetricProblem("merror", PredictionKind::kProbabilities), std::nullopt);
}

TEST(Registry, HasAMetricForEveryObjective) {
  for (const std::string& name : ObjectiveNames()) {
    const auto objective = MakeObjective(name, {.num_class = 3});
    ASSERT_NE(MakeMetric(objective->default_metric()), nullptr) << name;
    EXPECT_EQ(MetricProblem(objective->default_metric(), objective->prediction()), std::nullopt);
  }
}

TEST(Rmse, IsTheRootOfTheWeightedMeanSquare) {
  EXPECT_DOUBLE_EQ(Score("rmse", {1, 2, 3}, {1, 4, 7}), std::sqrt(20.0 / 3));
  EXPECT_DOUBLE_EQ(Score("rmse", {1, 2, 3}, {1, 4, 7}, {1, 3, 1}), std::sqrt(28.0 / 5));
}

TEST(Mae, IsTheWeightedMeanDistance) {
  EXPECT_DOUBLE_EQ(Score("mae", {1, 2, 3}, {1, 4, 7}), 2.0);
  EXPECT_DOUBLE_EQ(Score("mae", {1, 2, 3}, {1, 4, 7}, {2, 1, 1}), 1.5);
}

TEST(Logloss, IsTheMeanOfMinusTheLogOfTheLabelsProbability) {
  EXPECT_NEAR(Score("logloss", {0.5f, 0.25f}, {1, 0}), (std::log(2.0) - std::log(0.75)) / 2, 1e-15);
  EXPECT_NEAR(Score("logloss", {0.25f}, {0.5f}), -(std::log(0.25) + std::log(0.75)) / 2, 1e-15);
}

TEST(Logloss, KeepsProbabilitiesAwayFromZeroAndOne) {
  const double worst = -std::log(static_cast<double>(1e-16f));
  EXPECT_NEAR(Score("logloss", {0.0f}, {1}), worst, 1e-12);
  EXPECT_NEAR(Score("logloss", {1.0f}, {0}), worst, 1e-12);
  EXPECT_EQ(Score("logloss", {1.0f, 0.0f}, {1, 0}), 0.0);
}

TEST(ErrorRate, CountsAPredictionAtTheThresholdAsZero) {
  EXPECT_DOUBLE_EQ(Score("error", {0.5f, 0.6f, 0.4f, 0.9f}, {1, 1, 0, 0}), 0.5);
  EXPECT_DOUBLE_EQ(Score("error", {0.5f, 0.6f, 0.4f, 0.9f}, {1, 1, 0, 0}, {5, 1, 1, 1}), 0.75);
  EXPECT_DOUBLE_EQ(Score("error@0.45", {0.5f, 0.6f, 0.4f, 0.9f}, {1, 1, 0, 0}), 0.25);
}

TEST(Auc, CountsOrderedPairsAndHalfOfTies) {
  // Pairs (0.4, 0.1) right, (0.4, 0.4) tie, (0.35, 0.1) right, (0.35, 0.4) wrong: 2.5 of 4.
  EXPECT_DOUBLE_EQ(Score("auc", {0.1f, 0.4f, 0.35f, 0.4f}, {0, 0, 1, 1}), 2.5 / 4);
  EXPECT_DOUBLE_EQ(Score("auc", {-2, -1, 1, 2}, {0, 0, 1, 1}), 1.0);
  EXPECT_DOUBLE_EQ(Score("auc", {2, 1, -1, -2}, {0, 0, 1, 1}), 0.0);
  EXPECT_DOUBLE_EQ(Score("auc", {-0.0f, 0.0f}, {0, 1}), 0.5);
}

TEST(Auc, WeighsPairsByTheProductOfTheirWeights) {
  // Positive weights 2 (0.35) and 1 (0.4); negative weights 3 (0.1) and 5 (0.4).
  // 2*3 right, 2*5 wrong, 1*3 right, 1*5 tie: 11.5 of 24.
  EXPECT_DOUBLE_EQ(Score("auc", {0.1f, 0.4f, 0.35f, 0.4f}, {0, 0, 1, 1}, {3, 5, 2, 1}), 11.5 / 24);
}

TEST(Auc, TakesALabelBetweenZeroAndOneAsBothClasses) {
  // Row 1 is half a positive at 0.9 and half a negative at 0.9.
  // Positives: .5 at .9, 1 at .5; negatives: .5 at .9, 1 at .1.
  // .5*.5/2 + .5*1 + 1*0 + 1*1 = 1.625 of 1.5 * 1.5.
  EXPECT_DOUBLE_EQ(Score("auc", {0.9f, 0.5f, 0.1f}, {0.5f, 1, 0}), 1.625 / 2.25);
}

TEST(Auc, IsTheSameBySortingAsByAllPairs) {
  RandomStream random(5, {Purpose::kSynth});
  for (const std::uint64_t levels : {3u, 1000000u}) {
    Floats predictions;
    Floats label;
    Floats weight;
    for (int i = 0; i < 1500; ++i) {
      predictions.push_back(static_cast<float>(random.Below(levels)) - 1000.0f);
      label.push_back(static_cast<float>(random.Below(2)));
      weight.push_back(static_cast<float>(random.Below(4)));
    }
    double right[2] = {};
    double all[2] = {};
    for (std::size_t i = 0; i < label.size(); ++i) {
      for (std::size_t j = 0; j < label.size(); ++j) {
        if (label[i] != 1 || label[j] != 0) continue;
        const double share = predictions[i] > predictions[j]    ? 1
                             : predictions[i] == predictions[j] ? 0.5
                                                                : 0;
        const double both = double{weight[i]} * double{weight[j]};
        right[0] += share;
        all[0] += 1;
        right[1] += share * both;
        all[1] += both;
      }
    }
    EXPECT_NEAR(Score("auc", predictions, label), right[0] / all[0], 1e-13);
    EXPECT_NEAR(Score("auc", predictions, label, weight), right[1] / all[1], 1e-13);
  }
}

TEST(Auc, IsNotDefinedForOneClass) {
  EXPECT_TRUE(std::isnan(Score("auc", {0.1f, 0.2f}, {1, 1})));
  EXPECT_TRUE(std::isnan(Score("auc", {0.1f, 0.2f}, {0, 0}, {1, 2})));
  EXPECT_TRUE(std::isnan(Score("auc", {0.1f, 0.2f}, {0, 1}, {1, 0})));
  EXPECT_TRUE(std::isnan(Score("auc", {}, {})));
}

TEST(Auc, OrdersInfiniteMargins) {
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_DOUBLE_EQ(Score("auc", {-inf, 0, inf}, {0, 1, 1}), 1.0);
}

TEST(Merror, TakesTheFirstOfEquallyLikelyClasses) {
  const Floats p = {0.4f, 0.4f, 0.2f, 0.1f, 0.2f, 0.7f};
  EXPECT_DOUBLE_EQ(Score("merror", p, {0, 2}, {}, 3), 0.0);
  EXPECT_DOUBLE_EQ(Score("merror", p, {1, 2}, {}, 3), 0.5);
  EXPECT_DOUBLE_EQ(Score("merror", p, {1, 2}, {3, 1}, 3), 0.75);
}

TEST(Mlogloss, IsTheMeanOfMinusTheLogOfTheLabelsProbability) {
  const Floats p = {0.5f, 0.25f, 0.25f, 0.0f, 0.0f, 1.0f};
  EXPECT_NEAR(Score("mlogloss", p, {1, 2}, {}, 3), std::log(4.0) / 2, 1e-15);
  EXPECT_NEAR(Score("mlogloss", p, {0, 1}, {0, 1}, 3), -std::log(double{1e-16f}), 1e-12);
}

TEST(EveryMetric, IsNotDefinedWithoutWeightOrForPredictionsThatAreNoNumbers) {
  for (const std::string& name : MetricNames()) {
    const bool many = !MetricProblem(name, PredictionKind::kProbabilities);
    const int n_outputs = many ? 2 : 1;
    Floats predictions(static_cast<std::size_t>(3 * n_outputs), 0.5f);
    EXPECT_TRUE(std::isnan(Score(name, predictions, {0, 1, 1}, {0, 0, 0}, n_outputs))) << name;
    EXPECT_TRUE(std::isnan(Score(name, {}, {}, {}, n_outputs))) << name;
    predictions[1] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(Score(name, predictions, {0, 1, 1}, {}, n_outputs))) << name;
  }
}

TEST(EveryMetric, CountsAllRowsOfALongColumn) {
  // Row i of 5000 is wrong when i is a multiple of 5: 0.2 of them.
  Floats predictions(5000, 0.0f);
  Floats label(5000, 0.0f);
  for (std::size_t i = 0; i < 5000; i += 5) label[i] = 1;
  EXPECT_DOUBLE_EQ(Score("error", predictions, label), 0.2);
  EXPECT_DOUBLE_EQ(Score("mae", predictions, label), 0.2);
  EXPECT_DOUBLE_EQ(Score("rmse", predictions, label), std::sqrt(0.2));
}

TEST(UsualMetrics, AreThoseOfTheKindOfPrediction) {
  EXPECT_EQ(UsualMetrics(PredictionKind::kNumber), (std::vector<std::string>{"rmse", "mae", "r2"}));
  EXPECT_EQ(UsualMetrics(PredictionKind::kProbability),
            (std::vector<std::string>{"logloss", "error", "auc", "aucpr", "accuracy",
                                      "balanced_accuracy", "precision", "recall", "f1"}));
  EXPECT_EQ(
      UsualMetrics(PredictionKind::kProbabilities),
      (std::vector<std::string>{"auc", "aucpr", "accuracy", "balanced_accuracy", "precision_macro",
                                "recall_macro", "f1_macro", "merror", "mlogloss"}));
}

TEST(UsualMetrics, FitWhatTheyJudge) {
  using enum PredictionKind;
  for (const PredictionKind kind : {kNumber, kPositive, kProbability, kClass, kProbabilities,
                                    kQuantiles, kHazardRatio, kSurvivalTime, kRank}) {
    EXPECT_FALSE(UsualMetrics(kind).empty());
    for (const std::string& name : UsualMetrics(kind)) {
      EXPECT_EQ(MetricProblem(name, kind), std::nullopt) << name;
    }
  }
}

}  // namespace
}  // namespace coppice::trainer
