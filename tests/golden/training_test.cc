// What the real XGBoost learns where no random number matters (make_training.py), learned by
// coppice.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "base/files.h"
#include "base/json.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/boost/train_session.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

std::vector<float> FloatsOf(const Json& json) {
  std::vector<float> values;
  for (const Json& item : json) {
    values.push_back(item.is_null() ? std::numeric_limits<float>::quiet_NaN() : item.get<float>());
  }
  return values;
}

// Nearest relative to the numbers' size, at least 1.
void ExpectNear(const std::vector<float>& ours, const std::vector<float>& theirs, float tolerance,
                const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], theirs[i], tolerance * std::max(1.0f, std::abs(theirs[i])))
        << what << " " << i;
  }
}

class GoldenTraining : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    RealFileSystem disk;
    golden = Json::parse(disk.Read(std::string(COPPICE_SOURCE_DIR) + "/tests/golden/" + GetParam() +
                                   ".training.json"));
    for (const Json& column : golden["columns"]) {
      table.values.push_back(FloatsOf(column));
      table.schema.features.emplace_back().name = "f" + std::to_string(table.values.size());
    }
    table.label = FloatsOf(golden["label"]);
    table.weight = FloatsOf(golden["weight"]);
    table.n_rows = static_cast<RowIndex>(table.label.size());
    rows.resize(table.n_rows);
    std::iota(rows.begin(), rows.end(), 0);
    params.num_round = golden["rounds"].back().get<int>();
    for (const auto& [name, value] : golden["params"].items()) {
      trainer::SetParam(params, name, ValueFromJson(value));
    }
  }

  TrainSession Trained() const {
    const auto matrix =
        std::make_shared<const BinnedMatrix>(table, FindCuts(table, rows, params.max_bin));
    TrainSession session({matrix, table.label, table.weight, rows, {}, {}, table.values}, params,
                         {}, false, {});
    session.Advance(params.num_round, nullptr);
    return session;
  }

  Json golden;
  Dataset table;
  std::vector<RowIndex> rows;
  TrainParams params;
};

TEST_P(GoldenTraining, EndsAtXgboostsMarginsAfterEachNumberOfRounds) {
  const TrainSession session = Trained();
  for (std::size_t i = 0; i < golden["rounds"].size(); ++i) {
    const int rounds = golden["rounds"][i].get<int>();
    const Booster booster = session.MakeBooster(table.schema, rounds);
    ExpectNear(PredictMargins(booster, table.values, table.n_rows), FloatsOf(golden["margins"][i]),
               1e-5F, std::to_string(rounds) + " rounds, row");
  }
}

TEST_P(GoldenTraining, FindsXgboostsWeights) {
  const Booster booster = Trained().MakeBooster(table.schema, 0);
  EXPECT_EQ(booster.tree_weights, FloatsOf(golden["tree_weights"]));
  ExpectNear(booster.linear_weights, FloatsOf(golden["linear_weights"]), 1e-5F, "weight");
}

INSTANTIATE_TEST_SUITE_P(Xgboost32, GoldenTraining,
                         ::testing::Values("linear_cyclic", "linear_penalties", "linear_greedy",
                                           "linear_thrifty", "linear_poisson", "dart_tree",
                                           "dart_forest", "dart_classes", "dart_skip",
                                           "forest_rounds", "forest_classes"),
                         [](const auto& case_of) { return case_of.param; });

}  // namespace
}  // namespace coppice::trainer
