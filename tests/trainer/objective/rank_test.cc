#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/trainer/objective/pairs.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

// Without any normalization, unless a test is about one.
RankSettings Plain() {
  RankSettings settings;
  settings.normalization = false;
  settings.score_normalization = false;
  return settings;
}

std::unique_ptr<Objective> Rank(const char* name, const RankSettings& settings) {
  ObjectiveSettings all;
  all.rank = settings;
  return MakeObjective(name, all);
}

std::vector<GradientPair> Query(const Objective& objective, const std::vector<float>& margins,
                                const std::vector<float>& label, std::uint64_t stream = 0) {
  std::vector<GradientPair> pairs(margins.size());
  objective.QueryGradients(margins, label, RandomStream(7, {Purpose::kRankPairs, stream}), pairs);
  return pairs;
}

// sigmoid(-1) and sigmoid(-2)
const double kP1 = 1 / (1 + std::exp(1.0));
const double kP2 = 1 / (1 + std::exp(2.0));

TEST(RankPairwise, PullsTwoRowsApart) {
  const auto pairs = Query(*Rank("rank:pairwise", Plain()), {0, 0}, {1, 0});
  ExpectPair(pairs[0], -0.5f, 0.5f);
  ExpectPair(pairs[1], 0.5f, 0.5f);
}

TEST(RankPairwise, ComparesTheFirstRowsWithAllBehindThem) {
  RankSettings settings = Plain();
  settings.pairs_per_sample = 1;
  // The row of margin 3 is above both others; these are not compared.
  const auto pairs = Query(*Rank("rank:pairwise", settings), {2, 3, 1}, {1, 0, 2});
  ExpectPair(pairs[0], static_cast<float>(kP1 - 1), static_cast<float>(2 * kP1 * (1 - kP1)));
  ExpectPair(pairs[2], static_cast<float>(kP2 - 1), static_cast<float>(2 * kP2 * (1 - kP2)));
  EXPECT_FLOAT_EQ(pairs[1].gradient, static_cast<float>(2 - kP1 - kP2));
}

TEST(RankPairwise, DrawsPartnersOfOtherLabels) {
  RankSettings settings = Plain();
  settings.pair_method = PairMethod::kMean;
  settings.pairs_per_sample = 3;
  // Each of the two rows draws the other one three times.
  ExpectPair(Query(*Rank("rank:pairwise", settings), {0, 0}, {1, 0})[0], -3, 3);
  settings.normalization = true;
  ExpectPair(Query(*Rank("rank:pairwise", settings), {0, 0}, {1, 0})[0], -1, 1);
}

TEST(RankPairwise, DrawsTheSamePairsFromTheSameStreamOnly) {
  RankSettings settings;
  settings.pair_method = PairMethod::kMean;
  const auto objective = Rank("rank:pairwise", settings);
  std::vector<float> margins;
  std::vector<float> label;
  for (int i = 0; i < 40; ++i) {
    margins.push_back(static_cast<float>(i * 7 % 11));
    label.push_back(static_cast<float>(i % 5));
  }
  const auto gradients = [&](std::uint64_t stream) {
    std::vector<float> all;
    for (const GradientPair& pair : Query(*objective, margins, label, stream)) {
      all.push_back(pair.gradient);
    }
    return all;
  };
  EXPECT_EQ(gradients(1), gradients(1));
  EXPECT_NE(gradients(1), gradients(2));
}

TEST(RankNdcg, WeighsAPairByWhatASwapChanges) {
  // The relevant row is second: the ideal is 1, a swap gains 1 - 1 / log2(3) = 0.36907.
  const double change = 1 - 1 / std::log2(3.0);
  const auto pairs = Query(*Rank("rank:ndcg", Plain()), {1, 0}, {0, 1});
  ExpectPair(pairs[1], static_cast<float>((kP1 - 1) * change),
             static_cast<float>(2 * kP1 * (1 - kP1) * change));
  EXPECT_EQ(pairs[0].gradient, -pairs[1].gradient);
  EXPECT_EQ(pairs[0].hessian, pairs[1].hessian);
}

TEST(RankNdcg, GainsByTheRelevanceOrByTwoToItsPower) {
  // Gains 7 and 1 over 7 + 1 / log2(3), or 3 and 1 over 3 + 1 / log2(3); margins are equal.
  const double discount = 1 / std::log2(3.0);
  RankSettings settings = Plain();
  EXPECT_FLOAT_EQ(Query(*Rank("rank:ndcg", settings), {0, 0}, {3, 1})[1].gradient,
                  static_cast<float>(0.5 * 6 * (1 - discount) / (7 + discount)));
  settings.exp_gain = false;
  EXPECT_FLOAT_EQ(Query(*Rank("rank:ndcg", settings), {0, 0}, {3, 1})[1].gradient,
                  static_cast<float>(0.5 * 2 * (1 - discount) / (3 + discount)));
}

