// What a label column becomes.

#include <gtest/gtest.h>

#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

// A table whose label column is `labels`.
std::string TableOf(const std::vector<std::string>& labels) {
  std::string text = "y,a\n";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text += labels[i] + "," + std::to_string(i) + "\n";
  }
  return text;
}

ReadOptions Of(LabelKind kind) {
  ReadOptions options;
  options.label_kind = kind;
  return options;
}

Dataset ReadLabels(LabelKind kind, const std::vector<std::string>& labels) {
  return ReadText(TableOf(labels), Of(kind));
}

std::vector<std::string> FindingsOfLabels(LabelKind kind, const std::vector<std::string>& labels) {
  return FindingsOfText(TableOf(labels), Of(kind));
}

TEST(Label, KeepsZeroAndOneAsClassesOfThatName) {
  const Dataset data = ReadLabels(LabelKind::kBinary, {"1", "0", "1.0"});
  EXPECT_TRUE(Holds(data.schema.classes, "0", "1"));
  EXPECT_TRUE(Same(data.label, {1, 0, 1}));
}

TEST(Label, TurnsTwoOtherNumbersIntoClassesByValue) {
  const Dataset data = ReadLabels(LabelKind::kBinary, {"10", "4", "10"});
  EXPECT_TRUE(Holds(data.schema.classes, "4", "10"));
  EXPECT_TRUE(Same(data.label, {1, 0, 1}));
}

TEST(Label, LeavesProbabilitiesAlone) {
  const Dataset data = ReadLabels(LabelKind::kBinary, {"1", "0.25", "0"});
  EXPECT_TRUE(Holds(data.schema.classes));
  EXPECT_TRUE(Same(data.label, {1, 0.25, 0}));
}

TEST(Label, TurnsTextsIntoClassesByBytes) {
  const Dataset data = ReadLabels(LabelKind::kBinary, {"no", "Yes", "no"});
  EXPECT_TRUE(Holds(data.schema.classes, "Yes", "no"));
  EXPECT_TRUE(Same(data.label, {1, 0, 1}));
}

TEST(Label, TakesNumbersAmongTextsAsTexts) {
  const Dataset data = ReadLabels(LabelKind::kMulticlass, {"10", "b", "9", "10"});
  EXPECT_TRUE(Holds(data.schema.classes, "10", "9", "b"));
  EXPECT_TRUE(Same(data.label, {0, 2, 1, 0}));
}

TEST(Label, TurnsNumbersFromOneIntoClasses) {
  const Dataset data = ReadLabels(LabelKind::kMulticlass, {"3", "1", "2", "3"});
  EXPECT_TRUE(Holds(data.schema.classes, "1", "2", "3"));
  EXPECT_TRUE(Same(data.label, {2, 0, 1, 2}));
}

TEST(Label, IsItselfWhereNumbersAreLearned) {
  const Dataset data = ReadLabels(LabelKind::kNumber, {"3", "-1.5"});
  EXPECT_TRUE(Holds(data.schema.classes));
  EXPECT_TRUE(Same(data.label, {3, -1.5}));
}

TEST(Label, MustBeANumberWhereNumbersAreLearned) {
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kNumber, {"3", "x"}),
                    "t.csv:3:1: `x` in column `y` is not a number, and this objective learns "
                    "numbers [choose a `binary:` or `multi:` objective, or another "
                    "`data.label`]"));
}

TEST(Label, MustBeThereInEveryRow) {
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kBinary, {"0", "", "1", "NaN"}),
                    "t.csv:3:1: the label is missing (2 such fields, in lines 3, 5) [fill it in "
                    "or leave the row out]"));
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kBinary, {"0", "1", "NaN"}),
                    "t.csv:4:1: the label is missing: `NaN` [fill it in or leave the row out]"));
}

TEST(Label, MustBeFinite) {
  for (const LabelKind kind : {LabelKind::kNumber, LabelKind::kBinary, LabelKind::kMulticlass}) {
    EXPECT_TRUE(Holds(FindingsOfLabels(kind, {"0", "-inf", "1"}),
                      "t.csv:3:1: `-inf` in column `y` is infinite in single precision [give "
                      "a finite number, or list it in `data.missing`]"));
  }
}

TEST(Label, MustHaveTwoClasses) {
  const std::string hint = " [a classifier needs rows of at least two classes]";
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kBinary, {"1", "1"}),
                    "t.csv (column y): the label is `1` in every row" + hint));
  EXPECT_EQ(FindingsOfLabels(LabelKind::kBinary, {"0.5", "0.5"}).size(), 1U);
  EXPECT_EQ(FindingsOfLabels(LabelKind::kMulticlass, {"x", "x"}).size(), 1U);
}

TEST(Label, MustHaveNoThirdClassWhenBinary) {
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kBinary, {"c", "b", "a"}),
                    "t.csv (column y): the label has 3 classes, a binary objective takes two: "
                    "`a`, `b` or `c` [choose a `multi:` objective for classes or a `reg:` one "
                    "for numbers, or another `data.label`]"));
}

TEST(Label, IsNoClassBeyondAThousandValues) {
  std::vector<std::string> labels;
  for (int i = 0; i < 1000; ++i) labels.push_back(std::to_string(i));
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kMulticlass, labels)));
  labels.push_back("1000");
  EXPECT_TRUE(Holds(FindingsOfLabels(LabelKind::kMulticlass, labels),
                    "t.csv (column y): the label has 1001 distinct values, at most 1000 can be "
                    "classes [choose a `reg:` objective, or another `data.label`]"));
}

std::vector<std::string> FindingsOfTest(const std::vector<std::string>& train,
                                        const std::vector<std::string>& test) {
  DataFilesInMemory disk(Files{{"t.csv", TableOf(train)}, {"e.csv", TableOf(test)}});
  return FindingsOf([&] {
    ReadDataset({{"t.csv"}, {}, {"e.csv"}}, Of(LabelKind::kBinary), disk, nullptr);
  });
}

TEST(Label, NamesEachUnknownClassOfOtherFilesOnce) {
  EXPECT_TRUE(Holds(FindingsOfTest({"<=50K", ">50K"}, {"<=50K.", ">50K", "<=50K."}),
                    "e.csv:2:1: label `<=50K.` (2 rows) is no class of the training data: "
                    "`<=50K` or `>50K` [did you mean `<=50K`?]"));
  EXPECT_TRUE(Holds(FindingsOfTest({"2", "4"}, {"4", "3"}),
                    "e.csv:3:1: label `3` (1 row) is no class of the training data: `2` or `4` "
                    "[did you mean `2`?]"));
  EXPECT_TRUE(Holds(FindingsOfTest({"2", "4"}, {"4", "x"}),
                    "e.csv:3:1: `x` in column `y` is not a number, as the classes of the "
                    "training data are [correct the label or leave the row out]"));
}

TEST(Label, MayLackAClassInOtherFiles) {
  EXPECT_TRUE(Holds(FindingsOfTest({"a", "b"}, {"b", "b"})));
}

}  // namespace
}  // namespace coppice::trainer
