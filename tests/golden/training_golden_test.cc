// Trees that the real XGBoost grows (make_golden.py), grown by coppice of the same rows.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/json.h"
#include "trainer/boost/train_session.h"
#include "trainer/params.h"
#include "trainer/resolve_features.h"

namespace coppice::trainer {
namespace {

std::vector<float> FloatsOf(const Json& json) {
  std::vector<float> values;
  for (const Json& item : json) {
    values.push_back(item.is_null() ? std::numeric_limits<float>::quiet_NaN() : item.get<float>());
  }
  return values;
}

Dataset TableOf(const Json& golden) {
  Dataset table;
  table.label = FloatsOf(golden["label"]);
  table.n_rows = static_cast<RowIndex>(table.label.size());
  for (const Json& column : golden["columns"]) {
    FeatureSchema& feature = table.schema.features.emplace_back();
    feature.name = "f" + std::to_string(table.values.size());
    const std::vector<float>& values = table.values.emplace_back(FloatsOf(column));
    if (golden["types"][table.values.size() - 1] != "c") continue;
    feature.kind = ColumnKind::kCategorical;
    float largest = 0;
    for (const float value : values) largest = std::fmax(largest, value);
    for (int code = 0; code <= static_cast<int>(largest); ++code) {
      feature.categories.push_back(std::to_string(code));
    }
  }
  return table;
}

TrainParams ParamsOf(const Json& golden, const Dataset& table) {
  TrainParams params;
  for (const auto& [name, value] : golden["params"].items()) {
    SetParam(params, name, ValueFromJson(value));
  }
  params.num_round = static_cast<int>(golden["trees"].size());
  Findings findings;
  ResolveFeatures(table.schema.features, &params, &findings);
  EXPECT_TRUE(findings.empty());
  return params;
}

class TrainingGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(TrainingGolden, GrowsXgboostsTrees) {
  const std::string file =
      std::string(COPPICE_SOURCE_DIR) + "/tests/golden/" + GetParam() + ".training.json";
  const Json golden = Json::parse(RealFileSystem().Read(file));
  const Dataset table = TableOf(golden);
  const TrainParams params = ParamsOf(golden, table);
  std::vector<RowIndex> rows;
  for (RowIndex row = 0; row < table.n_rows; ++row) rows.push_back(row);
  const auto matrix =
      std::make_shared<const BinnedMatrix>(table, FindCuts(table, rows, params.max_bin));
  TrainSession session({matrix, table.label, {}, rows, {}}, params, {}, false, {});
  session.Advance(params.num_round, nullptr);
  const Booster booster = session.MakeBooster(table.schema, 0);
  for (std::size_t t = 0; t < booster.trees.size(); ++t) {
    const Tree& tree = booster.trees[t];
    const Json& theirs = golden["trees"][t];
    EXPECT_EQ(Json(tree.left), theirs["left_children"]) << t;
    EXPECT_EQ(Json(tree.right), theirs["right_children"]) << t;
    EXPECT_EQ(Json(tree.feature), theirs["split_indices"]) << t;
    EXPECT_EQ(Json(tree.default_left), theirs["default_left"]) << t;
    EXPECT_EQ(Json(tree.categories), theirs["categories"]) << t;
    const std::vector<float> conditions = FloatsOf(theirs["split_conditions"]);
    ASSERT_EQ(tree.threshold.size(), conditions.size()) << t;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      if (tree.is_categorical[i] == 1) continue;
      // Where a split parts all values from the missing ones, XGBoost's threshold lies just
      // outside.
      if (std::abs(tree.threshold[i]) == std::numeric_limits<float>::max()) continue;
      EXPECT_NEAR(tree.threshold[i], conditions[i], 1e-5) << t << " " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Training, TrainingGolden,
                         ::testing::Values("monotone", "monotone_limits", "interaction"));

}  // namespace
}  // namespace coppice::trainer
