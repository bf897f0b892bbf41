// Each check with a table that passes and one that does not.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "results/store/lease.h"
#include "tests/tuner/preflight/tables.h"

namespace coppice::tuner {
namespace {

using testing::Ask;
using testing::SoundRows;
using testing::TableText;
using testing::Texts;

const std::string& Sound() {
  static const std::string table = TableText(SoundRows());
  return table;
}

// Verdict and whether some finding has the words.
void Expect(const CheckResult& result, Verdict verdict, const std::string& words) {
  EXPECT_EQ(VerdictWord(VerdictOf(result)), VerdictWord(verdict)) << Texts(result);
  EXPECT_NE(Texts(result).find(words), std::string::npos) << Texts(result);
}

TEST(CheckSpec, WarnsWhereNothingIsSearched) {
  Expect(Ask("spec", Sound()), Verdict::kPass, "2 searched parameters");
  Expect(Ask("spec", Sound(), {{"search", "{}"}}), Verdict::kWarn, "nothing is searched");
}

TEST(CheckData, CountsRowsAndWarnsOfAConstantColumn) {
  Expect(Ask("data", Sound()), Verdict::kPass, "300 rows, 2 features (0 categorical), 0.0 %");
  const auto constant = [](int row) { return row < 0 ? ",c" : ",1"; };
  Expect(Ask("data", TableText(SoundRows(), constant)), Verdict::kWarn, "`c`");
}

TEST(CheckData, WarnsOfATableThatIsNearlyEmpty) {
  std::string text = "y,a\n";
  for (int i = 0; i < 100; ++i) text += i % 20 < 1 ? "1,3\n" : (i % 2 == 0 ? "0,\n" : "1,\n");
  Expect(Ask("data", text), Verdict::kWarn, "95.0 % missing (warns above 90 %)");
}

TEST(CheckLabel, WarnsOfARareClassAndFailsWhereTrainingWould) {
  Expect(Ask("label", Sound()), Verdict::kPass, "2 classes");
  auto rows = SoundRows();
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].y = i < 9 ? 1 : 0;
  Expect(Ask("label", TableText(rows)), Verdict::kWarn, "the smallest has 9 rows (warns below 10)");
  Expect(Ask("label", Sound(),
             {{"train.objective", "reg:gamma"}, {"objective.metric", "gamma-nloglik"}}),
         Verdict::kFail, "as `reg:gamma` needs it");
}

TEST(CheckLabel, BarsTheChecksThatTrain) {
  const CheckResult result =
      Ask("overfit", Sound(),
          {{"train.objective", "reg:gamma"}, {"objective.metric", "gamma-nloglik"}});
  Expect(result, Verdict::kSkip, "the labels do not fit");
}

TEST(CheckSplit, WarnsOfTestRowsThatWereTrainedOn) {
  Expect(Ask("split", Sound()), Verdict::kPass, "0 of 60 test rows (0.0 %)");
  auto rows = SoundRows(150);
  const auto again = rows;
  rows.insert(rows.end(), again.begin(), again.end());
  Expect(Ask("split", TableText(rows)), Verdict::kWarn, "are equal to a training row");
}

TEST(CheckSplit, TakesEqualRowsOfAFewValuesForChance) {
  std::string text = "y,a,b\n";
  for (int i = 0; i < 200; ++i) text += fmt::format("{},{},{}\n", i % 2, i / 2 % 3, i / 6 % 2);
  Expect(Ask("split", text), Verdict::kPass, "columns of few values make equal rows by chance");
}

TEST(CheckSplit, WarnsWhereNothingIsScored) {
  Expect(Ask("split", Sound(), {{"split", R"({"kind": "files"})"}, {"search", "{}"}}),
         Verdict::kWarn, "trials need validation rows");
}

TEST(CheckSplit, WarnsOfGroupsThatAreCut) {
  const auto group = [](int row) {
    return row < 0 ? std::string(",g") : "," + std::to_string(row / 10);
  };
  const std::string table = TableText(SoundRows(), group);
  const std::map<std::string, std::string> named = {{"data.group", "g"}};
  Expect(Ask("split", table, named), Verdict::kWarn, "30 groups have rows to train on");
  Expect(Ask("split", table, {{"data.group", "g"}, {"split.grouped", "true"}}), Verdict::kPass,
         "3 folds");
}

TEST(CheckSplit, LooksAtEveryRepeat) {
  Expect(Ask("split", Sound(), {{"split.repeats", "4"}}), Verdict::kPass,
         "4 repeats of 3 folds of 160 training and 80 validation rows; 60 test rows");
  // Two rows of class 1 leave a fold of each repeat without.
  auto rows = SoundRows(60);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].y = i % 30 == 0 ? 1 : 0;
  Expect(Ask("split", TableText(rows), {{"split.test_fraction", "0"}, {"split.repeats", "2"}}),
         Verdict::kFail, "of repeat 1 have 1 of 2 classes, none of `1`");
}