TEST(RankNdcg, ScalesByTheSumOfItsGradients) {
  RankSettings settings = Plain();
  settings.normalization = true;
  const double gradient = (1 - kP1) * (1 - 1 / std::log2(3.0));
  const double factor = std::log2(1 + 2 * gradient) / (2 * gradient);
  EXPECT_FLOAT_EQ(Query(*Rank("rank:ndcg", settings), {1, 0}, {0, 1})[0].gradient,
                  static_cast<float>(gradient * factor));
}

TEST(RankNdcg, ScalesByTheDistanceOfTheScores) {
  RankSettings settings = Plain();
  settings.score_normalization = true;
  const double gradient = (1 - kP1) * (1 - 1 / std::log2(3.0)) / 1.01;
  EXPECT_FLOAT_EQ(Query(*Rank("rank:ndcg", settings), {1, 0}, {0, 1})[0].gradient,
                  static_cast<float>(gradient));
}

TEST(RankMap, WeighsAPairByWhatASwapChanges) {
  // Of labels 0 1 1 the average precision is (1/2 + 2/3) / 2; with the first two swapped it is
  // 5/6, with the outer two 1: 1/4 and 5/12 more.
  const auto pairs = Query(*Rank("rank:map", Plain()), {2, 1, 0}, {0, 1, 1});
  EXPECT_FLOAT_EQ(pairs[1].gradient, static_cast<float>((kP1 - 1) / 4));
  EXPECT_FLOAT_EQ(pairs[2].gradient, static_cast<float>((kP2 - 1) * 5 / 12));
}

TEST(Ranking, HasNoPairsWhereAllLabelsAreEqual) {
  for (const char* name : {"rank:ndcg", "rank:map", "rank:pairwise"}) {
    for (const PairMethod method : {PairMethod::kTopK, PairMethod::kMean}) {
      RankSettings settings;
      settings.pair_method = method;
      for (const GradientPair& pair : Query(*Rank(name, settings), {2, 1, 0}, {0, 0, 0})) {
        EXPECT_EQ(pair.gradient, 0.0f);
        EXPECT_EQ(pair.hessian, 0.0f);
      }
    }
  }
}

TEST(Ranking, TakesTheLabelsThatItsMetricCanMean) {
  const auto problem = [](const char* name, std::vector<float> label, bool exp_gain = true) {
    RankSettings settings;
    settings.exp_gain = exp_gain;
    return Rank(name, settings)->CheckLabels(label).value_or("");
  };
  EXPECT_EQ(problem("rank:ndcg", {0, 31}), "");
  EXPECT_EQ(problem("rank:ndcg", {0, 32}),
            "label `32` in row 2 is not a whole number from 0 to 31");
  EXPECT_EQ(problem("rank:ndcg", {0.5f}),
            "label `0.5` in row 1 is not a whole number from 0 to 31");
  EXPECT_EQ(problem("rank:ndcg", {0.5f, 90}, false), "");
  EXPECT_EQ(problem("rank:ndcg", {-1}, false), "label `-1` in row 1 is not a finite number from 0");
  EXPECT_EQ(problem("rank:map", {0, 1, 2}), "label `2` in row 3 is not 0 or 1");
  EXPECT_EQ(problem("rank:pairwise", {-5, 0.25f}), "");
}

TEST(Ranking, StartsAtNoOrderAndJudgesThePlacesThatItCompares) {
  RankSettings settings;
  EXPECT_EQ(Rank("rank:ndcg", settings)->EstimateBaseScore(std::vector<float>{1, 0}, {}),
            std::vector<float>{0});
  EXPECT_EQ(Rank("rank:ndcg", settings)->default_metric(), "ndcg@32");
  settings.pairs_per_sample = 5;
  EXPECT_EQ(Rank("rank:map", settings)->default_metric(), "map@5");
  settings.pair_method = PairMethod::kMean;
  EXPECT_EQ(Rank("rank:pairwise", settings)->default_metric(), "ndcg");
}

TEST(RankedList, KeepsEqualScoresInTheirOrder) {
  EXPECT_EQ(OrderByScore(std::vector<float>{1, 3, 1, 2, 3}),
            (std::vector<std::uint32_t>{1, 4, 3, 0, 2}));
}

TEST(RankedList, DiscountsByTheLogarithmOfThePlace) {
  const std::vector<double> discounts = Discounts(3);
  EXPECT_DOUBLE_EQ(discounts[0], 1);
  EXPECT_DOUBLE_EQ(discounts[1], 1 / std::log2(3.0));
  EXPECT_DOUBLE_EQ(discounts[2], 0.5);
  EXPECT_DOUBLE_EQ(IdealGain(std::vector<float>{1, 2, 0}, 2, discounts, true),
                   3 + 1 / std::log2(3.0));
}

}  // namespace
}  // namespace coppice::trainer
