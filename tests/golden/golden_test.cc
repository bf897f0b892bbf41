// Models and predictions of the real XGBoost (make_golden.py), read and predicted by coppice.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/objective/objective.h"
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

class Golden : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    RealFileSystem disk;
    const std::string stem = std::string(COPPICE_SOURCE_DIR) + "/tests/golden/" + GetParam();
    model_text = disk.Read(stem + ".model.json");
    booster = BoosterFromXgboostJson(model_text, stem + ".model.json");
    golden = Json::parse(disk.Read(stem + ".case.json"));
    for (const Json& column : golden["columns"]) values.push_back(FloatsOf(column));
    n_rows = static_cast<RowIndex>(values[0].size());
  }

  void ExpectNear(const std::vector<float>& ours, const std::vector<float>& theirs) const {
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_NEAR(ours[i], theirs[i], 1e-6f * std::max(1.0f, std::abs(theirs[i]))) << i;
    }
  }

  std::string model_text;
  Json golden;
  Booster booster;
  std::vector<std::vector<float>> values;
  RowIndex n_rows = 0;
};

TEST_P(Golden, HasXgboostsMargins) {
  ExpectNear(PredictMargins(booster, values, n_rows), FloatsOf(golden["margins"]));
}

TEST_P(Golden, HasXgboostsPredictions) {
  ExpectNear(PredictValues(booster, values, n_rows), FloatsOf(golden["predictions"]));
}

TEST_P(Golden, ReachesXgboostsLeaves) {
  EXPECT_EQ(PredictLeaves(booster, values, n_rows),
            golden["leaves"].get<std::vector<std::int32_t>>());
}

TEST_P(Golden, KeepsItsBytesThroughWritingAndReading) {
  const std::string written = ToXgboostJson(booster);
  const Booster again = BoosterFromXgboostJson(written, "again.json");
  EXPECT_EQ(again, booster);
  EXPECT_EQ(ToXgboostJson(again), written);
}

TEST_P(Golden, LosesNothingThatXgboostWrote) {
  const Json theirs = Json::parse(model_text)["learner"];
  Json ours = Json::parse(ToXgboostJson(booster))["learner"];
  EXPECT_EQ(ours["feature_names"], theirs["feature_names"]);
  EXPECT_EQ(ours["objective"], theirs["objective"]);
  for (const auto& [key, value] : theirs["attributes"].items()) {
    EXPECT_EQ(ours["attributes"][key], value) << key;
  }
  const Json& their_model = theirs["gradient_booster"]["model"];
  const Json& our_model = ours["gradient_booster"]["model"];
  EXPECT_EQ(our_model["tree_info"], their_model["tree_info"]);
  EXPECT_EQ(our_model["iteration_indptr"], their_model["iteration_indptr"]);
  ASSERT_EQ(our_model["trees"].size(), their_model["trees"].size());
  for (std::size_t i = 0; i < our_model["trees"].size(); ++i) {
    EXPECT_EQ(our_model["trees"][i], their_model["trees"][i]) << i;
  }
}

TEST_P(Golden, StartsWhereOurOwnObjectiveWould) {
  ObjectiveSettings settings;
  settings.num_class = booster.n_outputs;
  const auto factor = booster.objective_params.find("scale_pos_weight");
  if (factor != booster.objective_params.end())
    settings.scale_pos_weight = std::stod(factor->second);
  const auto objective = MakeObjective(booster.objective, settings);
  ExpectNear(objective->EstimateBaseScore(FloatsOf(golden["label"]), FloatsOf(golden["weight"])),
             booster.base_score);
}

INSTANTIATE_TEST_SUITE_P(Xgboost32, Golden,
                         ::testing::Values("regression", "binary", "softprob", "softmax",
                                           "categorical"),
                         [](const auto& case_of) { return case_of.param; });

}  // namespace
}  // namespace coppice::trainer