TEST(CheckSplit, WarnsOfARepeatThatDividesTheRowsAsAnotherDoes) {
  // Two groups are two folds in one way only.
  const auto group = [](int row) { return row < 0 ? ",g" : row < 150 ? ",1" : ",2"; };
  Expect(Ask("split", TableText(SoundRows(), group),
             {{"data.group", "g"},
              {"split", R"({"grouped": true, "folds": 2, "repeats": 3, "test_fraction": 0})"}}),
         Verdict::kWarn, "2 of 3 repeats divide the rows as another one does");
}

TEST(CheckSplit, WarnsOfAClassThatAFoldHasNotToBeScoredOn) {
  auto rows = SoundRows(60);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].y = i % 30 == 0 ? 1 : 0;
  // Two rows of class 1: one is kept for tests or they share three folds, so some fold has none.
  const CheckResult result = Ask("split", TableText(rows), {{"split.test_fraction", "0"}});
  Expect(result, Verdict::kFail, "1 of 2 classes, none of `1`");
}

TEST(CheckLeakage, WarnsOfAColumnThatKnowsTheLabel) {
  Expect(Ask("leakage", Sound()), Verdict::kPass, "the best column alone, `a`");
  const auto rows = SoundRows();
  RandomStream random(5, {Purpose::kSynth});
  const auto leak = [&](int row) {
    if (row < 0) return std::string(",later");
    const bool wrong = row % 100 == 0;
    return fmt::format(",{:.3f}", (rows[static_cast<std::size_t>(row)].y == 1) != wrong
                                      ? 1 + random.Uniform()
                                      : random.Uniform());
  };
  Expect(Ask("leakage", TableText(rows, leak)), Verdict::kWarn, "`later`");
}

TEST(CheckLeakage, FailsForTheLabelByAnotherName) {
  const auto rows = SoundRows();
  const auto copy = [&](int row) {
    if (row < 0) return std::string(",bought");
    return std::string(rows[static_cast<std::size_t>(row)].y == 1 ? ",yes" : ",no");
  };
  Expect(Ask("leakage", TableText(rows, copy)), Verdict::kFail,
         "`bought` is the label by another name");
}

// The label is negative where the time is only a bound; `ended` has the time in other units.
TEST(CheckLeakage, KnowsTheTimeOfSurvivalLabels) {
  RandomStream random(6, {Purpose::kSynth});
  std::string text = "y,a,near,ended\n";
  for (int i = 0; i < 200; ++i) {
    const auto days = static_cast<double>(1 + random.Below(1000));
    text += fmt::format("{},{:.4f},{:.2f},{}\n", i % 2 == 0 ? days : -days, random.Uniform(),
                        days + 9 * random.Uniform(), 24 * days);
  }
  const CheckResult result = Ask(
      "leakage", text, {{"train.objective", "survival:cox"}, {"objective.metric", "cox-nloglik"}});
  Expect(result, Verdict::kFail, "`ended` is the label by another name");
  Expect(result, Verdict::kFail, "`near`");
}

TEST(CheckLeakage, WarnsOfIds) {
  const auto id = [](int row) {
    return row < 0 ? std::string(",user_id") : fmt::format(",{}", row);
  };
  Expect(Ask("leakage", TableText(SoundRows(), id)), Verdict::kWarn, "`user_id` looks like an id");
}

TEST(CheckYardsticks, WarnsWhereTheDefaultIsNoBetterThanAConstant) {
  Expect(Ask("yardsticks", Sound()), Verdict::kPass, "a constant 0.5");
  // The validation rows say the opposite of the training rows.
  std::string text = "y,a\n";
  for (int i = 0; i < 80; ++i) text += fmt::format("{},{}\n", i < 18 ? i % 2 : 1 - i % 2, i % 2);
  Expect(Ask("yardsticks", text,
             {{"split.by_time", "true"}, {"split.folds", "2"}, {"split.test_fraction", "0.3"}}),
         Verdict::kWarn, "must be better");
}

TEST(CheckOverfit, WarnsWhereEqualRowsHaveDifferentLabels) {
  Expect(Ask("overfit", Sound()), Verdict::kPass, "learns");
  std::string text = "y,a\n";
  for (int i = 0; i < 200; ++i) text += fmt::format("{},{}\n", i / 2 % 2, i % 2);
  const CheckResult result = Ask("overfit", text);
  Expect(result, Verdict::kWarn, "equal a row with another label");
  EXPECT_GT(*result.front().number, 0.9);  // two kinds of rows, each half of either class
}

