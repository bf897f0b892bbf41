#include "tuner/run/run_training.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "base/error.h"
#include "results/store/sqlite_store.h"
#include "tests/tuner/run/small_study.h"

namespace coppice::tuner {
namespace {

using testing::ByFiles;
using testing::ByFolds;
using testing::SmallStudy;

constexpr double kNear = 1e-6;

TrainingSummary Train(SmallStudy& small, const CancelToken& cancel = CancelToken()) {
  return RunTraining(small.store(), small.spec_text, small.spec, small.data, "", cancel,
                     small.disk);
}

TEST(RunTraining, WithEarlyStoppingEndsTheModelAtItsBestRound) {
  SmallStudy small = ByFiles({{"train.early_stopping_rounds", "3"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.round, 1);
  EXPECT_EQ(summary.rounds, 4);
  EXPECT_NEAR(summary.validation.at("mae"), 0.05, kNear);
  // Half of the training rows are at x = 1, where the model says 0.5 instead of 1.
  EXPECT_NEAR(summary.train.at("mae"), 0.25, kNear);
  EXPECT_TRUE(summary.test.empty());
}

TEST(RunTraining, WithoutEarlyStoppingKeepsEveryRound) {
  SmallStudy small = ByFiles({{"train.num_round", "3"}, {"search", "{}"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.round, 3);
  EXPECT_EQ(summary.rounds, 3);
  EXPECT_NEAR(summary.validation.at("mae"), 0.1375, kNear);
  EXPECT_NEAR(summary.train.at("mae"), 0.0625, kNear);
}

// The patience of its trials: ten rounds behind the best one, which is the first.
TEST(RunTraining, OfASpecWithASearchEndsAsItsTrialsDo) {
  SmallStudy small = ByFiles({{"train.num_round", "50"},
                              {"search", R"({"gamma": {"type": "float", "min": 0, "max": 1}})"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.round, 1);
  EXPECT_EQ(summary.rounds, 11);
  SmallStudy fixed = ByFiles({{"train.num_round", "50"},
                              {"prune.patience", "fixed"},
                              {"search", R"({"gamma": {"type": "float", "min": 0, "max": 1}})"}});
  EXPECT_EQ(Train(fixed).round, 50);
}

TEST(RunTraining, NeedsNoValidationRows) {
  SmallStudy small(R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
                       "split": {"kind": "files"},
                       "train": {"base_score": 0, "eta": 0.5, "lambda": 0, "num_round": 2},
                       "objective": {"metric": "mae"}})",
                   {{"t.csv", "y,x\n0,0\n0,0\n1,1\n1,1\n"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.round, 2);
  EXPECT_TRUE(summary.validation.empty());
  EXPECT_NEAR(summary.train.at("mae"), 0.125, kNear);
}

TEST(RunTraining, ByFoldsValidatesTheMeanOfTheFoldsAtTheLastRound) {
  SmallStudy small = ByFolds({{"train.num_round", "3"}});
  const TrainingSummary summary = Train(small);
  EXPECT_NEAR(summary.validation.at("mae"), 0.0625, kNear);
  EXPECT_EQ(summary.round, 3);
  // The model is trained on all twelve rows, of which six are at x = 1.
  EXPECT_NEAR(summary.train.at("mae"), 0.0625, kNear);
}

// One training row at x = 1 that the folds never improve on: y is 0.5 there but 0 in validation, so
// that the best round is the first; twelve rows are twice the six of a fold on average.
SmallStudy NeverBetter(const std::map<std::string, std::string>& overrides) {
  return SmallStudy(
      R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
          "split": {"kind": "cv", "folds": 2, "test_fraction": 0, "by_time": true},
          "train": {"base_score": 0, "eta": 0.5, "lambda": 0, "num_round": 20},
          "objective": {"metric": "mae"}})",
      {{"t.csv", "y,x\n0,0\n0,0\n0,0\n1,1\n0,1\n0,1\n0,1\n0,1\n0,1\n0,1\n0,1\n0,1\n"}}, overrides);
}

TEST(RunTraining, ByFoldsWithEarlyStoppingCorrectsTheRounds) {
  SmallStudy small = NeverBetter({{"train.early_stopping_rounds", "2"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.rounds, 3);
  EXPECT_EQ(summary.round, 2);
}

TEST(RunTraining, ByFoldsOfASpecWithASearchEndsAsItsTrialsDo) {
  SmallStudy small =
      NeverBetter({{"search", R"({"gamma": {"type": "float", "min": 0, "max": 1}})"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.rounds, 11);
  EXPECT_EQ(summary.round, 2);
}

TEST(RunTraining, RecordsAStudyOfOneCompletedTrial) {
  SmallStudy small = ByFiles({{"train.early_stopping_rounds", "3"}});
  const TrainingSummary summary = Train(small);
  EXPECT_EQ(summary.folder, small.store() + "/small");
  EXPECT_TRUE(small.disk.Exists(summary.model));
  const auto store = results::SqliteStore::OpenForReading(summary.folder + "/study.db");
  const std::vector<study::Trial> trials = store->Trials();
  ASSERT_EQ(trials.size(), 1U);
  ASSERT_EQ(trials[0].state, study::TrialState::kCompleted);
  EXPECT_EQ(std::get<study::Completed>(*trials[0].outcome).score, summary.validation.at("mae"));
  ASSERT_EQ(store->Curves(study::TrialId{0}).size(), 1U);
  EXPECT_EQ(store->Curves(study::TrialId{0})[0].values.size(), 4U);
  EXPECT_EQ(study::KindOf(store->Events().back().event), "study_stopped");
}

TEST(RunTraining, LeavesNothingWhenItIsInterrupted) {
  CancelToken cancel;
  cancel.Cancel();
  for (SmallStudy* small : {new SmallStudy(ByFiles()), new SmallStudy(ByFolds())}) {
    const std::unique_ptr<SmallStudy> owner(small);
    try {
      Train(*small, cancel);
      ADD_FAILURE() << "it was cancelled";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
    }
    EXPECT_FALSE(small->disk.Exists(small->store()));
  }
}

TEST(RunTraining, RefusesAStudyThatIsThere) {
  SmallStudy small = ByFiles();
  Train(small);
  const std::string before = small.disk.Read(small.store() + "/small/model.json");
  small.spec.train["eta"] = Value(0.25);
  try {
    Train(small);
    FAIL() << "the study exists";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  }
  EXPECT_EQ(small.disk.Read(small.store() + "/small/model.json"), before);
}

}  // namespace
}  // namespace coppice::tuner
