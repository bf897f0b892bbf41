#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "trainer/predict/importance.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

// 1 where both features are 1 or more, else 0; of 8 rows 4 are left of the first split, 2 and 2 of
// the second.
Booster BothBooster() {
  Tree tree;
  for (const std::int32_t parent : {Tree::kNone, 0, 0, 2, 2}) tree.AddNode(parent);
  tree.left = {1, Tree::kNone, 3, Tree::kNone, Tree::kNone};
  tree.right = {2, Tree::kNone, 4, Tree::kNone, Tree::kNone};
  tree.feature = {0, 0, 1, 0, 0};
  tree.threshold = {1, 0, 1, 0, 1};
  tree.sum_hessian = {8, 4, 4, 2, 2};
  tree.loss_change = {3, 0, 1, 0, 0};
  Booster booster;
  booster.objective = "reg:squarederror";
  booster.base_score = {0.5f};
  booster.schema.features.resize(2);
  booster.trees = {tree};
  return booster;
}

using Columns = std::vector<std::vector<float>>;

TEST(PredictContributions, AreShapleyValuesOverTheCovers) {
  // Unknown features: 1/4. The first alone known to be right: 1/2. The second alone: 1/2. So each
  // adds ((1/2 - 1/4) + (1 - 1/2)) / 2 to the mean.
  EXPECT_EQ(PredictContributions(BothBooster(), Columns{{2}, {2}}, 1),
            (std::vector<float>{0.375f, 0.375f, 0.75f}));
  // The first known to be left: 0, whatever the second. The second alone, right: 1/2.
  EXPECT_EQ(PredictContributions(BothBooster(), Columns{{0}, {2}}, 1),
            (std::vector<float>{-0.375f, 0.125f, 0.75f}));
}

TEST(PredictContributions, CountAFeatureThatIsAskedTwiceOnce) {
  Booster booster = BothBooster();
  booster.trees[0].feature[2] = 0;
  EXPECT_EQ(PredictContributions(booster, Columns{{2}, {2}}, 1),
            (std::vector<float>{0.75f, 0.0f, 0.75f}));
}

TEST(PredictContributions, WeighTreesAsDartDoes) {
  Booster booster = BothBooster();
  booster.tree_weights = {2};
  EXPECT_EQ(PredictContributions(booster, Columns{{2}, {2}}, 1),
            (std::vector<float>{0.75f, 0.75f, 1.0f}));
  EXPECT_EQ(PredictMargins(booster, Columns{{2}, {2}}, 1), std::vector<float>{2.5f});
}

TEST(PredictContributions, NeedCovers) {
  Booster booster = BothBooster();
  booster.trees[0].sum_hessian[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(PredictContributions(booster, Columns{{2}, {2}}, 1), Error);
  booster.trees[0].sum_hessian[2] = -1;
  EXPECT_THROW(PredictContributions(booster, Columns{{2}, {2}}, 1), Error);
}

TEST(PredictContributions, OfALinearModelAreWeightTimesValue) {
  Booster booster = BothBooster();
  booster.trees.clear();
  booster.linear_weights = {2, -3, 0.25f};
  const Columns values = {{4, std::numeric_limits<float>::quiet_NaN()}, {1, 1}};
  EXPECT_EQ(PredictContributions(booster, values, 2),
            (std::vector<float>{8, -3, 0.75f, 0, -3, 0.75f}));
  EXPECT_EQ(PredictMargins(booster, values, 2), (std::vector<float>{5.75f, -2.25f}));
}

TEST(ImportanceOf, SumsSplitsAndLeavesOutFeaturesThatNoTreeAsksFor) {
  Booster booster = BothBooster();
  booster.schema.features.resize(3);
  booster.trees.push_back(booster.trees[0]);
  booster.trees[1].feature[0] = 1;
  booster.trees[1].loss_change[0] = 7;
  const std::vector<FeatureImportance> importance = ImportanceOf(booster);
  ASSERT_EQ(importance.size(), 2U);
  EXPECT_EQ(importance[0].feature, 1U);
  EXPECT_EQ(importance[0].weight, 3);
  EXPECT_EQ(importance[0].total_gain, 9);
  EXPECT_EQ(importance[0].gain, 3);
  EXPECT_EQ(importance[0].total_cover, 16);
  EXPECT_EQ(importance[1].feature, 0U);
  EXPECT_EQ(importance[1].total_gain, 3);
  EXPECT_EQ(importance[1].cover, 8);
}

}  // namespace
}  // namespace coppice::trainer
