// Sessions that learn to rank.

#include <gtest/gtest.h>

#include <vector>

#include "tests/trainer/boost/sessions.h"
#include "trainer/data/queries.h"

namespace coppice::trainer {
namespace {

// Labels 0 and 1; groups of about ten rows, whose rows are spread over the table.
TestTable Ranked(RowIndex n_rows) {
  TestTable table = MakeTestTable(n_rows, 7, 3);
  const auto n_groups = static_cast<std::int32_t>(n_rows / 10);
  for (RowIndex row = 0; row < n_rows; ++row) {
    table.data.group.push_back(static_cast<std::int32_t>(row) * 7 % n_groups);
  }
  return table;
}

TrainParams Params(const char* objective, PairMethod method) {
  TrainParams params;
  params.objective = objective;
  params.rank_pair_method = method;
  params.num_round = 6;
  params.subsample = 0.9;
  return params;
}

std::string ModelOn(int threads, const TestTable& table, const TrainParams& params) {
  return ModelOn(threads, DataOf(table), table.data.schema, params, {7, 0});
}

TEST(RankingSession, IsTheSameOnAnyNumberOfThreads) {
  const TestTable table = Ranked(3000);
  for (const char* objective : {"rank:ndcg", "rank:map", "rank:pairwise"}) {
    for (const PairMethod method : {PairMethod::kTopK, PairMethod::kMean}) {
      const TrainParams params = Params(objective, method);
      EXPECT_EQ(ModelOn(1, table, params), ModelOn(4, table, params)) << objective;
    }
  }
}

TEST(RankingSession, LearnsTheOrderOfRowsThatItHasNotSeen) {
  const TestTable table = Ranked(4000);
  const Parts parts = Divide(table);
  for (const char* objective : {"rank:ndcg", "rank:map", "rank:pairwise"}) {
    for (const PairMethod method : {PairMethod::kTopK, PairMethod::kMean}) {
      const auto map = MakeMetric("map-");
      const auto auc = MakeMetric("auc");
      TrainSession session(DataOf(table, parts), Params(objective, method), {map.get(), auc.get()},
                           false, {7, 0});
      session.Advance(6, nullptr);
      EXPECT_GT(session.curves().validation[0].back(), 0.9) << objective;
      EXPECT_GT(session.curves().validation[1].back(), 0.9) << objective;
    }
  }
}

TEST(RankingSession, JudgesEachGroupWhereverItsRowsStand) {
  const TestTable table = Ranked(1000);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("map@3");
  TrainSession session(DataOf(table, parts), Params("rank:map", PairMethod::kTopK), {metric.get()},
                       false, {7, 0});
  session.Advance(3, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 0);
  const QueryOrder order = OrderByQuery(parts.validation, table.data.group);
  const std::vector<float> scores = MarginsAt(table, booster, order.rows);
  std::vector<float> label;
  for (const RowIndex row : order.rows) label.push_back(table.data.label[row]);
  Labels labels(label);
  labels.query_begin = order.query_begin;
  EXPECT_EQ(session.curves().validation[0][2], metric->Evaluate(scores, labels, {}, 1));
}

TEST(RankingSession, DoesNotDependOnTheScaleOfWeights) {
  TestTable table = Ranked(1000);
  const TrainParams params = Params("rank:ndcg", PairMethod::kTopK);
  for (RowIndex row = 0; row < 1000; ++row) {
    table.data.weight.push_back(table.data.group[row] % 2 == 0 ? 2.0F : 1.0F);
  }
  const std::string weighted = ModelOn(1, table, params);
  for (float& weight : table.data.weight) weight *= 8;
  EXPECT_EQ(ModelOn(1, table, params), weighted);
  table.data.weight.assign(1000, 8);
  EXPECT_NE(ModelOn(1, table, params), weighted);
}

}  // namespace
}  // namespace coppice::trainer
