// Columns of delimited files: types, categories, roles, several files.

#include "trainer/data/reader.h"

#include <gtest/gtest.h>

#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

Dataset ReadFiles(const Files& files, const DataFiles& names, const ReadOptions& options = {},
                  Notices* notices = nullptr) {
  DataFilesInMemory disk(files);
  return ReadDataset(names, options, disk, notices);
}

TEST(Reader, ReadsNumbersLabelAndMissingValues) {
  const Dataset data = ReadText("y,a,b\n1, 2 ,NA\n0.5,\"3\",4\n");
  EXPECT_EQ(data.n_rows, 2U);
  EXPECT_TRUE(Same(data.label, {1, 0.5}));
  EXPECT_TRUE(Same(data.values[0], {2, 3}));
  EXPECT_TRUE(Same(data.values[1], {kNan, 4}));
  EXPECT_TRUE(data.weight.empty());
  EXPECT_TRUE(data.group.empty());
  EXPECT_TRUE(Holds(data.part, DataPart::kTrain, DataPart::kTrain));
}

TEST(Reader, TakesAColumnWithTextsAsCategoricalInTheOrderOfTheTexts) {
  const Dataset data = ReadText("y,a\n1,red\n2,10\n3,blue\n4,\n5,9\n");
  EXPECT_EQ(data.schema.features[0].kind, ColumnKind::kCategorical);
  EXPECT_TRUE(Holds(data.schema.features[0].categories, "10", "9", "blue", "red"));
  EXPECT_TRUE(Same(data.values[0], {3, 0, 2, kNan, 1}));
}

TEST(Reader, TakesAColumnOfNumbersAsCategoricalWhenTold) {
  ReadOptions options;
  options.categorical = {std::string("a"), std::int64_t{2}};
  const Dataset data = ReadText("y,a,b\n1,3,7\n2,1,8\n", options);
  EXPECT_TRUE(Holds(data.schema.features[0].categories, "1", "3"));
  EXPECT_TRUE(Holds(data.schema.features[1].categories, "7", "8"));
}

// 19 numbers for each text, from 20 numbers on, make a slip of a text.
std::string NumbersAndTexts(int n_numbers, int n_texts) {
  std::string text = "y,age\n";
  for (int i = 0; i < n_numbers; ++i) text += "1," + std::to_string(i) + "\n";
  for (int i = 0; i < n_texts; ++i) text += "2,oops\n";
  return text;
}

TEST(Reader, TakesATextAmongManyNumbersAsASlip) {
  const std::string hint =
      " [correct it, list it in `data.missing`, or list `age` in `data.categorical`]";
  EXPECT_TRUE(Holds(FindingsOfText(NumbersAndTexts(20, 1)),
                    "t.csv:22:3: `oops` in column `age` is not a number; 20 of its 21 values "
                    "are" +
                        hint));
  EXPECT_EQ(FindingsOfText(NumbersAndTexts(38, 2)).size(), 1U);
}

TEST(Reader, TakesTextsAmongFewerNumbersAsCategories) {
  EXPECT_TRUE(Holds(FindingsOfText(NumbersAndTexts(19, 1))));
  EXPECT_TRUE(Holds(FindingsOfText(NumbersAndTexts(37, 2))));
}

TEST(Reader, TakesTheSlipAsMissingOrCategoryWhenTold) {
  ReadOptions options;
  options.missing = {"oops"};
  EXPECT_EQ(ReadText(NumbersAndTexts(20, 1), options).schema.features[0].kind,
            ColumnKind::kNumeric);
  options.missing = {""};
  options.categorical = {std::string("age")};
  EXPECT_EQ(ReadText(NumbersAndTexts(20, 1), options).schema.features[0].kind,
            ColumnKind::kCategorical);
}

