// binary:hinge, and the relatives of binary:logistic.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/trainer/objective/pairs.h"

namespace coppice::trainer {
namespace {

const std::vector<float> kLabel = {0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
const std::vector<float> kWeight = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

TEST(Hinge, PushesRowsThatAreNotBeyondTheirSide) {
  const auto objective = MakeObjective("binary:hinge", {});
  const auto pairs =
      GradientsOf(*objective, {0.5f, -0.25f, 3, 3, -3}, {1, 0, 1, 0, 0}, {1, 2, 1, 3, 1});
  ExpectPair(pairs[0], -1, 1);
  ExpectPair(pairs[1], 2, 2);
  ExpectPair(pairs[2], 0, std::numeric_limits<float>::min());
  ExpectPair(pairs[3], 3, 3);
  ExpectPair(pairs[4], 0, std::numeric_limits<float>::min());
}

TEST(Hinge, PredictsTheClass) {
  std::vector<float> values = {-0.5f, 0, 0.25f};
  MakeObjective("binary:hinge", {})->Transform(values);
  EXPECT_EQ(values, (std::vector<float>{0, 0, 1}));
}

TEST(Hinge, StartsAtTheLargerClass) {
  const auto objective = MakeObjective("binary:hinge", {});
  EXPECT_EQ(objective->EstimateBaseScore(kLabel, {}), std::vector<float>{0});
  EXPECT_EQ(objective->EstimateBaseScore(std::vector<float>{1, 1, 0}, {}), std::vector<float>{1});
  EXPECT_EQ(objective->ToMargin(1), 1.0f);
}

TEST(Hinge, NamesTheFirstLabelThatIsNoClass) {
  EXPECT_EQ(MakeObjective("binary:hinge", {})->CheckLabels(std::vector<float>{0, 1, 0.5f}),
            "label `0.5` in row 3 is not 0 or 1");
}

TEST(Hinge, GivesTheSamePairsInALongLoopAsAlone) {
  ExpectSamePairsTogetherAsAlone(*MakeObjective("binary:hinge", {}));
}

TEST(LogitRaw, PredictsMarginsAndShowsMetricsProbabilities) {
  const auto objective = MakeObjective("binary:logitraw", {});
  std::vector<float> values = {0, std::log(3.0f)};
  objective->Transform(values);
  EXPECT_EQ(values, (std::vector<float>{0, std::log(3.0f)}));
  objective->TransformForMetrics(values);
  ExpectNear(values, {0.5f, 0.75f}, 1e-6f);
}

TEST(LogitRaw, TakesItsBaseScoreForAMarginAsXgboostDoes) {
  const auto objective = MakeObjective("binary:logitraw", {});
  ExpectNear(objective->EstimateBaseScore(kLabel, {}), {0.2f}, 0.0f);
  EXPECT_EQ(objective->ToMargin(0.2f), 0.2f);
  const auto weighted = MakeObjective("binary:logitraw", {.scale_pos_weight = 3});
  ExpectNear(weighted->EstimateBaseScore(kLabel, {}), {-0.2857143f}, 1e-7f);
  ExpectNear(weighted->EstimateBaseScore(kLabel, kWeight), {-0.5205479f}, 1e-7f);
}

TEST(LogitRaw, HasTheGradientsOfLogistic) {
  const auto pairs = GradientsOf(*MakeObjective("binary:logitraw", {.scale_pos_weight = 3}),
                                 {0.5f, -0.25f, 3}, {1, 0, 0});
  ExpectPair(pairs[0], -1.132622f, 0.7050111f);
  ExpectPair(pairs[1], 0.4378235f, 0.24613407f);
  ExpectPair(pairs[2], 0.95257413f, 0.045176655f);
}

TEST(LogisticNumber, IsLogisticOfALabelThatIsANumber) {
  const auto objective = MakeObjective("reg:logistic", {});
  EXPECT_EQ(objective->target(), TargetKind::kNumber);
  EXPECT_EQ(objective->default_metric(), "rmse");
  EXPECT_EQ(objective->CheckLabels(std::vector<float>{0, 0.25f, 1}), std::nullopt);
  ExpectNear(objective->EstimateBaseScore(kLabel, kWeight), {0.16363636f}, 0.0f);
  ExpectPair(GradientsOf(*objective, {0}, {0.25f})[0], 0.25f, 0.25f);
}

}  // namespace
}  // namespace coppice::trainer
