#include "trainer/boost/mean_model.h"

#include <gtest/gtest.h>

#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

// x < 0 to the first leaf, all else to the second.
Tree Stump(float left, float right) {
  Tree tree;
  tree.AddNode(Tree::kNone);
  tree.AddNode(0);
  tree.AddNode(0);
  tree.left[0] = 1;
  tree.right[0] = 2;
  tree.threshold = {0, left, right};
  tree.base_weight = {0.5F, left, right};
  tree.loss_change[0] = 3;
  tree.sum_hessian = {2, 1, 1};
  return tree;
}

Booster Model(std::vector<Tree> trees, int n_outputs) {
  Booster model;
  model.objective = n_outputs > 1 ? "multi:softprob" : "reg:squarederror";
  model.n_outputs = n_outputs;
  model.base_score.assign(static_cast<std::size_t>(n_outputs), 10);
  model.trees = std::move(trees);
  model.schema.features.push_back({"x", ColumnKind::kNumeric, {}});
  return model;
}

const std::vector<std::vector<float>> kRows = {{-1, 1}};

TEST(MeanOf, PutsTheTreesOfARoundSideBySide) {
  const Booster mean =
      MeanOf({Model({Stump(2, 4), Stump(8, 16)}, 1), Model({Stump(6, 0), Stump(0, 32)}, 1)});
  EXPECT_EQ(mean.parallel_trees, 2);
  EXPECT_EQ(mean.n_rounds(), 2);
  EXPECT_EQ(mean.trees[0].threshold, (std::vector<float>{0, 1, 2}));
  EXPECT_EQ(mean.trees[1].threshold, (std::vector<float>{0, 3, 0}));
  EXPECT_EQ(mean.trees[2].threshold, (std::vector<float>{0, 4, 8}));
  // 10 + (10 + 6) / 2 and 10 + (20 + 32) / 2; of the first round 10 + (2 + 6) / 2 and 10 + 4 / 2.
  EXPECT_EQ(PredictMargins(mean, kRows, 2), (std::vector<float>{18, 36}));
  EXPECT_EQ(PredictMargins(mean, kRows, 2, {0, 1}), (std::vector<float>{14, 12}));
}

TEST(MeanOf, KeepsTheOutputsOfARoundInOrder) {
  const Booster mean =
      MeanOf({Model({Stump(2, 4), Stump(8, 16)}, 2), Model({Stump(6, 0), Stump(0, 32)}, 2)});
  EXPECT_EQ(mean.n_rounds(), 1);
  EXPECT_EQ(mean.OutputOf(1), 0);
  EXPECT_EQ(mean.OutputOf(2), 1);
  EXPECT_EQ(PredictMargins(mean, kRows, 2), (std::vector<float>{14, 14, 12, 34}));
}

TEST(MeanOf, DividesTheWeightsOfTreesWhereTheyHaveSome) {
  Booster one = Model({Stump(2, 4)}, 1);
  Booster other = Model({Stump(6, 0)}, 1);
  one.tree_weights = {0.5F};
  other.tree_weights = {2};
  const Booster mean = MeanOf({one, other});
  EXPECT_EQ(mean.tree_weights, (std::vector<float>{0.25F, 1}));
  EXPECT_EQ(mean.trees[1], other.trees[0]);
  // 10 + (0.5 * 2 + 2 * 6) / 2
  EXPECT_EQ(PredictMargins(mean, kRows, 2), (std::vector<float>{16.5F, 11}));
}

TEST(MeanOf, AveragesLinearWeights) {
  Booster one = Model({}, 1);
  Booster other = Model({}, 1);
  one.linear_weights = {1, 3};
  other.linear_weights = {2, 5};
  one.linear_rounds = other.linear_rounds = 7;
  const Booster mean = MeanOf({one, other});
  EXPECT_EQ(mean.linear_weights, (std::vector<float>{1.5F, 4}));
  EXPECT_EQ(mean.linear_rounds, 7);
}

TEST(MeanOf, KeepsGainsAndCovers) {
  const Booster mean = MeanOf({Model({Stump(2, 4)}, 1), Model({Stump(6, 0)}, 1)});
  EXPECT_EQ(mean.trees[1].loss_change, Stump(6, 0).loss_change);
  EXPECT_EQ(mean.trees[1].sum_hessian, Stump(6, 0).sum_hessian);
  EXPECT_EQ(mean.trees[1].base_weight, (std::vector<float>{0.25F, 3, 0}));
}

TEST(MeanOf, OfOneModelIsTheModel) {
  const Booster model = Model({Stump(2, 4)}, 1);
  EXPECT_EQ(MeanOf({model}), model);
}

}  // namespace
}  // namespace coppice::trainer