TEST(Reader, RefusesTextsInUnlistedColumnsWhenCategoriesAreListed) {
  ReadOptions options;
  options.categorical_auto = false;
  options.categorical = {std::string("a")};
  EXPECT_TRUE(Holds(FindingsOfText("y,a,b\n1,p,q\n2,r,3\n", options),
                    "t.csv:2:5: `q` in column `b` is not a number [correct it, list it in "
                    "`data.missing`, or list `b` in `data.categorical`]"));
}

TEST(Reader, RefusesInfiniteFeatures) {
  EXPECT_TRUE(Holds(FindingsOfText("y,a\n1,inf\n2,3\n2,1e39\n"),
                    "t.csv:2:3: `inf` in column `a` is infinite in single precision (2 such "
                    "fields, in lines 2, 4) [give a finite number, or list it in "
                    "`data.missing`]"));
}

TEST(Reader, FindsABadColumnOnceWithItsFirstLines) {
  std::string text = "y,a,b\n";
  for (int row = 0; row < 200; ++row) text += row % 20 == 19 ? "1,x,inf\n" : "0,1,2\n";
  EXPECT_TRUE(Holds(FindingsOfText(text),
                    "t.csv:21:3: `x` in column `a` is not a number; 190 of its 200 values are (10 "
                    "such fields, in lines 21, 41, 61, 81, 101, ...) [correct it, list it in "
                    "`data.missing`, or list `a` in `data.categorical`]",
                    "t.csv:21:5: `inf` in column `b` is infinite in single precision (10 such "
                    "fields, in lines 21, 41, 61, 81, 101, ...) [give a finite number, or list it "
                    "in `data.missing`]"));
}

TEST(Reader, PutsWhatItFindsOfAnOptionWhereTheUserSaidIt) {
  ReadOptions options;
  options.label = std::string("z");
  options.said_at["label"] = {"spec.json", 4, 12, "data.label"};
  EXPECT_TRUE(Holds(FindingsOfText("y,a\n1,2\n0,3\n", options),
                    "spec.json:4:12 (data.label): `data.label` names `z`, which is no column of "
                    "`t.csv` [did you mean `y`?]"));
}

TEST(Reader, KeepsTheMostFrequentOfTooManyCategories) {
  std::string text = "y,a\n";
  for (int i = 0; i < 300; ++i) {
    const std::string name = "k" + std::to_string(1000 + i);
    for (int n = 0; n < (i == 299 ? 3 : i == 7 ? 2 : 1); ++n) text += "1," + name + "\n";
  }
  Notices notices;
  const Dataset data = ReadText(text + "2,k1001\n2,k1298\n", {}, &notices);
  const std::vector<std::string>& kept = data.schema.features[0].categories;
  ASSERT_EQ(kept.size(), 255U);
  EXPECT_EQ(kept[0], "k1299");
  EXPECT_EQ(kept[1], "k1001");
  EXPECT_EQ(kept[2], "k1007");
  EXPECT_EQ(kept[3], "k1298");
  EXPECT_EQ(kept[4], "k1000");
  // A row each from k1000 on, but two for k1007: k1252 is the last that is kept.
  EXPECT_EQ(kept[254], "k1252");
  EXPECT_EQ(data.values[0][253], 254.0F);
  EXPECT_TRUE(std::isnan(data.values[0][254]));
  EXPECT_TRUE(Holds(notices,
                    "column `a` has 300 categories; the 255 most frequent are kept, the others are "
                    "read as missing"));
}

TEST(Reader, NotesColumnsThatTellNothing) {
  Notices notices;
  ReadText("y,a,b,c,d,e\n1,5,x,,5,1\n2,5,x,,,2\n", {}, &notices);
  EXPECT_TRUE(Holds(notices, "2 columns: each holds one value only: `a`, `b`",
                    "column `c` holds no value"));
}

