// coppice trains on the rows of a golden case (make_golden.py) and reaches the margins that XGBoost
// reached; and it judges XGBoost's own model as XGBoost does.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "base/files.h"
#include "base/json.h"
#include "trainer/boost/train_session.h"
#include "trainer/data/queries.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

std::vector<float> FloatsOf(const Json& json) {
  std::vector<float> values;
  for (const Json& item : json) {
    if (item.is_string()) {
      values.push_back(std::stof(item.get<std::string>()));
    } else {
      values.push_back(item.is_null() ? std::numeric_limits<float>::quiet_NaN()
                                      : item.get<float>());
    }
  }
  return values;
}

class GoldenObjectives : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    RealFileSystem disk;
    const std::string stem = std::string(COPPICE_SOURCE_DIR) + "/tests/golden/" + GetParam();
    model = BoosterFromXgboostJson(disk.Read(stem + ".model.json"), stem + ".model.json");
    golden = Json::parse(disk.Read(stem + ".case.json"));
    for (const Json& column : golden["columns"]) data.values.push_back(FloatsOf(column));
    data.schema = model.schema;
    data.n_rows = static_cast<RowIndex>(data.values[0].size());
    data.label = FloatsOf(golden["label"]);
    data.label_upper = FloatsOf(golden["upper"]);
    data.weight = FloatsOf(golden["weight"]);
    data.group = golden["group"].get<std::vector<std::int32_t>>();
    data.part.assign(data.n_rows, DataPart::kTrain);
    rows.resize(data.n_rows);
    std::iota(rows.begin(), rows.end(), 0);
    for (const auto& [name, value] : golden["params"].items()) {
      if (name == "nthread") continue;
      trainer::SetParam(params, name,
                        value.is_array() ? Value(value.dump()) : ValueFromJson(value));
    }
    params.num_round = golden["rounds"].get<int>();
  }

  Json golden;
  Booster model;
  Dataset data;
  std::vector<RowIndex> rows;
  TrainParams params;
};

TEST_P(GoldenObjectives, ReachesXgboostsMargins) {
  const auto matrix = std::make_shared<const BinnedMatrix>(data, FindCuts(data, rows, 256));
  TrainSession session(
      {matrix, data.label, data.weight, rows, {}, {}, {}, data.label_upper, data.group}, params, {},
      false, {7, 0});
  session.Advance(params.num_round, nullptr);
  const Booster booster = session.MakeBooster(data.schema, 0);
  const std::vector<float> ours = PredictMargins(booster, data.values, data.n_rows);
  const std::vector<float> theirs = FloatsOf(golden["margins"]);
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], theirs[i], 2e-5f * std::max(1.0f, std::abs(theirs[i]))) << i;
  }
  EXPECT_EQ(booster.objective_params.size(), model.objective_params.size());
}

TEST_P(GoldenObjectives, JudgesXgboostsModelAsXgboostDoes) {
  const auto objective = MakeObjective(params.objective, SettingsOf(params));
  std::vector<float> predictions = PredictMargins(model, data.values, data.n_rows);
  objective->TransformForMetrics(predictions);
  Labels labels(data.label);
  labels.upper = data.label_upper;
  // Groups of a case stand in order.
  const QueryOrder order =
      data.group.empty() ? QueryOrder{rows, {}} : OrderByQuery(rows, data.group);
  ASSERT_EQ(order.rows, rows);
  labels.query_begin = order.query_begin;
  for (const auto& [name, value] : golden["metrics"].items()) {
    const auto metric = MakeMetric(name, SettingsOf(params));
    ASSERT_NE(metric, nullptr) << name;
    EXPECT_NEAR(metric->Evaluate(predictions, labels, data.weight, model.n_outputs),
                value.get<double>(), 1e-6 * std::max(1.0, std::abs(value.get<double>())))
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Xgboost32, GoldenObjectives,
                         ::testing::Values("absolute", "weighted", "quantiles", "ndcg", "gains",
                                           "map", "pairwise", "aft_normal", "aft_logistic",
                                           "aft_extreme"),
                         [](const auto& case_of) { return case_of.param; });

}  // namespace
}  // namespace coppice::trainer
