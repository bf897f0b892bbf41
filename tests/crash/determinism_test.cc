// The same study on 1, 2 and 8 threads: the same leaderboard, the same bytes of the model.

#include <gtest/gtest.h>

#include "tests/crash/study_run.h"

namespace coppice::crash {
namespace {

constexpr const char* kBinary = R"({
  "coppice": 1,
  "name": "study",
  "data": {"train": "table.csv", "label": "label"},
  "split": {"kind": "cv", "folds": 5, "test_fraction": 0.2},
  "train": {"objective": "binary:logistic", "num_round": 40, "early_stopping_rounds": 10},
  "search": {
    "eta": {"type": "float", "min": 0.01, "max": 0.5, "scale": "log"},
    "max_depth": {"type": "int", "min": 2, "max": 7},
    "subsample": {"type": "float", "min": 0.4, "max": 0.95},
    "colsample_bytree": {"type": "float", "min": 0.4, "max": 1},
    "colsample_bynode": {"type": "float", "min": 0.4, "max": 1}
  },
  "metrics": ["auc", "error"],
  "strategy": {"kind": "bayesian"},
  "stop": {"trials": 40},
  "parallel": {"slots": 4},
  "seed": 11
})";

constexpr const char* kClasses = R"({
  "coppice": 1,
  "name": "study",
  "data": {"train": "table.csv", "label": "cultivar"},
  "split": {"kind": "cv", "folds": 3, "test_fraction": 0.2},
  "train": {"objective": "multi:softprob", "num_round": 30},
  "search": {
    "eta": {"type": "float", "min": 0.05, "max": 0.5, "scale": "log"},
    "grow_policy": {"type": "categorical", "values": ["depthwise", "lossguide"]},
    "max_leaves": {"type": "int", "min": 3, "max": 12, "when": {"grow_policy": "lossguide"}},
    "subsample": {"type": "float", "min": 0.5, "max": 1}
  },
  "strategy": {"kind": "random"},
  "stop": {"trials": 10},
  "parallel": {"slots": 4},
  "seed": 5
})";

constexpr const char* kCategories = R"({
  "coppice": 1,
  "name": "study",
  "data": {"train": "table.csv", "label": "sold"},
  "split": {"kind": "holdout", "validation_fraction": 0.25, "test_fraction": 0.2},
  "train": {"objective": "binary:logistic", "num_round": 30},
  "search": {
    "eta": {"type": "float", "min": 0.05, "max": 0.5, "scale": "log"},
    "max_depth": {"type": "int", "min": 2, "max": 6},
    "colsample_bylevel": {"type": "float", "min": 0.5, "max": 1}
  },
  "strategy": {"kind": "random"},
  "stop": {"trials": 10},
  "parallel": {"slots": 4},
  "seed": 9
})";

// 400 rows with a colour (one in eight missing), a size (one in five missing) and a label that
// depends on both, by a fixed walk through the whole numbers.
std::string CategoryTable() {
  const char* colours[] = {"red", "green", "blue", "", "black", "white", "grey", "pink"};
  std::string text = "sold,colour,size,age\n";
  unsigned walk = 1;
  for (int row = 0; row < 400; ++row) {
    walk = (walk * 1103515245U + 12345U) % 2147483648U;
    const unsigned colour = walk / 65536U % 8U;
    const unsigned size = walk / 1024U % 50U;
    const bool has_size = walk / 524288U % 5U != 0;
    const bool sold = (colour < 4) != (size > 30);
    text += std::string(sold ? "yes" : "no") + "," + colours[colour] + "," +
            (has_size ? std::to_string(size) : "NA") + "," + std::to_string(row % 7) + "\n";
  }
  return text;
}

void ExpectSameOnAnyThreads(const char* spec, const std::string& table) {
  const Answer one = RunWhole(StudyRun(spec, table), {"--threads", "1"});
  ASSERT_FALSE(one.model.empty());
  for (const char* threads : {"2", "8"}) {
    const Answer more = RunWhole(StudyRun(spec, table), {"--threads", threads});
    EXPECT_EQ(one.leaderboard, more.leaderboard) << "on " << threads << " threads";
    EXPECT_TRUE(one.model == more.model) << "model.json has other bytes on " << threads;
  }
}

std::string BinaryTable() {
  return SynthTable({"--rows", "500", "--features", "8", "--informative", "5", "--redundant", "1",
                     "--seed", "4"});
}

TEST(ThreadCount, DoesNotChangeAStudyThatDrawsRowsAndColumns) {
  ExpectSameOnAnyThreads(kBinary, BinaryTable());
}

TEST(ThreadCount, DoesNotChangeAStudyOfManyClasses) {
  ExpectSameOnAnyThreads(kClasses, support::ReadText(COPPICE_SOURCE_DIR "/examples/data/wine.csv"));
}

TEST(ThreadCount, DoesNotChangeAStudyWithCategoriesAndMissingValues) {
  ExpectSameOnAnyThreads(kCategories, CategoryTable());
}

// Without this, a fingerprint that ignores everything would pass the tests above.
TEST(Seed, ChangesTheLeaderboardAndTheModel) {
  const std::string table = CategoryTable();
  const Answer one = RunWhole(StudyRun(kCategories, table));
  const Answer other = RunWhole(StudyRun(kCategories, table), {"--set", "seed=10"});
  EXPECT_NE(one.leaderboard, other.leaderboard);
  EXPECT_TRUE(one.model != other.model);
}

}  // namespace
}  // namespace coppice::crash