TEST(Reader, FindsColumnsByNameAndIndex) {
  ReadOptions options;
  options.label = std::string("c");
  options.ignore = {std::int64_t{0}};
  options.weight = std::string("w");
  options.group = std::int64_t{4};
  const Dataset data = ReadText("id,a,c,w,g\n7,1,2,0.5,q\n8,3,4,0,p\n9,5,6,2,q\n", options);
  EXPECT_TRUE(Holds(NamesOf(data), "a"));
  EXPECT_TRUE(Same(data.label, {2, 4, 6}));
  EXPECT_TRUE(Same(data.weight, {0.5, 0, 2}));
  EXPECT_TRUE(Holds(data.group, 0, 1, 0));
  EXPECT_EQ(data.schema.label, "c");
  EXPECT_EQ(data.schema.label_column, 2);
  EXPECT_EQ(data.schema.n_columns, 5);
}

TEST(Reader, NumbersTheGroupsOfEachPartForThemselves) {
  ReadOptions options;
  options.group = std::string("g");
  DataFilesInMemory disk(Files{{"a.csv", "y,x,g\n1,1,q\n2,2,p\n"},
                               {"b.csv", "y,x,g\n1,3,r\n2,4,q\n"},
                               {"v.csv", "y,x,g\n1,5,p\n2,6,s\n3,7,p\n"}});
  const Dataset data = ReadDataset({{"a.csv", "b.csv"}, {"v.csv"}, {}}, options, disk, nullptr);
  EXPECT_TRUE(Holds(data.group, 0, 1, 2, 0, 3, 4, 3));
  EXPECT_EQ(data.schema.group, "g");
  EXPECT_EQ(data.schema.group_column, 2);
}

TEST(Reader, ReadsLabelsBetweenTwoBounds) {
  ReadOptions options;
  options.label = std::string("from");
  options.label_upper = std::string("to");
  const Dataset data = ReadText("x,from,to\n1,2,2\n2,3,inf\n3,0,4.5\n4,7,\n", options);
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(Holds(NamesOf(data), "x"));
  EXPECT_TRUE(Same(data.label, {2, 3, 0, 7}));
  EXPECT_TRUE(Same(data.label_upper, {2, infinite, 4.5, infinite}));
  EXPECT_EQ(data.schema.label_upper, "to");
  EXPECT_TRUE(Holds(FindingsOfText("x,from,to\n1,2,2\n2,3,1\n", options),
                    "t.csv:3:5: the label's upper bound `1` is below its lower bound `3` [the "
                    "label lies between the two]"));
  EXPECT_TRUE(Holds(FindingsOfText("x,from,to\n1,2,later\n", options),
                    "t.csv:2:5: `later` in column `to` is not a number [a bound is a number, "
                    "`inf`, or missing where there is none]"));
  options.label = std::string("to");
  EXPECT_TRUE(Holds(FindingsOfText("x,from,to\n1,2,2\n", options),
                    "t.csv: column `to` is both the lower bound of the label and the upper bound "
                    "of the label [give each column one role]"));
  options.label = std::string("form");
  EXPECT_TRUE(Holds(FindingsOfText("x,from,to\n1,2,2\n", options),
                    "t.csv: `data.label_lower_bound` names `form`, which is no column of `t.csv` "
                    "[did you mean `from`?]"));
}

TEST(Reader, SuggestsTheNearestNameForAnUnknownColumn) {
  ReadOptions options;
  options.label = std::string("Surived");
  options.ignore = {std::string("zzzzzz")};
  EXPECT_TRUE(Holds(FindingsOfText("Survived,a\n1,2\n0,3\n", options),
                    "t.csv: `data.label` names `Surived`, which is no column of `t.csv` [did "
                    "you mean `Survived`?]",
                    "t.csv: `data.ignore` names `zzzzzz`, which is no column of `t.csv` [the "
                    "columns are `Survived` or `a`]"));
}

