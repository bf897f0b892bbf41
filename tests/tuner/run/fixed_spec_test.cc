#include "tuner/run/fixed_spec.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "base/threads.h"
#include "results/store/memory_store.h"
#include "tests/tuner/run/small_study.h"
#include "tuner/run/run_study.h"
#include "tuner/run/run_training.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

using testing::SmallStudy;
using Changes = std::map<std::string, std::string>;

// Every trial samples rows and columns, at every level.
SmallStudy Sampled(const Changes& overrides) {
  return SmallStudy(R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
                        "train": {"num_round": 12, "colsample_bynode": 0.5},
                        "search": {"eta": {"type": "float", "min": 0.05, "max": 0.9},
                                   "subsample": {"type": "float", "min": 0.3, "max": 0.8}},
                        "stop": {"trials": 6}, "seed": 7})",
                    {{"t.csv", testing::NoisyTable()}}, overrides);
}

// Runs the study, then each of its trials again from a spec of its own.
void ExpectEachTrialAgain(const Changes& overrides) {
  SmallStudy small = Sampled(overrides);
  const results::StudyRecord record = MakeRecord(small.spec, small.data);
  results::MemoryStore store(record);
  const ThreadLimit limit(2);
  SilentProgress silent;
  const CancelToken cancel;
  const StudyFolder folder{small.folder.path()};
  RunStudy(folder, small.spec, small.data, store, {2, {}, &silent, &cancel}, small.disk);
  const results::Leaderboard board = LeaderboardOf(store, small.spec, false);
  ASSERT_EQ(board.rows.size(), 6U);
  for (const results::LeaderboardRow& row : board.rows) {
    const std::string name = "name-" + std::to_string(study::ToIndex(row.trial));
    const std::string text = FixedSpec(record, small.spec, row).dump();
    const Spec spec = ReadSpecText(text, "fixed.json", small.folder.path(), {{"name", name}});
    const StudyData data = LoadStudyData(spec, small.disk, nullptr);
    const TrainingSummary summary =
        RunTraining(small.store(), text, spec, data, "", cancel, small.disk);
    EXPECT_EQ(summary.validation.at(spec.metric), *row.score) << name;
    EXPECT_EQ(summary.rounds, row.round);
  }
}

TEST(FixedSpec, TrainsToTheScoreOfItsTrialByFolds) { ExpectEachTrialAgain({}); }

TEST(FixedSpec, TrainsToTheScoreOfItsTrialOnAHoldout) {
  ExpectEachTrialAgain({{"split.kind", "holdout"}});
}

// A round's weights of trees are not those of the last round.
TEST(FixedSpec, TrainsToTheScoreOfItsTrialWithDropout) {
  ExpectEachTrialAgain({{"train.booster", "dart"}, {"train.rate_drop", "0.3"}});
}

TEST(FixedSpec, TrainsToTheScoreOfItsTrialThatStoppedEarly) {
  ExpectEachTrialAgain({{"train.early_stopping_rounds", "2"}});
}

TEST(FixedSpec, TrainsToTheScoreOfItsTrialUnderATrainingSeed) {
  ExpectEachTrialAgain({{"train.seed", "100"}});
}

TEST(FixedSpec, HasNothingLeftToSearch) {
  const SmallStudy small = Sampled({{"train.early_stopping_rounds", "2"}});
  results::LeaderboardRow row;
  row.trial = study::TrialId{8};
  row.seed_trial = study::TrialId{3};
  row.round = 5;
  row.configuration = study::Configuration({{"eta", Value(0.5)}, {"subsample", Value(0.75)}});
  const Json json = FixedSpec(MakeRecord(small.spec, small.data), small.spec, row);
  EXPECT_EQ(json.at("name"), "small-best");
  EXPECT_EQ(json.at("train").at("num_round"), 5);
  EXPECT_EQ(json.at("train").at("seed"), 10);
  EXPECT_EQ(json.at("seed"), 7) << "the split is drawn from it";
  EXPECT_EQ(json.at("train").at("eta"), 0.5);
  for (const char* part : {"search", "start", "strategy", "stop"})
    EXPECT_FALSE(json.contains(part));
  EXPECT_FALSE(json.at("train").contains("early_stopping_rounds"));
}

TEST(RequireSameData, RefusesOtherRowsAndSaysWhatToDo) {
  const SmallStudy small = Sampled({});
  results::StudyRecord record = MakeRecord(small.spec, small.data);
  EXPECT_NO_THROW(RequireSameData(record, small.data, "do that"));
  record.data_hash = "0123456789";
  try {
    RequireSameData(record, small.data, "do that");
    FAIL() << "the data differs";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_EQ(error.findings()[0].hint, "bring the old files back, or do that");
  }
}

}  // namespace
}  // namespace coppice::tuner
