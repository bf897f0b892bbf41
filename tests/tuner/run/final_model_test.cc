#include "tuner/run/final_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "tests/tuner/run/small_study.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"

namespace coppice::tuner {
namespace {

using study::TrialId;
using testing::ByFiles;
using testing::ByFolds;
using testing::SmallStudy;
using trainer::RowIndex;
using Rows = std::vector<RowIndex>;

// Ten training rows and, in files of their own, two rows to validate and one to test.
SmallStudy ThreeFiles(const std::string& data, const std::string& split) {
  std::string train = "y,x\n";
  for (int row = 0; row < 10; ++row)
    train += std::to_string(row) + "," + std::to_string(row) + "\n";
  return SmallStudy(
      R"({"coppice": 1, "name": "small", "data": {"train": "train.csv", "label": "y")" + data +
          "}" + split + "}",
      {{"train.csv", train}, {"valid.csv", "y,x\n1,1\n2,2\n"}, {"test.csv", "y,x\n3,3\n"}});
}

TEST(RowsFor, OfFilesAreTheTrainingFilesOrAllButTheTestFiles) {
  const SmallStudy small = ThreeFiles(R"(, "validation": "valid.csv", "test": "test.csv")", "");
  EXPECT_EQ(RowsFor(small.data, small.spec, RowChoice::kTraining),
            (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(RowsFor(small.data, small.spec, RowChoice::kAll),
            (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST(RowsFor, OfASplitTakeTheHeldOutRowsOnlyWhenAskedForAll) {
  const SmallStudy small =
      ThreeFiles("", R"(, "split": {"kind": "holdout", "by_time": true, "test_fraction": 0.2})");
  EXPECT_EQ(small.data.split.test, (Rows{8, 9}));
  EXPECT_EQ(RowsFor(small.data, small.spec, RowChoice::kTraining), (Rows{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(RowsFor(small.data, small.spec, RowChoice::kAll), (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(RowsFor, NeverTakesATestFile) {
  const SmallStudy small = ThreeFiles(R"(, "test": "test.csv")", R"(, "split": {"folds": 2})");
  EXPECT_EQ(RowsFor(small.data, small.spec, RowChoice::kAll), (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

// The folds train on 4 and on 8 rows: 6 on average.
TEST(CorrectedRounds, GrowWithTheRowsBeyondThoseOfAFold) {
  const SmallStudy small = ByFolds();
  EXPECT_EQ(CorrectedRounds(3, small.data, 6, 100), 3);
  EXPECT_EQ(CorrectedRounds(3, small.data, 12, 100), 6);
  EXPECT_EQ(CorrectedRounds(1, small.data, 8, 100), 1) << "1.33 rounds";
  EXPECT_EQ(CorrectedRounds(1, small.data, 9, 100), 2) << "1.5 rounds";
}

TEST(CorrectedRounds, AreTheSameWithRepeats) {
  // Of ten rows each fold trains on five.
  const SmallStudy small =
      ThreeFiles("", R"(, "split": {"folds": 2, "repeats": 3, "test_fraction": 0})");
  ASSERT_EQ(small.data.split.folds.size(), 6U);
  EXPECT_EQ(CorrectedRounds(3, small.data, 10, 100), 6);
}

TEST(CorrectedRounds, StayBetweenOneAndTheCap) {
  const SmallStudy small = ByFolds();
  EXPECT_EQ(CorrectedRounds(3, small.data, 12, 5), 5);
  EXPECT_EQ(CorrectedRounds(1, small.data, 1, 100), 1);
  constexpr int kMost = 2000000000;
  EXPECT_EQ(CorrectedRounds(kMost, small.data, 12, kMost), kMost) << "more than an int holds";
}

TEST(CorrectedRounds, OfAModelForUseMayPassTheCap) {
  EXPECT_EQ(CorrectedRounds(3, 6.0, 12), 6);
  EXPECT_EQ(CorrectedRounds(300, 6.0, 20), 1000);
  EXPECT_EQ(CorrectedRounds(1, 6.0, 1), 1) << "0.17 rounds";
}

TEST(TrainOn, TrainsSoManyRoundsOnTheseRows) {
  const SmallStudy small = ByFiles();
  // Rows 2 and 3 have x = 1 and y = 1; without x = 0 there is nothing to split.
  const trainer::Booster booster =
      TrainOn(small.spec, small.data, TrialId{0}, {}, {2, 3}, 2, CancelToken());
  EXPECT_EQ(booster.n_rounds(), 2);
  // After two rounds the prediction is 0.75 everywhere; row 4 has y = 0, row 5 has y = 0.6.
  const auto scores = EvaluateOn(booster, *small.data.table, {4, 5}, {"mae", "rmse"});
  EXPECT_NEAR(scores.at("mae"), (0.75 + 0.15) / 2, 1e-6);
  EXPECT_NEAR(scores.at("rmse"), std::sqrt((0.75 * 0.75 + 0.15 * 0.15) / 2), 1e-6);
}

TEST(TrainOn, ThrowsWhenItIsInterrupted) {
  const SmallStudy small = ByFiles();
  CancelToken cancel;
  cancel.Cancel();
  try {
    TrainOn(small.spec, small.data, TrialId{0}, {}, {0, 1, 2, 3}, 2, cancel);
    FAIL() << "it was cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
}

TEST(TrainMeanOn, OfOneModelIsTheModel) {
  const SmallStudy small = ByFiles();
  const Rows rows = {0, 1, 2, 3};
  const MeanTraining mean =
      TrainMeanOn(small.spec, small.data, TrialId{3}, {}, rows, 2, 1, CancelToken());
  EXPECT_EQ(mean.booster, TrainOn(small.spec, small.data, TrialId{3}, {}, rows, 2, CancelToken()));
  EXPECT_EQ(mean.seeds, std::vector<std::uint64_t>{small.spec.ParamsFor({}).seed + 3});
  EXPECT_FALSE(mean.all_the_same);
}

TEST(TrainMeanOn, AveragesModelsThatDifferInTheirSeedsAlone) {
  const SmallStudy small(
      R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
          "train": {"subsample": 0.5, "seed": 11}})",
      {{"t.csv", testing::NoisyTable()}});
  const Rows rows = RowsFor(small.data, small.spec, RowChoice::kAll);
  const MeanTraining mean =
      TrainMeanOn(small.spec, small.data, TrialId{0}, {}, rows, 4, 3, CancelToken());
  EXPECT_FALSE(mean.all_the_same);
  ASSERT_EQ(mean.seeds.size(), 3U);
  EXPECT_EQ(mean.seeds[0], 11U);
  std::vector<double> sums(rows.size());
  const auto margins = [&](const trainer::Booster& model) {
    return trainer::PredictMargins(model, small.data.table->values,
                                   static_cast<RowIndex>(rows.size()));
  };
  for (const std::uint64_t seed : mean.seeds) {
    Spec own = small.spec;
    own.train["seed"] = static_cast<std::int64_t>(seed);
    const auto one = margins(TrainOn(own, small.data, TrialId{0}, {}, rows, 4, CancelToken()));
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += one[i];
  }
  const auto together = margins(mean.booster);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    EXPECT_NEAR(together[i], sums[i] / 3, 1e-5 * sums[i]) << i;
  }
}

TEST(SeedOfModel, IsTheSeedItselfAndThenOthersThatMayBeGiven) {
  EXPECT_EQ(SeedOfModel(7, 0), 7U);
  EXPECT_NE(SeedOfModel(7, 1), SeedOfModel(7, 2));
  EXPECT_NE(SeedOfModel(7, 1), SeedOfModel(8, 1));
  EXPECT_LT(SeedOfModel(7, 1), kTrainingSeeds);
}

TEST(TrainOn, DrawsTheSamplesOfItsTrial) {
  const SmallStudy small(
      R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
                             "train": {"subsample": 0.5}})",
      {{"t.csv", testing::NoisyTable()}});
  const Rows rows = RowsFor(small.data, small.spec, RowChoice::kAll);
  const auto model = [&](int trial) {
    return trainer::ToXgboostJson(
        TrainOn(small.spec, small.data, TrialId{trial}, {}, rows, 3, CancelToken()));
  };
  EXPECT_EQ(model(2), model(2));
  EXPECT_NE(model(2), model(1));
}

}  // namespace
}  // namespace coppice::tuner