TEST(Reader, RefusesIndexesThatAreNoColumn) {
  ReadOptions options;
  options.label = std::int64_t{-1};
  options.weight = std::int64_t{2};
  options.group = 0.5;
  const std::string hint = ", which is no column of `t.csv` [columns are counted from 0 to 1]";
  EXPECT_TRUE(Holds(FindingsOfText("y,a\n1,2\n0,3\n", options), "t.csv: `data.label` is -1" + hint,
                    "t.csv: `data.weight` is 2" + hint, "t.csv: `data.group` is 0.5" + hint));
}

TEST(Reader, AsksForAnIndexWhereThereIsNoHeader) {
  ReadOptions options;
  options.label = std::string("y");
  EXPECT_TRUE(Holds(FindingsOfText("1,2\n0,3\n", options),
                    "t.csv: `data.label` names `y`, which is no column of `t.csv` [the file has no "
                    "header: give the index, 0 to 1]"));
}

TEST(Reader, RefusesAColumnWithTwoRoles) {
  ReadOptions options;
  options.weight = std::int64_t{0};
  options.ignore = {std::int64_t{0}, std::string("a")};
  options.categorical = {std::string("a")};
  EXPECT_TRUE(Holds(FindingsOfText("y,a,b\n1,2,3\n2,3,4\n", options),
                    "t.csv: column `y` is both the label and the weight [give each column one "
                    "role]",
                    "t.csv: column `y` is both the label and ignored [give each column one "
                    "role]",
                    "t.csv: column `a` is ignored and in `data.categorical` [take it out of "
                    "one of the two]"));
}

TEST(Reader, RefusesDataWithoutFeatures) {
  ReadOptions options;
  options.ignore = {std::string("a")};
  EXPECT_TRUE(Holds(FindingsOfText("y,a\n1,2\n0,3\n", options),
                    "t.csv: no column of `t.csv` is a feature [all of them are label, weight, "
                    "group or ignored]"));
}

TEST(Reader, RefusesWeightsThatAreNoWeights) {
  ReadOptions options;
  options.weight = std::string("w");
  EXPECT_TRUE(Holds(FindingsOfText("y,a,w\n1,2,-3\n0,3,1\n", options),
                    "t.csv:2:5: weight `-3` is below 0 [a weight says how often a row counts: "
                    "0 or more]"));
  EXPECT_TRUE(Holds(FindingsOfText("y,a,w\n1,2,-3\n0,3,1\n1,2,-5\n", options),
                    "t.csv:2:5: weight `-3` is below 0 (2 such fields, in lines 2, 4) [a weight "
                    "says how often a row counts: 0 or more]"));
  EXPECT_TRUE(Holds(FindingsOfText("y,a,w\n1,2,x\n0,3,\n0,4,inf\n2,2,1\n", options),
                    "t.csv:2:5: `x` in column `w` is not a number [`data.weight` names a "
                    "column of numbers]",
                    "t.csv:3:5: the weight is missing [fill it in or leave the row out]",
                    "t.csv:4:5: `inf` in column `w` is infinite in single precision [give a "
                    "finite number, or list it in `data.missing`]"));
  EXPECT_TRUE(Holds(FindingsOfText("y,a,w\n1,2,0\n0,3,0\n", options),
                    "the weight is 0 in every row [give some row a weight above 0, or leave "
                    "out `data.weight`]"));
}

TEST(Reader, RefusesAMissingGroup) {
  ReadOptions options;
  options.group = std::string("g");
  EXPECT_TRUE(Holds(FindingsOfText("y,a,g\n1,2,p\n0,3,?\n", options),
                    "t.csv:3:5: the group is missing: `?` [fill it in or leave the row out]"));
}

TEST(Reader, JoinsTrainFilesByColumnName) {
  const Dataset data = ReadFiles({{"1.csv", "y,a,b\n1,2,p\n"}, {"2.csv", "b,y,a\nq,3,4\n"}},
                                 {{"1.csv", "2.csv"}, {}, {}});
  EXPECT_TRUE(Same(data.label, {1, 3}));
  EXPECT_TRUE(Same(data.values[0], {2, 4}));
  EXPECT_TRUE(Holds(data.schema.features[1].categories, "p", "q"));
  EXPECT_TRUE(Same(data.values[1], {0, 1}));
}

