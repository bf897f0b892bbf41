#include "trainer/boost/linear_boosting.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "base/error.h"
#include "trainer/boost/train_session.h"

namespace coppice::trainer {
namespace {

TEST(CoordinateStep, IsNewtonsWithPenalties) {
  EXPECT_DOUBLE_EQ(CoordinateStep({-4, 2}, 0, 0, 0), 2);
  EXPECT_DOUBLE_EQ(CoordinateStep({-4, 2}, 0, 1, 0), 1.5);
  EXPECT_DOUBLE_EQ(CoordinateStep({-4, 2}, 0, 0, 2), 1);
  // lambda pulls a weight of 1 back by 2 * 1.
  EXPECT_DOUBLE_EQ(CoordinateStep({-4, 2}, 1, 0, 2), 0.5);
}

TEST(CoordinateStep, StopsAtZeroWhereThePenaltyHoldsIt) {
  EXPECT_DOUBLE_EQ(CoordinateStep({4, 2}, 1, 3, 0), -1);
  EXPECT_DOUBLE_EQ(CoordinateStep({4, 2}, 1, 1, 0), -1.5);
  EXPECT_DOUBLE_EQ(CoordinateStep({2, 2}, 0, 3, 0), 0);
}

TEST(CoordinateStep, IsNoneWithoutValues) { EXPECT_EQ(CoordinateStep({1, 1e-6}, 5, 0, 1), 0); }

// Columns x0 = 1, 2, 3, 4 and x1 = 1, -1, missing, 0, with the label 2 x0 - 3 x1.
struct LinearTable {
  Dataset data;
  std::vector<RowIndex> rows = {0, 1, 2, 3};
  std::shared_ptr<const BinnedMatrix> matrix;

  LinearTable() {
    data.n_rows = 4;
    data.values = {{1, 2, 3, 4}, {1, -1, std::numeric_limits<float>::quiet_NaN(), 0}};
    data.label = {-1, 7, 6, 8};
    data.schema.features.resize(2);
    data.part.assign(4, DataPart::kTrain);
    matrix = std::make_shared<const BinnedMatrix>(data, FindCuts(data, rows, 256));
  }

  Booster Train(const TrainParams& params, const std::vector<RowIndex>& train) const {
    TrainSession session({matrix, data.label, data.weight, train, {}, {}, data.values}, params, {},
                         false, {7, 0});
    session.Advance(params.num_round, nullptr);
    return session.MakeBooster(data.schema, 0);
  }
};

TrainParams Linear(int rounds) {
  TrainParams params;
  params.booster = BoosterKind::kGblinear;
  params.num_round = rounds;
  params.base_score = 0;
  return params;
}

TEST(LinearBoosting, TakesAStepInTheBiasAndThenInEachWeight) {
  const LinearTable table;
  TrainParams params = Linear(1);
  params.eta = 1;
  // The bias goes to the mean 5; then x0 to sum (y - 5) x0 / sum x0^2 = 13 / 30, and x1 to what is
  // left: (-6 - 13/30) * 1 - (2 - 26/30) over 2.
  const Booster booster = table.Train(params, table.rows);
  ASSERT_EQ(booster.linear_weights.size(), 3U);
  EXPECT_FLOAT_EQ(booster.linear_weights[2], 5);
  EXPECT_FLOAT_EQ(booster.linear_weights[0], 13 / 30.0F);
  EXPECT_FLOAT_EQ(booster.linear_weights[1],
                  static_cast<float>((-6 - 13 / 30.0 - 2 + 26 / 30.0) / 2));
  EXPECT_EQ(booster.linear_rounds, 1);
  EXPECT_TRUE(booster.trees.empty());
}

TEST(LinearBoosting, FindsTheFunctionBehindTheLabelInEveryOrder) {
  const LinearTable table;
  for (const FeatureOrder order :
       {FeatureOrder::kCyclic, FeatureOrder::kShuffle, FeatureOrder::kRandom,
        FeatureOrder::kThrifty, FeatureOrder::kGreedy}) {
    TrainParams params = Linear(600);
    params.feature_selector = order;
    const Booster booster = table.Train(params, table.rows);
    EXPECT_NEAR(booster.linear_weights[0], 2, 0.01) << static_cast<int>(order);
    EXPECT_NEAR(booster.linear_weights[1], -3, 0.01) << static_cast<int>(order);
    EXPECT_NEAR(booster.linear_weights[2], 0, 0.02) << static_cast<int>(order);
  }
}

TEST(LinearBoosting, LearnsFromNoRowThatDoesNotTrain) {
  LinearTable table;
  const Booster before = table.Train(Linear(5), {0, 1, 3});
  table.data.label[2] = 1000;
  EXPECT_EQ(table.Train(Linear(5), {0, 1, 3}), before);
  EXPECT_NE(table.Train(Linear(5), table.rows), before);
}

TEST(LinearBoosting, PenaltiesCountByTheWeightOfAllRows) {
  LinearTable table;
  TrainParams params = Linear(50);
  params.lambda = 0.1;
  params.alpha = 0.05;
  const Booster light = table.Train(params, table.rows);
  table.data.weight.assign(4, 8.0F);
  const Booster heavy = table.Train(params, table.rows);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(light.linear_weights[i], heavy.linear_weights[i], 1e-5);
  }
}

TEST(LinearBoosting, GreedyTakesTheLargestStepsOnly) {
  const LinearTable table;
  TrainParams params = Linear(1);
  params.feature_selector = FeatureOrder::kGreedy;
  params.top_k = 1;
  // After half a step in the bias, x1 would move by -4 and x0 by 38 / 30.
  const Booster booster = table.Train(params, table.rows);
  EXPECT_EQ(booster.linear_weights[0], 0);
  EXPECT_FLOAT_EQ(booster.linear_weights[1], -2);
}

TEST(LinearBoosting, WeightsThatOverflowAreAnErrorAndNoModel) {
  LinearTable table;
  table.data.values[0] = {1e10F, -1e10F, 1e10F, 2e10F};
  table.data.label = {1e38F, -1e38F, 1e38F, 1e38F};
  EXPECT_THROW(table.Train(Linear(20), table.rows), Error);
}

}  // namespace
}  // namespace coppice::trainer
