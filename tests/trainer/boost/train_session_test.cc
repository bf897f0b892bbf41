#include "trainer/boost/train_session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "tests/trainer/boost/sessions.h"
#include "trainer/objective/quantile.h"

namespace coppice::trainer {
namespace {

TrainParams Logistic(int rounds) {
  TrainParams params;
  params.objective = "binary:logistic";
  params.num_round = rounds;
  return params;
}

TEST(TrainSession, TheCurveIsTheMetricOfTheModelAfterEachRound) {
  const TestTable table = MakeTestTable(2000, 11, 1);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("logloss");
  TrainSession session(DataOf(table, parts), Logistic(12), {metric.get()}, true, {7, 0});
  session.Advance(12, nullptr);
  for (const int round : {1, 5, 12}) {
    const Booster booster = session.MakeBooster(table.data.schema, round);
    EXPECT_EQ(booster.n_rounds(), round);
    EXPECT_EQ(session.curves().validation[0][static_cast<std::size_t>(round - 1)],
              ScoreAt(table, booster, parts.validation, Logistic(12), *metric));
  }
  const auto& train = session.curves().train[0];
  EXPECT_LT(train.back(), train.front());
  EXPECT_LT(train.back(), 0.2);
}

TEST(TrainSession, AdvancingInStepsIsAdvancingAtOnce) {
  const TestTable table = MakeTestTable(1500, 11, 2);
  const Parts parts = Divide(table);
  TrainParams params = Logistic(10);
  params.subsample = 0.7;
  params.colsample_bynode = 0.5;
  TrainSession at_once(DataOf(table, parts), params, {}, false, {7, 0});
  TrainSession in_steps(DataOf(table, parts), params, {}, false, {7, 0});
  EXPECT_EQ(at_once.Advance(100, nullptr), 10);
  EXPECT_EQ(in_steps.Advance(3, nullptr), 3);
  EXPECT_EQ(in_steps.Advance(1, nullptr), 1);
  EXPECT_FALSE(in_steps.finished());
  EXPECT_EQ(in_steps.Advance(6, nullptr), 6);
  EXPECT_TRUE(in_steps.finished());
  EXPECT_EQ(in_steps.MakeBooster(table.data.schema, 0), at_once.MakeBooster(table.data.schema, 0));
  EXPECT_EQ(in_steps.Work(10), at_once.Work(10));
}

TEST(TrainSession, WorkIsOfTheRoundsThatAreAskedAbout) {
  const TestTable table = MakeTestTable(1500, 11, 2);
  const Parts parts = Divide(table);
  for (const BoosterKind booster :
       {BoosterKind::kGbtree, BoosterKind::kDart, BoosterKind::kGblinear}) {
    TrainParams params = Logistic(6);
    params.booster = booster;
    TrainSession session(DataOf(table, parts), params, {}, false, {7, 0});
    session.Advance(6, nullptr);
    EXPECT_EQ(session.Work(0), 0);
    EXPECT_GT(session.Work(3), 0);
    EXPECT_GT(session.Work(6), session.Work(3));
    // Each round passes over the rows once for each column at least.
    EXPECT_GE(session.Work(6), 6.0 * static_cast<double>(parts.train.size()) * 11);
  }
}

TEST(TrainSession, TheModelDependsOnTheKeyAndOnNoThread) {
  const TestTable table = MakeTestTable(20000, 20, 3);
  const Parts parts = Divide(table);
  TrainParams params = Logistic(5);
  params.subsample = 0.5;
  const auto train = [&](int threads, SessionKey key) {
    return ModelOn(threads, DataOf(table, parts), table.data.schema, params, key);
  };
  const std::string one = train(1, {7, 0});
  EXPECT_EQ(train(2, {7, 0}), one);
  EXPECT_EQ(train(8, {7, 0}), one);
  EXPECT_NE(train(1, {8, 0}), one);
  EXPECT_NE(train(1, {7, 1}), one);
}

TEST(TrainSession, SubsampleTakesItsShareOfRows) {
  const TestTable table = MakeTestTable(20000, 5, 4);
  TrainParams params;
  params.num_round = 1;
  params.max_depth = 1;
  params.subsample = 0.3;
  TrainSession session(DataOf(table), params, {}, false, {7, 0});
  session.Advance(1, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 0);
  // The hessian of squared error counts the rows: 6000 expected, standard deviation 65.
  EXPECT_NEAR(booster.trees[0].sum_hessian[0], 6000, 300);
}

TEST(TrainSession, AWeightOfTwoIsTheRowTwice) {
  // Rows 0..99 once with weight 2, against the same rows written down twice.
  TestTable once = MakeTestTable(100, 3, 5);
  once.data.weight.assign(100, 2.0F);
  TestTable twice = once;
  twice.data.weight.clear();
  twice.data.n_rows = 200;
  for (auto& column : twice.data.values) column.insert(column.end(), column.begin(), column.end());
  twice.data.label.insert(twice.data.label.end(), once.data.label.begin(), once.data.label.end());
  twice.rows.resize(200);
  std::iota(twice.rows.begin(), twice.rows.end(), 0);
  twice.matrix =
      std::make_shared<const BinnedMatrix>(twice.data, FindCuts(twice.data, twice.rows, 256));
  const auto train = [](const TestTable& table) {
    TrainParams params;
    params.num_round = 1;
    TrainSession session(DataOf(table), params, {}, false, {7, 0});
    session.Advance(1, nullptr);
    return session.MakeBooster(table.data.schema, 0);
  };
  const Booster a = train(once);
  const Booster b = train(twice);
  EXPECT_EQ(a.trees[0].left, b.trees[0].left);
  EXPECT_EQ(a.trees[0].feature, b.trees[0].feature);
  EXPECT_EQ(a.trees[0].sum_hessian, b.trees[0].sum_hessian);
}

TEST(TrainSession, ClassesHaveATreeEachAndLearn) {
  TestTable table = MakeTestTable(1500, 11, 6);
  for (RowIndex row = 0; row < 1500; ++row) {
    table.data.label[row] = std::floor(table.data.values[0][row] / 3.4F);
  }
  const Parts parts = Divide(table);
  TrainParams params;
  params.objective = "multi:softprob";
  params.num_class = 3;
  params.num_round = 8;
  const auto metric = MakeMetric("merror");
  TrainSession session(DataOf(table, parts), params, {metric.get()}, false, {7, 0});
  session.Advance(8, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 0);
  EXPECT_EQ(booster.trees.size(), 24U);
  EXPECT_EQ(booster.base_score.size(), 3U);
  EXPECT_LT(session.curves().validation[0].back(), 0.02);
}

TEST(TrainSession, AnObjectiveThatComparesRowsSeesThoseThatTrainAndNoOthers) {
  TestTable table = MakeTestTable(9000, 5, 3);
  for (std::size_t i = 0; i < table.data.label.size(); ++i) {
    const float time = static_cast<float>(i % 50 + 1);
    table.data.label[i] = table.data.label[i] > 0.5f ? time : -time - 10;
  }
  const Parts parts = Divide(table);
  TrainParams params;
  params.objective = "survival:cox";
  params.num_round = 3;
  const auto metric = MakeMetric("cox-nloglik");
  TrainSession session(DataOf(table, parts), params, {metric.get()}, true, {7, 0});
  session.Advance(3, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 0);

  const auto objective = MakeObjective("survival:cox", {});
  std::vector<float> label;
  for (const RowIndex row : parts.train) label.push_back(table.data.label[row]);
  const std::vector<float> base = objective->EstimateBaseScore(label, {});
  EXPECT_EQ(booster.base_score, base);
  std::vector<GradientPair> pairs(label.size());
  objective->Gradients(std::vector<float>(label.size(), objective->ToMargin(base[0])), label, {},
                       pairs);
  double hessian = 0;
  for (const GradientPair& pair : pairs) hessian += double{pair.hessian};
  EXPECT_NEAR(booster.trees[0].sum_hessian[0], hessian, 1e-5 * hessian);
  EXPECT_LT(session.curves().train[0][2], session.curves().train[0][0]);
}

TEST(TrainSession, LeavesOfAQuantileAreThatOfTheirRowsResiduals) {
  // The median of all is 4. Signs of 4 - label part x = 0 from x = 1; residuals are -3 -2 -1 and
  // 0 2 3 6, their medians -2 and 2.5.
  TestTable table;
  table.data.n_rows = 7;
  table.data.values = {{0, 0, 0, 1, 1, 1, 1}};
  table.data.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  table.data.label = {1, 2, 3, 4, 6, 7, 10};
  table.rows = {0, 1, 2, 3, 4, 5, 6};
  table.matrix =
      std::make_shared<const BinnedMatrix>(table.data, FindCuts(table.data, table.rows, 256));
  TrainParams params;
  params.objective = "reg:absoluteerror";
  params.eta = 0.5;
  params.num_round = 1;
  TrainSession session(DataOf(table), params, {}, false, {7, 0});
  session.Advance(1, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 0);
  EXPECT_EQ(booster.base_score, std::vector<float>{4});
  ASSERT_EQ(booster.trees[0].n_nodes(), 3);
  EXPECT_FLOAT_EQ(booster.trees[0].threshold[1], 0.5F * -2.0F);
  EXPECT_FLOAT_EQ(booster.trees[0].threshold[2], 0.5F * 2.5F);
}

// Each output is a quantile: about so many labels lie below it.
TEST(TrainSession, QuantilesHaveTheirShareOfTheLabelsBelowThem) {
  TestTable table = MakeTestTable(4000, 5, 12);
  RandomStream noise(5, {Purpose::kSynth});
  for (RowIndex row = 0; row < table.data.n_rows; ++row) {
    table.data.label[row] += static_cast<float>(noise.Normal());
  }
  const Parts parts = Divide(table);
  TrainParams params;
  params.objective = "reg:quantileerror";
  params.quantile_alpha = {0.1, 0.5, 0.8};
  params.num_round = 30;
  params.eta = 0.1;
  params.max_depth = 3;
  params.subsample = 0.8;
  const auto metric = MakeMetric("quantile", SettingsOf(params));
  TrainSession session(DataOf(table, parts), params, {metric.get()}, true, {7, 0});
  session.Advance(30, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 0);
  const std::vector<float> margins = MarginsAt(table, booster, parts.validation);
  for (std::size_t k = 0; k < 3; ++k) {
    double below = 0;
    for (std::size_t i = 0; i < parts.validation.size(); ++i) {
      if (table.data.label[parts.validation[i]] < margins[i * 3 + k]) ++below;
    }
    EXPECT_NEAR(below / static_cast<double>(parts.validation.size()), params.quantile_alpha[k],
                0.04);
  }
  EXPECT_EQ(session.curves().validation[0].back(),
            ScoreAt(table, booster, parts.validation, params, *metric));
  EXPECT_LT(session.curves().train[0].back(), session.curves().train[0].front());
}

TEST(TrainSession, RowsThatWereNotSampledDoNotSpeakInLeafQuantiles) {
  const TestTable table = MakeTestTable(400, 1, 2);
  TrainParams params;
  params.objective = "reg:absoluteerror";
  params.subsample = 0.5;
  params.max_depth = 1;
  params.eta = 1;
  params.num_round = 1;
  std::vector<float> label(400);
  std::iota(label.begin(), label.end(), 0.0F);
  TrainSession session({table.matrix, label, {}, table.rows, {}}, params, {}, false, {7, 0});
  session.Advance(1, nullptr);
  const Tree tree = session.MakeBooster(table.data.schema, 0).trees[0];
  // The rows of the sample are those that the tree weighs.
  EXPECT_LT(tree.sum_hessian[0], 250);
  EXPECT_GT(tree.sum_hessian[0], 150);
  std::vector<float> all;
  for (const RowIndex row : table.rows) {
    const std::vector<float> x = {table.data.values[0][row]};
    if (tree.LeafOf(x) == tree.left[0]) all.push_back(label[row] - 199.5F);
  }
  EXPECT_NE(tree.threshold[1], QuantileOf(all, {}, 0.5));
}

TEST(TrainSession, AGivenBaseScoreIsWhereItStarts) {
  const TestTable table = MakeTestTable(200, 3, 7);
  TrainParams params = Logistic(1);
  params.base_score = 0.25;
  TrainSession session(DataOf(table), params, {}, false, {7, 0});
  EXPECT_EQ(session.MakeBooster(table.data.schema, 0).base_score, std::vector<float>{0.25F});
}

TEST(TrainSession, CancellingEndsItAtARoundsBorder) {
  const TestTable table = MakeTestTable(200, 3, 8);
  CancelToken cancel;
  cancel.Cancel();
  TrainSession session(DataOf(table), Logistic(5), {}, false, {7, 0});
  EXPECT_EQ(session.Advance(5, &cancel), 0);
  EXPECT_EQ(session.rounds(), 0);
}

TEST(TrainSession, LabelsThatDoNotFitTheObjectiveAreRefused) {
  TestTable table = MakeTestTable(50, 3, 9);
  table.data.label[7] = 3;
  try {
    TrainSession session(DataOf(table), Logistic(5), {}, false, {7, 0});
    FAIL() << "label 3 was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
  }
}

TEST(TrainSession, GradientsThatOverflowAreAnErrorAndNoModel) {
  TestTable table = MakeTestTable(50, 3, 10);
  table.data.label[3] = 3e38F;
  table.data.weight.assign(50, 1e30F);
  TrainParams params;
  TrainSession session(DataOf(table), params, {}, false, {7, 0});
  EXPECT_THROW(session.Advance(1, nullptr), Error);
}

}  // namespace
}  // namespace coppice::trainer