TEST(Reader, ReadsAColumnAsTextsInAllFilesWhenOneHasATextInIt) {
  const Dataset data = ReadFiles({{"1.csv", "y,a\n1,2\n2,1\n"}, {"2.csv", "y,a\n3,x\n"}},
                                 {{"1.csv", "2.csv"}, {}, {}});
  EXPECT_TRUE(Holds(data.schema.features[0].categories, "1", "2", "x"));
  EXPECT_TRUE(Same(data.values[0], {1, 0, 2}));
}

TEST(Reader, SettlesTypesAndCategoriesByTheTrainFiles) {
  Notices notices;
  const Dataset data = ReadFiles({{"t.csv", "y,a,b\n1,p,5\n2,q,6\n"},
                                  {"v.csv", "y,a,b,extra\n3,q,7,x\n"},
                                  {"e.csv", "y,a,b\n4,r,8\n5,p,\n"}},
                                 {{"t.csv"}, {"v.csv"}, {"e.csv"}}, {}, &notices);
  EXPECT_TRUE(Holds(data.part, DataPart::kTrain, DataPart::kTrain, DataPart::kValidation,
                    DataPart::kTest, DataPart::kTest));
  EXPECT_TRUE(Same(data.values[0], {0, 1, 1, kNan, 0}));
  EXPECT_TRUE(Same(data.values[1], {5, 6, 7, 8, kNan}));
  EXPECT_TRUE(Same(data.label, {1, 2, 3, 4, 5}));
  EXPECT_TRUE(Holds(notices,
                    "`e.csv`: 1 category of column `a` not in the training data, read "
                    "as missing: `r`"));
}

TEST(Reader, RefusesATextWhereTheTrainFilesHaveNumbers) {
  EXPECT_TRUE(Holds(FindingsOf([] {
                      ReadFiles({{"t.csv", "y,a\n1,5\n2,6\n"}, {"e.csv", "y,a\n1,p\n"}},
                                {{"t.csv"}, {}, {"e.csv"}});
                    }),
                    "e.csv:2:3: `p` in column `a` is not a number, and the column is numeric in "
                    "the training data [correct it, or list it in `data.missing`]"));
}

TEST(Reader, RefusesAFileThatLacksAColumn) {
  EXPECT_TRUE(Holds(FindingsOf([] {
                      ReadFiles({{"t.csv", "y,age\n1,5\n2,6\n"}, {"e.csv", "y,Age\n1,2\n"}},
                                {{"t.csv"}, {}, {"e.csv"}});
                    }),
                    "e.csv: there is no column `age`, a feature of the training data [did you "
                    "mean `Age`?]"));
}

TEST(Reader, TakesColumnsByPositionInAFileWithoutHeader) {
  const Dataset data =
      ReadFiles({{"t.csv", "y,a\n1,5\n2,6\n"}, {"e.csv", "3,7\n"}}, {{"t.csv"}, {}, {"e.csv"}});
  EXPECT_TRUE(Same(data.values[0], {5, 6, 7}));
  EXPECT_TRUE(Holds(
      FindingsOf([] {
        ReadFiles({{"t.csv", "y,a\n1,5\n2,6\n"}, {"e.csv", "3,7,8\n"}}, {{"t.csv"}, {}, {"e.csv"}});
      }),
      "e.csv: `e.csv` has 3 columns and no header, `t.csv` has 2 columns [files "
      "of one data set have the same columns]"));
}

TEST(Reader, RefusesToMixFormats) {
  EXPECT_TRUE(Holds(
      FindingsOf([] {
        ReadFiles({{"t.csv", "y,a\n1,5\n"}, {"e.svm", "1 1:2\n"}}, {{"t.csv"}, {}, {"e.svm"}});
      }),
      "e.svm: `t.csv` is a table, `e.svm` is LibSVM [files of one data set have "
      "one format]"));
}

