// Metrics of lists, on paper. Two queries of three and two rows.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "trainer/metric/metric.h"

namespace coppice::trainer {
namespace {

const std::vector<std::uint32_t> kQueries = {0, 3, 5};
// Orders of the rows: 2 0 1 and 0 1.
const std::vector<float> kScores = {0.5f, 0.25f, 0.75f, 1, -1};

double Score(const char* metric, const std::vector<float>& label,
             const std::vector<float>& weight = {}, bool exp_gain = true,
             const std::vector<float>& scores = kScores) {
  ObjectiveSettings settings;
  settings.rank.exp_gain = exp_gain;
  Labels labels(label);
  labels.query_begin = kQueries;
  return MakeMetric(metric, settings)->Evaluate(scores, labels, weight, 1);
}

// The gain at the second place counts so much.
const double kSecond = 1 / std::log2(3.0);

TEST(Ndcg, IsTheMeanOverQueriesOfDiscountedGains) {
  // 2^r - 1: 0 3 1 in order 1 0 3 over the ideal 3 1 0; then 0 1 over 1 0.
  const double first = (1 + 0.5 * 3) / (3 + kSecond);
  EXPECT_DOUBLE_EQ(Score("ndcg", {0, 2, 1, 0, 1}), (first + kSecond) / 2);
}

TEST(Ndcg, MayLookAtTheFirstPlacesOnly) {
  EXPECT_DOUBLE_EQ(Score("ndcg@1", {0, 2, 1, 0, 1}), (1.0 / 3 + 0) / 2);
  EXPECT_DOUBLE_EQ(Score("ndcg@2", {0, 2, 1, 0, 1}), (1 / (3 + kSecond) + kSecond) / 2);
}

TEST(Ndcg, MayGainTheRelevanceItself) {
  EXPECT_DOUBLE_EQ(Score("ndcg@1", {0, 2, 1, 0.5f, 0}, {}, false), (0.5 + 1) / 2);
}

TEST(Ndcg, WeighsQueries) {
  EXPECT_DOUBLE_EQ(Score("ndcg@1", {0, 2, 1, 1, 0}, {3, 3, 3, 1, 1}), (3 * 1.0 / 3 + 1) / 4);
}

TEST(Ndcg, OfAListWithoutARelevantRowIsOneOrZero) {
  EXPECT_DOUBLE_EQ(Score("ndcg@1", {0, 0, 0, 0, 1}), 0.5);
  EXPECT_DOUBLE_EQ(Score("ndcg@1-", {0, 0, 0, 0, 1}), 0.0);
  EXPECT_DOUBLE_EQ(Score("ndcg-", {0, 0, 0, 1, 0}), 0.5);
}

TEST(Ndcg, IsNotDefinedForLabelsThatAreNoRelevances) {
  EXPECT_TRUE(std::isnan(Score("ndcg", {0, 2, 1, 0.5f, 1})));
  EXPECT_TRUE(std::isnan(Score("ndcg", {0, 2, 1, 40, 1})));
  EXPECT_TRUE(std::isnan(Score("ndcg", {0, 2, -1, 0, 1}, {}, false)));
}

TEST(Map, IsTheMeanPrecisionAtRelevantRows) {
  // Labels 1 0 1 in order: 1/1 and 2/3; then 0 1: 1/2.
  EXPECT_DOUBLE_EQ(Score("map", {0, 1, 1, 0, 1}), ((1 + 2.0 / 3) / 2 + 0.5) / 2);
}

TEST(Map, CountsAsManyRelevantRowsAsThePlacesHold) {
  EXPECT_DOUBLE_EQ(Score("map@1", {0, 1, 1, 0, 1}), (1.0 + 0) / 2);
  EXPECT_DOUBLE_EQ(Score("map@2", {0, 1, 1, 0, 1}), (0.5 + 0.5) / 2);
}

TEST(Map, OfAListWithoutARelevantRowIsOneOrZero) {
  EXPECT_DOUBLE_EQ(Score("map", {0, 0, 0, 1, 0}), 1.0);
  EXPECT_DOUBLE_EQ(Score("map-", {0, 0, 0, 1, 0}), 0.5);
  EXPECT_TRUE(std::isnan(Score("map", {0, 2, 0, 1, 0})));
}

TEST(Pre, IsTheShareOfRelevantRowsAmongTheFirst) {
  EXPECT_DOUBLE_EQ(Score("pre@1", {0, 1, 1, 0, 1}), 0.5);
  EXPECT_DOUBLE_EQ(Score("pre@2", {0, 1, 1, 0, 1}), 0.5);
  EXPECT_DOUBLE_EQ(Score("pre", {0, 1, 1, 0, 1}), (2.0 / 3 + 0.5) / 2);
  EXPECT_TRUE(std::isnan(Score("pre", {0, 0.5f, 1, 0, 1})));
}

TEST(Auc, OfQueriesIsTheMeanShareOfPairsInOrder) {
  // Labels 0 2 1 in the order 1 0 2: of three pairs one is right; the second query has a tie.
  EXPECT_DOUBLE_EQ(Score("auc", {0, 2, 1, 0, 1}, {}, true, {0.5f, 0.25f, 0.75f, 1, 1}),
                   (1.0 / 3 + 0.5) / 2);
}

TEST(Auc, LeavesOutQueriesWithOneLabel) {
  EXPECT_DOUBLE_EQ(Score("auc", {1, 1, 1, 1, 0}), 1.0);
  EXPECT_TRUE(std::isnan(Score("auc", {1, 1, 1, 0, 0})));
}

TEST(RankingMetrics, AreNamedAsTheyAreAskedFor) {
  for (const char* name : {"ndcg", "ndcg-", "ndcg@5", "ndcg@5-", "map@12-", "pre@1"}) {
    EXPECT_EQ(MakeMetric(name)->name(), name);
    EXPECT_TRUE(MakeMetric(name)->maximize());
  }
  for (const char* name : {"ndcg@", "ndcg@0", "ndcg@-", "ndcg@x", "ndcg@-3", "ndcg5", "pre@1.5"}) {
    EXPECT_EQ(MakeMetric(name), nullptr) << name;
  }
}

TEST(RankingMetrics, JudgeRankingsOnly) {
  EXPECT_EQ(MetricProblem("ndcg@5", PredictionKind::kRank), std::nullopt);
  EXPECT_EQ(MetricProblem("auc", PredictionKind::kRank), std::nullopt);
  EXPECT_TRUE(MetricProblem("ndcg@5", PredictionKind::kProbability).has_value());
  EXPECT_TRUE(MetricProblem("rmse", PredictionKind::kRank).has_value());
}

}  // namespace
}  // namespace coppice::trainer
