// Models and predictions of the real XGBoost (make_golden.py), read and predicted by coppice.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "trainer/model_io/model_file.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/objective/objective.h"
#include "trainer/predict/importance.h"
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
    ubjson = disk.Read(stem + ".model.ubj");
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

  static const Json& TreeModelOf(const Json& learner) {
    const Json& outer = learner["gradient_booster"];
    return outer.contains("gbtree") ? outer["gbtree"]["model"] : outer["model"];
  }

  std::string model_text;
  std::string ubjson;
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

TEST_P(Golden, HasXgboostsMarginsOfSomeRounds) {
  if (booster.is_linear()) return;
  ExpectNear(PredictMargins(booster, values, n_rows, {1, 3}), FloatsOf(golden["middle_margins"]));
}

TEST_P(Golden, HasXgboostsContributions) {
  const std::vector<float> theirs = FloatsOf(golden["contributions"]);
  const std::size_t width =
      static_cast<std::size_t>(booster.n_outputs) * (booster.schema.features.size() + 1);
  const auto rows = static_cast<RowIndex>(theirs.size() / width);
  ASSERT_GT(rows, 0U);
  const std::vector<float> ours = PredictContributions(booster, values, rows);
  ASSERT_EQ(ours.size(), theirs.size());
  // XGBoost sums in single precision.
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], theirs[i], 1e-5f * std::max(1.0f, std::abs(theirs[i]))) << i;
  }
}

TEST_P(Golden, HasContributionsThatSumToTheMargins) {
  const std::vector<float> margins = PredictMargins(booster, values, n_rows);
  const std::vector<float> contributions = PredictContributions(booster, values, n_rows);
  const std::size_t width = booster.schema.features.size() + 1;
  ASSERT_EQ(contributions.size(), margins.size() * width);
  for (std::size_t i = 0; i < margins.size(); ++i) {
    double sum = 0;
    for (std::size_t f = 0; f < width; ++f) {
      sum += static_cast<double>(contributions[i * width + f]);
    }
    EXPECT_NEAR(sum, margins[i], 1e-5 * std::max(1.0, std::abs(sum))) << i;
  }
}

TEST_P(Golden, HasXgboostsImportances) {
  const Json& theirs = golden["importance"];
  const std::vector<FeatureImportance> ours = ImportanceOf(booster);
  EXPECT_EQ(ours.size(), theirs["weight"].size());
  for (const FeatureImportance& one : ours) {
    const std::string& name = booster.schema.features[one.feature].name;
    const auto expect = [&](const char* kind, double value) {
      const double golden_value = theirs[kind].at(name).get<double>();
      EXPECT_NEAR(value, golden_value, 1e-5 * std::max(1.0, std::abs(golden_value))) << kind;
    };
    expect("weight", one.weight);
    if (booster.is_linear()) continue;
    expect("gain", one.gain);
    expect("total_gain", one.total_gain);
    expect("cover", one.cover);
    expect("total_cover", one.total_cover);
  }
}

TEST_P(Golden, IsTheSameModelInUbjson) {
  EXPECT_EQ(BoosterFromModelFile(ubjson, "model.ubj"), booster);
  EXPECT_EQ(BoosterFromModelFile(model_text, "model.json"), booster);
}

TEST_P(Golden, KeepsItsBytesThroughUbjson) {
  const std::string written = ToModelFile(booster, "folder/model.ubj");
  EXPECT_EQ(written, ToXgboostUbjson(booster));
  EXPECT_EQ(BoosterFromModelFile(written, "again.ubj"), booster);
}

TEST_P(Golden, ReachesXgboostsLeaves) {
  if (booster.is_linear()) {
    EXPECT_THROW(PredictLeaves(booster, values, n_rows), Error);
    return;
  }
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
  Json theirs = Json::parse(model_text)["learner"];
  Json ours = Json::parse(ToXgboostJson(booster))["learner"];
  EXPECT_EQ(ours["feature_names"], theirs["feature_names"]);
  EXPECT_EQ(ours["objective"], theirs["objective"]);
  for (const auto& [key, value] : theirs["attributes"].items()) {
    EXPECT_EQ(ours["attributes"][key], value) << key;
  }
  EXPECT_EQ(ours["gradient_booster"]["name"], theirs["gradient_booster"]["name"]);
  if (booster.is_linear()) {
    EXPECT_EQ(ours["gradient_booster"], theirs["gradient_booster"]);
    return;
  }
  EXPECT_EQ(ours["gradient_booster"]["weight_drop"], theirs["gradient_booster"]["weight_drop"]);
  const Json& their_model = TreeModelOf(theirs);
  const Json& our_model = TreeModelOf(ours);
  EXPECT_EQ(our_model["gbtree_model_param"], their_model["gbtree_model_param"]);
  EXPECT_EQ(our_model["tree_info"], their_model["tree_info"]);
  EXPECT_EQ(our_model["iteration_indptr"], their_model["iteration_indptr"]);
  ASSERT_EQ(our_model["trees"].size(), their_model["trees"].size());
  for (std::size_t i = 0; i < our_model["trees"].size(); ++i) {
    EXPECT_EQ(our_model["trees"][i], their_model["trees"][i]) << i;
  }
}

TEST_P(Golden, StartsWhereOurOwnObjectiveWould) {
  const auto objective = MakeObjective(
      booster.objective, SettingsFromParameters(booster.objective_params, booster.n_outputs));
  ExpectNear(objective->EstimateBaseScore(FloatsOf(golden["label"]), FloatsOf(golden["weight"])),
             booster.base_score);
}

INSTANTIATE_TEST_SUITE_P(Xgboost32, Golden,
                         ::testing::Values("regression", "binary", "softprob", "softmax",
                                           "categorical", "dart", "forest", "linear", "poisson",
                                           "tweedie", "absolute", "quantiles", "ndcg", "map",
                                           "pairwise", "aft_logistic"),
                         [](const auto& case_of) { return case_of.param; });

}  // namespace
}  // namespace coppice::trainer
