// What holds for every way of boosting: trees, forests, dropout, linear models, each with the
// samples that it may draw.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "tests/trainer/boost/sessions.h"
#include "trainer/boost/mean_model.h"
#include "trainer/model_io/model_file.h"

namespace coppice::trainer {
namespace {

struct Way {
  std::string name;
  TrainParams params;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

TrainParams Classes(int rounds) {
  TrainParams params;
  params.objective = "multi:softprob";
  params.num_class = 3;
  params.num_round = rounds;
  params.max_depth = 4;
  return params;
}

std::vector<Way> Ways() {
  const TrainParams base = Classes(8);
  std::vector<Way> ways;
  const auto add = [&](const std::string& name, auto change) {
    ways.push_back({name, base});
    change(ways.back().params);
  };
  add("trees", [](TrainParams& params) { params.subsample = 0.7; });
  add("trees_by_gradient", [](TrainParams& params) {
    params.subsample = 0.4;
    params.sampling_method = SamplingMethod::kGradientBased;
  });
  add("forest", [](TrainParams& params) {
    params.num_parallel_tree = 3;
    params.subsample = 0.6;
    params.colsample_bynode = 0.6;
  });
  add("dart", [](TrainParams& params) {
    params.booster = BoosterKind::kDart;
    params.rate_drop = 0.3;
    params.subsample = 0.8;
  });
  add("dart_of_forests", [](TrainParams& params) {
    params.booster = BoosterKind::kDart;
    params.rate_drop = 0.2;
    params.skip_drop = 0.3;
    params.one_drop = 1;
    params.sample_type = DropSampling::kWeighted;
    params.normalize_type = DropScaling::kForest;
    params.num_parallel_tree = 2;
    params.subsample = 0.5;
    params.sampling_method = SamplingMethod::kGradientBased;
  });
  add("linear", [](TrainParams& params) {
    params.booster = BoosterKind::kGblinear;
    params.feature_selector = FeatureOrder::kShuffle;
    params.lambda = 0.01;
  });
  return ways;
}

// Numeric columns alone, so that linear models can use them; three classes.
TestTable Table(RowIndex n_rows) {
  TestTable table = MakeTestTable(n_rows, 4, 3);
  for (RowIndex row = 0; row < n_rows; ++row) {
    table.data.label[row] = std::floor(table.data.values[0][row] / 3.4F);
    table.data.weight.push_back(0.5F + static_cast<float>(row % 7));
  }
  return table;
}

class WaysOfBoosting : public ::testing::TestWithParam<Way> {};

TEST_P(WaysOfBoosting, TheCurveIsTheMetricOfTheModelAfterEachRound) {
  const TestTable table = Table(1200);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("mlogloss");
  TrainSession session(DataOf(table, parts), GetParam().params, {metric.get()}, false, {7, 0});
  session.Advance(8, nullptr);
  for (int round = 1; round <= 8; ++round) {
    const Booster booster = session.MakeBooster(table.data.schema, round);
    EXPECT_EQ(booster.n_rounds(), round);
    EXPECT_EQ(session.curves().validation[0][static_cast<std::size_t>(round - 1)],
              ScoreAt(table, booster, parts.validation, GetParam().params, *metric))
        << round;
  }
  EXPECT_LT(session.curves().validation[0].back(), session.curves().validation[0].front());
}

TEST_P(WaysOfBoosting, ASessionOfFewerRoundsGivesTheModelOfThoseRounds) {
  const TestTable table = Table(800);
  const Parts parts = Divide(table);
  TrainParams few = GetParam().params;
  few.num_round = 5;
  TrainSession longer(DataOf(table, parts), GetParam().params, {}, false, {7, 0});
  TrainSession shorter(DataOf(table, parts), few, {}, false, {7, 0});
  longer.Advance(8, nullptr);
  shorter.Advance(2, nullptr);
  shorter.Advance(3, nullptr);
  EXPECT_EQ(longer.MakeBooster(table.data.schema, 5), shorter.MakeBooster(table.data.schema, 0));
  EXPECT_NE(longer.MakeBooster(table.data.schema, 4), shorter.MakeBooster(table.data.schema, 0));
}

TEST_P(WaysOfBoosting, ASessionGoesOnFromTheStateOfAnother) {
  const TestTable table = Table(800);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("mlogloss");
  const auto begin = [&] {
    return TrainSession(DataOf(table, parts), GetParam().params, {metric.get()}, true, {7, 0});
  };
  TrainSession whole = begin();
  whole.Advance(8, nullptr);
  TrainSession first = begin();
  first.Advance(5, nullptr);
  const std::string state = first.SaveState();
  TrainSession second = begin();
  ASSERT_TRUE(second.LoadState(state));
  EXPECT_EQ(second.rounds(), 5);
  EXPECT_EQ(second.SaveState(), state);
  second.Advance(8, nullptr);
  EXPECT_EQ(second.MakeBooster(table.data.schema, 0), whole.MakeBooster(table.data.schema, 0));
  EXPECT_EQ(second.curves().train, whole.curves().train);
  EXPECT_EQ(second.curves().validation, whole.curves().validation);
}

TEST_P(WaysOfBoosting, NoPartOfAStateIsTakenForAState) {
  const TestTable table = Table(60);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("mlogloss");
  const auto begin = [&] {
    return TrainSession(DataOf(table, parts), GetParam().params, {metric.get()}, false, {7, 0});
  };
  TrainSession session = begin();
  session.Advance(2, nullptr);
  const std::string state = session.SaveState();
  for (std::size_t n = 0; n < state.size(); n += 1 + state.size() / 50) {
    EXPECT_FALSE(begin().LoadState(std::string_view(state).substr(0, n))) << n;
  }
  EXPECT_FALSE(begin().LoadState(state + "x"));
  // Its first bytes are the number of the format.
  std::string of_another = state;
  ++of_another[0];
  EXPECT_FALSE(begin().LoadState(of_another));
}

// To a file and back, since a mean is made to be written.
TEST_P(WaysOfBoosting, TheMeanOfModelsPredictsTheMeanOfTheirMargins) {
  const TestTable table = Table(400);
  std::vector<Booster> models;
  std::vector<double> sums(table.rows.size() * 3);
  for (const std::uint64_t seed : {1, 2, 3}) {
    TrainParams params = GetParam().params;
    params.seed = seed;
    TrainSession session(DataOf(table), params, {}, false, {7, 0});
    session.Advance(8, nullptr);
    models.push_back(session.MakeBooster(table.data.schema, 0));
    const std::vector<float> margins = MarginsAt(table, models.back(), table.rows);
    for (std::size_t i = 0; i < margins.size(); ++i) sums[i] += margins[i];
  }
  EXPECT_NE(models[0], models[1]);
  const Booster mean = BoosterFromXgboostJson(ToXgboostJson(MeanOf(models)), "mean.json");
  EXPECT_EQ(mean.n_rounds(), models[0].n_rounds());
  const std::vector<float> margins = MarginsAt(table, mean, table.rows);
  for (std::size_t i = 0; i < margins.size(); ++i) {
    EXPECT_NEAR(margins[i], sums[i] / 3, 1e-5 * std::max(1.0, std::fabs(sums[i] / 3))) << i;
  }
}

// After so many looks at the clock the time is up.
class EndingClock : public Clock {
 public:
  explicit EndingClock(int looks) : left_(looks) {}
  double Now() const override { return left_-- > 0 ? 0 : 2; }
  double WallTime() const override { return 0; }

