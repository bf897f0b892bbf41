#include "trainer/resolve_features.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace coppice::trainer {
namespace {

const std::vector<FeatureSchema> kFeatures = {{"age", ColumnKind::kNumeric, {}},
                                              {"sex", ColumnKind::kCategorical, {"f", "m"}},
                                              {"fare", ColumnKind::kNumeric, {}}};

// Sets a parameter and resolves it. `findings` takes "message; hint".
TrainParams Resolved(const std::string& name, const std::string& text,
                     std::vector<std::string>* findings) {
  TrainParams params;
  SetParam(params, name, Value(text));
  Findings found;
  ResolveFeatures(kFeatures, &params, &found);
  for (const Finding& finding : found.list()) {
    EXPECT_EQ(finding.place.path, "train." + name);
    findings->push_back(finding.message + "; " + finding.hint);
  }
  return params;
}

std::vector<std::string> FindingsOf(const std::string& name, const std::string& text) {
  std::vector<std::string> findings;
  Resolved(name, text, &findings);
  return findings;
}

std::vector<double> MonotoneOf(const std::string& text) {
  std::vector<std::string> findings;
  const TrainParams params = Resolved("monotone_constraints", text, &findings);
  EXPECT_EQ(findings, std::vector<std::string>{});
  EXPECT_TRUE(params.monotone_constraints.by_name.empty());
  return params.monotone_constraints.by_position;
}

TEST(ResolveFeatures, GivesEveryFeatureItsMonotoneConstraint) {
  EXPECT_EQ(MonotoneOf(R"({"fare": -1})"), (std::vector<double>{0, 0, -1}));
  EXPECT_EQ(MonotoneOf("(1,0,-1)"), (std::vector<double>{1, 0, -1}));
  EXPECT_EQ(MonotoneOf("(1)"), (std::vector<double>{1, 0, 0})) << "XGBoost fills up with 0";
  EXPECT_EQ(MonotoneOf("()"), std::vector<double>{});
}

TEST(ResolveFeatures, FindsEveryNameThatIsNoFeature) {
  EXPECT_EQ(FindingsOf("monotone_constraints", R"({"agee": 1, "fare": 1, "xyzzy": 1})"),
            (std::vector<std::string>{
                "`monotone_constraints` names `agee`, which is no feature of the data; did you "
                "mean `age`?",
                "`monotone_constraints` names `xyzzy`, which is no feature of the data; the "
                "features are `age`, `sex` or `fare`"}));
}

TEST(ResolveFeatures, FindsMoreNumbersThanFeatures) {
  EXPECT_EQ(FindingsOf("monotone_constraints", "(1,0,0,0)"),
            std::vector<std::string>{
                "`monotone_constraints` has 4 numbers, but the data have 3 features; give one a "
                "feature, in the order of the columns without label and ignored ones, or name the "
                "features: `{\"age\": 1}`"});
}

TEST(ResolveFeatures, GivesTheGroupsPositions) {
  std::vector<std::string> findings;
  const TrainParams params =
      Resolved("interaction_constraints", R"([["fare", "age"], ["sex"]])", &findings);
  EXPECT_EQ(findings, std::vector<std::string>{});
  EXPECT_TRUE(params.interaction_constraints.by_name.empty());
  EXPECT_EQ(params.interaction_constraints.by_position,
            (std::vector<std::vector<int>>{{2, 0}, {1}}));
}

TEST(ResolveFeatures, FindsGroupsOfWhatIsNoFeature) {
  EXPECT_EQ(FindingsOf("interaction_constraints", "[[0, 3], [1]]"),
            std::vector<std::string>{
                "`interaction_constraints` has the position `3`, but the data have 3 features; "
                "positions are from 0, in the order of the columns without label and ignored "
                "ones"});
  EXPECT_EQ(FindingsOf("interaction_constraints", R"([["faree", "age"]])"),
            std::vector<std::string>{"`interaction_constraints` names `faree`, which is no feature "
                                     "of the data; did you mean `fare`?"});
}

TEST(ResolveFeatures, GivesEveryFeatureAWeight) {
  std::vector<std::string> findings;
  EXPECT_EQ(Resolved("feature_weights", R"({"sex": 0.5})", &findings).feature_weights.by_position,
            (std::vector<double>{1, 0.5, 1}));
  EXPECT_EQ(findings, std::vector<std::string>{});
  EXPECT_EQ(FindingsOf("feature_weights", "[1, 2]").size(), 1U) << "one is missing";
  EXPECT_EQ(FindingsOf("feature_weights", "[1, 2, 3, 4]").size(), 1U);
}

TEST(ResolveFeatures, RefusesAMonotoneConstraintOnCategories) {
  EXPECT_EQ(FindingsOf("monotone_constraints", "(0,1,0)"),
            std::vector<std::string>{"`monotone_constraints` has the feature `sex`, which is "
                                     "categorical; categories have no order: leave it out"});
}

}  // namespace
}  // namespace coppice::trainer
