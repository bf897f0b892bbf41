#include "results/views/parameter_importance.h"

#include <gtest/gtest.h>

#include <numeric>

namespace coppice::results {
namespace {

// Half of ten trials have word 0, and both good ones do: (1 - 0.5)^2 / 0.5 twice.
TEST(DivergenceOf, ComparesSharesOfWords) {
  const ParameterColumn column{"grow_policy", {0., 0., 0., 0., 0., 1., 1., 1., 1., 1.}, 2};
  EXPECT_DOUBLE_EQ(DivergenceOf(column, std::vector<std::size_t>{0, 1}), 1.0);
  EXPECT_DOUBLE_EQ(DivergenceOf(column, std::vector<std::size_t>{0, 5}), 0.0);
}

TEST(DivergenceOf, TakesNotBeingActiveForAWord) {
  const ParameterColumn column{"max_leaves", {{}, {}, 0.5, 0.5}, 0};
  // Both good ones are not active: (1 - 0.5)^2 / 0.5 there, and half of the mass is missing from
  // the cells of the kernel, which adds (0 - a)^2 / a = a for each, 0.5 in all.
  EXPECT_NEAR(DivergenceOf(column, std::vector<std::size_t>{0, 1}), 1.0, 1e-12);
}

TEST(DivergenceOf, OfAParameterThatNeverVariesIsNothing) {
  const ParameterColumn column{"eta", std::vector<std::optional<double>>(8, 0.25), 0};
  EXPECT_NEAR(DivergenceOf(column, std::vector<std::size_t>{3, 4}), 0.0, 1e-24);
}

// 100 trials: the loss is the distance of `matters` from 0.3; `idle` goes round in steps that have
// nothing to do with it.
TEST(ImportanceOf, TellsTheParameterThatMattersFromTheIdleOne) {
  ParameterColumn idle{"idle", {}, 0};
  ParameterColumn matters{"matters", {}, 0};
  std::vector<double> loss;
  for (int i = 0; i < 100; ++i) {
    const double x = i / 100.0;
    idle.places.push_back((i * 37 % 100) / 100.0);
    matters.places.push_back(x);
    loss.push_back(x < 0.3 ? 0.3 - x : x - 0.3);
  }
  const std::vector<ParameterColumn> columns = {idle, matters};
  const auto importance = ImportanceOf(columns, loss);
  ASSERT_EQ(importance.size(), 2U);
  EXPECT_EQ(importance[0].name, "matters");
  EXPECT_GT(importance[0].share, 0.95);
  EXPECT_FALSE(importance[0].is_chance);
  EXPECT_EQ(importance[1].name, "idle");
  EXPECT_TRUE(importance[1].is_chance);
}

// Four good of ten, all with word 0, which half have: 1 in divergence. Of random fours, the share
// of word 0 has the variance 0.25 / 4 * 6 / 9, and the divergence is 4 times its square: 1 / 6.
TEST(ImportanceOf, TakesOffWhatChanceWouldShow) {
  const ParameterColumn column{"a", {0., 0., 0., 0., 0., 1., 1., 1., 1., 1.}, 2};
  const std::vector<double> loss = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto importance = ImportanceOf(std::vector{column}, loss);
  ASSERT_EQ(importance.size(), 1U);
  EXPECT_DOUBLE_EQ(importance[0].divergence, 1.0);
  EXPECT_NEAR(importance[0].by_chance, 1.0 / 6, 1e-12);
  EXPECT_EQ(importance[0].share, 1);
  EXPECT_FALSE(importance[0].is_chance);
}

// A hundred trials that one of three parameters decides; of ten of them much less is known.
TEST(ImportanceOf, HasNarrowerIntervalsWithMoreTrials) {
  const auto of = [](int n) {
    ParameterColumn matters{"matters", {}, 0};
    ParameterColumn helps{"helps", {}, 0};
    std::vector<double> loss;
    for (int i = 0; i < n; ++i) {
      const double x = (i * 61 % n) / static_cast<double>(n);
      const double z = (i * 37 % n) / static_cast<double>(n);
      matters.places.push_back(x);
      helps.places.push_back(z);
      loss.push_back(x + 0.7 * z);
    }
    return ImportanceOf(std::vector{matters, helps}, loss);
  };
  const auto few = of(20);
  const auto many = of(400);
  ASSERT_EQ(many[0].name, "matters");
  for (const auto& importance : {few, many}) {
    for (const ParameterImportance& one : importance) {
      EXPECT_LE(one.share_low, one.share);
      EXPECT_GE(one.share_high, one.share);
      EXPECT_GE(one.share_low, 0);
      EXPECT_LE(one.share_high, 1);
    }
  }
  EXPECT_LT(many[0].share_high - many[0].share_low, few[0].share_high - few[0].share_low);
  EXPECT_LT(many[0].share_high - many[0].share_low, 0.4);
  EXPECT_GT(many[1].share_low, 0) << "that it helps is beyond doubt";
}

TEST(ImportanceOf, LeavesTheIdleParameterNearNothing) {
  ParameterColumn idle{"idle", {}, 0};
  ParameterColumn matters{"matters", {}, 0};
  std::vector<double> loss;
  for (int i = 0; i < 200; ++i) {
    idle.places.push_back((i * 37 % 200) / 200.0);
    matters.places.push_back(i / 200.0);
    loss.push_back(i);
  }
  const auto importance = ImportanceOf(std::vector{idle, matters}, loss);
  EXPECT_GT(importance[0].share_low, 0.9);
  EXPECT_EQ(importance[1].name, "idle");
  EXPECT_EQ(importance[1].share_low, 0);
  EXPECT_LT(importance[1].share_high, 0.1);
}

TEST(ImportanceOf, IsTheSameForTheSameTrials) {
  ParameterColumn column{"a", {}, 0};
  ParameterColumn other{"b", {}, 0};
  std::vector<double> loss;
  for (int i = 0; i < 40; ++i) {
    column.places.push_back((i * 7 % 40) / 40.0);
    other.places.push_back((i * 11 % 40) / 40.0);
    loss.push_back(i % 13);
  }
  const auto once = ImportanceOf(std::vector{column, other}, loss);
  const auto again = ImportanceOf(std::vector{column, other}, loss);
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].share_low, again[i].share_low);
    EXPECT_EQ(once[i].share_high, again[i].share_high);
  }
}

TEST(ImportanceOf, SaysNothingOfFewTrials) {
  const ParameterColumn column{"eta", std::vector<std::optional<double>>(9, 0.5), 0};
  EXPECT_TRUE(ImportanceOf(std::vector{column}, std::vector<double>(9, 1.0)).empty());
}

TEST(ImportanceOf, GivesNoShareToWhatNeverVaries) {
  const ParameterColumn column{"eta", std::vector<std::optional<double>>(12, 0.5), 0};
  std::vector<double> loss(12);
  std::iota(loss.begin(), loss.end(), 0.0);
  const auto importance = ImportanceOf(std::vector{column}, loss);
  ASSERT_EQ(importance.size(), 1U);
  EXPECT_EQ(importance[0].share, 0);
  EXPECT_EQ(importance[0].share_high, 0);
  EXPECT_TRUE(importance[0].is_chance);
}

}  // namespace
}  // namespace coppice::results