 private:
  mutable std::atomic<int> left_;
};

TEST_P(WaysOfBoosting, BehindALimitARoundCountsForNothing) {
  const TestTable table = Table(800);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("mlogloss");
  TrainSession whole(DataOf(table, parts), GetParam().params, {metric.get()}, false, {7, 0});
  whole.Advance(8, nullptr);
  const CancelToken never;
  int most_rounds = 0;
  for (int looks = 0; looks < 60; looks += 3) {
    const EndingClock clock(looks);
    const WorkLimit limit(never, clock, 1);
    SessionData data = DataOf(table, parts);
    data.limit = &limit;
    TrainSession session(data, GetParam().params, {metric.get()}, false, {7, 0});
    const int rounds = session.Advance(8, nullptr);
    most_rounds = std::max(most_rounds, rounds);
    EXPECT_EQ(session.rounds(), rounds);
    EXPECT_EQ(session.is_broken(), rounds < 8);
    ASSERT_EQ(session.curves().validation[0].size(), static_cast<std::size_t>(rounds));
    if (rounds > 0) {
      EXPECT_EQ(session.MakeBooster(table.data.schema, rounds),
                whole.MakeBooster(table.data.schema, rounds));
    }
  }
  EXPECT_GT(most_rounds, 0);
}

TEST_P(WaysOfBoosting, TheModelDependsOnTheKeyAndOnNoThread) {
  const TestTable table = Table(10000);
  const Parts parts = Divide(table);
  TrainParams params = GetParam().params;
  params.num_round = 3;
  const auto train = [&](int threads, SessionKey key) {
    return ModelOn(threads, DataOf(table, parts), table.data.schema, params, key);
  };
  const std::string one = train(1, {7, 0});
  EXPECT_EQ(train(2, {7, 0}), one);
  EXPECT_EQ(train(8, {7, 0}), one);
  EXPECT_NE(train(1, {8, 0}), one);
  EXPECT_NE(train(1, {7, 1}), one);
}

TEST_P(WaysOfBoosting, TheModelSurvivesItsFile) {
  const TestTable table = Table(400);
  const Parts parts = Divide(table);
  TrainSession session(DataOf(table, parts), GetParam().params, {}, false, {7, 0});
  session.Advance(4, nullptr);
  const Booster booster = session.MakeBooster(table.data.schema, 3);
  EXPECT_EQ(BoosterFromModelFile(ToXgboostJson(booster), "model.json"), booster);
  EXPECT_EQ(BoosterFromModelFile(ToXgboostUbjson(booster), "model.ubj"), booster);
}

TEST_P(WaysOfBoosting, ContinuingAModelIsHavingTrainedItInOneGo) {
  TrainParams params = GetParam().params;
  if (params.booster == BoosterKind::kDart) return;
  const TestTable table = Table(800);
  const Parts parts = Divide(table);
  const auto metric = MakeMetric("mlogloss");
  TrainSession at_once(DataOf(table, parts), params, {metric.get()}, false, {7, 0});
  at_once.Advance(8, nullptr);
  const Booster first = at_once.MakeBooster(table.data.schema, 3);
  const std::vector<float> margins = PredictMargins(first, table.data.values, table.data.n_rows);
  SessionData data = DataOf(table, parts);
  data.start = {&first, margins};
  params.num_round = 5;
  TrainSession continued(data, params, {metric.get()}, false, {7, 0});
  EXPECT_EQ(continued.Advance(100, nullptr), 5);
  EXPECT_EQ(continued.MakeBooster(table.data.schema, 0), at_once.MakeBooster(table.data.schema, 0));
  EXPECT_EQ(continued.MakeBooster(table.data.schema, 2), at_once.MakeBooster(table.data.schema, 5));
  const std::vector<double>& whole = at_once.curves().validation[0];
  EXPECT_EQ(continued.curves().validation[0], std::vector<double>(whole.begin() + 3, whole.end()));
}

INSTANTIATE_TEST_SUITE_P(All, WaysOfBoosting, ::testing::ValuesIn(Ways()),
                         [](const auto& way_of) { return way_of.param.name; });

Booster TrainAll(const TestTable& table, const TrainParams& params) {
  TrainSession session(DataOf(table), params, {}, false, {7, 0});
  session.Advance(params.num_round, nullptr);
  return session.MakeBooster(table.data.schema, 0);
}

TEST(Dart, WithoutDropsGrowsTheTreesOfGbtree) {
  const TestTable table = Table(500);
  TrainParams params = Classes(4);
  const Booster plain = TrainAll(table, params);
  params.booster = BoosterKind::kDart;
  Booster dart = TrainAll(table, params);
  EXPECT_EQ(dart.tree_weights, std::vector<float>(12, 1.0F));
  dart.tree_weights.clear();
  EXPECT_EQ(dart, plain);
}

TEST(Dart, LaterRoundsScaleEarlierTreesAndModelsOfFewerRoundsHaveTheOldWeights) {
  const TestTable table = Table(500);
  TrainParams params = Classes(3);
  params.objective = "reg:squarederror";
  params.num_class = 0;
  params.booster = BoosterKind::kDart;
  params.rate_drop = 1;
  params.eta = 0.5;
  TrainSession session(DataOf(table), params, {}, false, {});
  session.Advance(3, nullptr);
  const auto weights = [&](int rounds) {
    return session.MakeBooster(table.data.schema, rounds).tree_weights;
  };
  EXPECT_EQ(weights(1), std::vector<float>{1});
  ASSERT_EQ(weights(2).size(), 2U);
  EXPECT_FLOAT_EQ(weights(2)[0], 1 / 1.5F);
  EXPECT_FLOAT_EQ(weights(2)[1], 1 / 1.5F);
  ASSERT_EQ(weights(3).size(), 3U);
  EXPECT_FLOAT_EQ(weights(3)[0], 1 / 1.5F * 2 / 2.5F);
  EXPECT_FLOAT_EQ(weights(3)[2], 1 / 2.5F);
}

TEST(Forest, TreesOfARoundShareTheStepAndTheGradients) {
  const TestTable table = Table(500);
  TrainParams params = Classes(1);
  const Booster one = TrainAll(table, params);
  params.num_parallel_tree = 4;
  const Booster four = TrainAll(table, params);
  EXPECT_EQ(four.parallel_trees, 4);
  EXPECT_EQ(four.n_rounds(), 1);
  ASSERT_EQ(four.trees.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) {
    const Tree& whole = one.trees[i / 4];
    const Tree& part = four.trees[i];
    ASSERT_EQ(part.left, whole.left) << i;
    for (std::int32_t node = 0; node < part.n_nodes(); ++node) {
      const auto at = static_cast<std::size_t>(node);
      const float share = part.IsLeaf(node) ? 4.0F : 1.0F;
      EXPECT_FLOAT_EQ(part.threshold[at] * share, whole.threshold[at]) << i;
    }
  }
}

TEST(Forest, TreesOfARoundHaveSamplesOfTheirOwn) {
  const TestTable table = Table(500);
  TrainParams params = Classes(1);
  params.num_parallel_tree = 2;
  params.subsample = 0.5;
  const Booster booster = TrainAll(table, params);
  EXPECT_NE(booster.trees[0], booster.trees[1]);
  params.subsample = 1;
  params.colsample_bytree = 0.5;
  const Booster by_columns = TrainAll(table, params);
  EXPECT_NE(by_columns.trees[0], by_columns.trees[1]);
}

TEST(GradientBasedSampling, CountsAsManyRowsAsThereAre) {
  TestTable table = Table(20000);
  table.data.weight.clear();
  TrainParams params;
  params.objective = "reg:squarederror";
  params.num_round = 2;
  params.max_depth = 1;
  params.subsample = 0.2;
  params.sampling_method = SamplingMethod::kGradientBased;
  const Booster booster = TrainAll(table, params);
  // The hessians of the rows taken, 1 each, are divided by their chances; standard deviation
  // 350.
  for (const Tree& tree : booster.trees) EXPECT_NEAR(tree.sum_hessian[0], 20000, 1500);
}

}  // namespace
}  // namespace coppice::trainer