TEST(CheckLoss, WarnsWhereNoSplitIsWorthItsCost) {
  Expect(Ask("loss", Sound()), Verdict::kPass, "the training logloss goes from");
  Expect(Ask("loss", Sound(), {{"train.gamma", "1000000"}}), Verdict::kWarn, "must get better");
}

TEST(CheckLoss, WarnsWhereTheCapEndsTheTraining) {
  Expect(Ask("loss", Sound(), {{"train.num_round", "2"}, {"objective.metric", "logloss"}}),
         Verdict::kWarn, "the best round is the last one, 2");
}

TEST(CheckDeterminism, HasOneModelOfThreeTrainings) {
  const CheckResult result = Ask("determinism", Sound(), {{"train.subsample", "0.7"}});
  Expect(result, Verdict::kPass, "1 model of three trainings");
  EXPECT_EQ(*result.front().number, 1);
}

TEST(CheckReload, ReadsBothFormatsBackToTheSamePredictions) {
  const CheckResult result = Ask("reload", Sound());
  ASSERT_EQ(result.size(), 2U);
  Expect(result, Verdict::kPass, "UBJSON");
  EXPECT_EQ(*result[0].number, 0);
}

TEST(CheckMemory, FailsWhereNotOneTrialHasRoom) {
  Expect(Ask("memory", Sound()), Verdict::kPass, "if all trees were as large as they may be");
  Expect(Ask("memory", Sound(), {{"limits.memory_bytes", "1000"}}), Verdict::kFail,
         "`limits.memory_bytes`");
}

TEST(CheckTime, WarnsWhereTheLimitEndsTheStudyFirst) {
  Expect(Ask("time", Sound()), Verdict::kPass, "4 trials of");
  Expect(Ask("time", Sound(), {{"stop.trials", "10000"}, {"stop.seconds", "0.5"}}), Verdict::kWarn,
         "`stop.seconds` = 0.5 ends it first");
}

TEST(CheckSpace, WarnsOfALinearScaleOverTwoDecades) {
  Expect(Ask("space", Sound()), Verdict::kPass, "2 parameters, no end");
  const std::string range = R"({"type": "float", "min": 0, "max": 1000, "scale": "linear"})";
  const CheckResult result = Ask("space", Sound(), {{"search.alpha", range}});
  Expect(result, Verdict::kWarn, "`alpha` goes from 0 to 1000 on a linear scale");
  EXPECT_EQ(result.back().hint, "write `\"scale\": \"log0\"`");
}

TEST(CheckSpace, WarnsOfASpaceThatRepeatsItself) {
  const std::string few = R"({"max_depth": {"type": "int", "min": 2, "max": 4}})";
  const CheckResult result = Ask("space", Sound(), {{"search", few}});
  Expect(result, Verdict::kWarn, "3 configurations");
  EXPECT_DOUBLE_EQ(*result.front().number, 1 - 3.0 / 200);
  EXPECT_NE(result.front().text.find("`stop.trials` is 4"), std::string::npos);
}

TEST(CheckSpace, WarnsOfAConditionThatHardlyEverHolds) {
  const std::string search =
      R"({"max_depth": {"type": "int", "min": 1, "max": 1000},
          "gamma": {"type": "float", "min": 0, "max": 1, "when": {"max_depth": 500}}})";
  Expect(Ask("space", Sound(), {{"search", search}}), Verdict::kWarn,
         "the condition of `gamma` on `max_depth` holds in");
}

TEST(CheckPlace, FailsBelowAFile) {
  const results::TempFolder folder;
  Expect(Ask("place", Sound(), {}, folder.File("store")), Verdict::kPass, "can be written to");
  RealFileSystem disk;
  disk.WriteAtomically(folder.File("file"), "no folder");
  Expect(Ask("place", Sound(), {}, folder.File("file") + "/store"), Verdict::kFail,
         "is not a folder");
}

TEST(CheckPlace, LeavesNothingBehind) {
  const results::TempFolder folder;
  Ask("place", Sound(), {}, folder.path());
  RealFileSystem disk;
  EXPECT_TRUE(disk.List(folder.path()).empty());
}

TEST(CheckPlace, FailsWhileAnotherProcessIsAtTheStudy) {
  const results::TempFolder folder;
  RealFileSystem disk;
  disk.MakeFolder(folder.File("sound"));
  disk.WriteAtomically(folder.File("sound") + "/study.db", "");
  Expect(Ask("place", Sound(), {}, folder.path()), Verdict::kWarn, "there is a study `sound`");
  const results::Lease lease(folder.File("sound"));
  Expect(Ask("place", Sound(), {}, folder.path()), Verdict::kFail, "is at the study `sound`");
}

}  // namespace
}  // namespace coppice::tuner