TEST(Reader, RefusesNoFileAndAFileThatIsNotThere) {
  EXPECT_TRUE(Holds(FindingsOf([] { ReadFiles({}, {}); }),
                    "there is no training file [name one in `data.train`]"));
  EXPECT_EQ(FindingsOf([] { ReadFiles({}, {{"x.csv"}, {}, {}}); }).size(), 1U);
}

TEST(Reader, SkipsTheLabelWhereNoneIsWanted) {
  ReadOptions options;
  options.label_kind = LabelKind::kNone;
  EXPECT_TRUE(Holds(NamesOf(ReadText("y,a\n1,2\n2,3\n", options)), "y", "a"));
  options.label = std::string("y");
  const Dataset data = ReadText("y,a\n1,2\n,3\n", options);
  EXPECT_TRUE(Holds(NamesOf(data), "a"));
  EXPECT_TRUE(data.label.empty());
  EXPECT_TRUE(Holds(NamesOf(ReadText("a,b\n1,2\n3,4\n", options)), "a", "b"));
}

// A table of `n` rows with a number as its label, and what `field` says of each row as its feature.
template <typename FieldOf>
std::string LongTable(int n, const FieldOf& field) {
  std::string text = "y,a\n";
  for (int row = 0; row < n; ++row) text += std::to_string(row) + "," + field(row) + "\n";
  return text;
}

// The first thousand rows decide how a column is read at first.
TEST(Reader, TakesTextsBehindManyRowsOfNumbersAsCategoriesWithTheNumbersTexts) {
  const Dataset data = ReadText(LongTable(4000, [](int row) -> std::string {
    return row < 2000 ? "1.50" : row % 2 == 0 ? "x" : "y";
  }));
  EXPECT_TRUE(Holds(data.schema.features[0].categories, "1.50", "x", "y"));
  EXPECT_EQ(data.values[0][1999], 0);
  EXPECT_EQ(data.values[0][2000], 1);
  EXPECT_EQ(data.values[0][3999], 2);
}

TEST(Reader, TakesTextsThatOnlyTheFirstRowsHaveManyOfAsSlips) {
  EXPECT_TRUE(Holds(
      FindingsOfText(LongTable(
          20000, [](int row) -> std::string { return row < 900 && row % 9 == 0 ? "bad" : "7"; })),
      "t.csv:2:3: `bad` in column `a` is not a number; 19900 of its 20000 values "
      "are (100 such fields, in lines 2, 11, 20, 29, 38, ...) [correct it, list it "
      "in `data.missing`, or list `a` in `data.categorical`]"));
}

TEST(Reader, TakesClassesAsTextsWhereverTheFirstTextStands) {
  ReadOptions options;
  options.label = std::string("a");
  options.label_kind = LabelKind::kMulticlass;
  const auto classes_of = [&](int first_text) {
    return ReadText(LongTable(3000,
                              [=](int row) -> std::string {
                                return row == first_text ? "one" : row % 2 == 0 ? "0" : "1";
                              }),
                    options)
        .schema.classes;
  };
  EXPECT_TRUE(Holds(classes_of(0), "0", "1", "one"));
  EXPECT_TRUE(Holds(classes_of(2900), "0", "1", "one"));
}

TEST(Reader, FindsAHeaderByARepetitionFarDown) {
  std::string text = "color,shape\n";
  for (int row = 0; row < 100'000; ++row) text += row % 2 == 0 ? "red,round\n" : "blue,square\n";
  ReadOptions options;
  options.label_kind = LabelKind::kMulticlass;
  EXPECT_EQ(ReadText(text, options).n_rows, 100'000U);
  EXPECT_EQ(ReadText(text + "color,round\n", options).n_rows, 100'002U) << "it is a value";
}

}  // namespace
}  // namespace coppice::trainer
