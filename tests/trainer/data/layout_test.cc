// Delimiters, headers and comment lines: what a delimited file looks like.

#include <gtest/gtest.h>

#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

TEST(Layout, FindsCommaTabAndSemicolon) {
  for (const char* text :
       {"y,a,b\n1,2,3\n2,5,7\n", "y\ta\tb\n1\t2\t3\n2\t5\t7\n", "y;a;b\n1;2;3\n2;5;7\n"}) {
    EXPECT_TRUE(Holds(NamesOf(ReadText(text)), "a", "b")) << text;
  }
}

TEST(Layout, TakesTabsInATsvFileEvenWhereCommasAreMore) {
  const Dataset data = ReadText("y\ta\n1\tp,q,r\n2\ts,t,u\n", {}, nullptr, "t.tsv");
  EXPECT_TRUE(Holds(data.schema.features[0].categories, "p,q,r", "s,t,u"));
}

TEST(Layout, IsNotMisledByCommasInQuotes) {
  const Dataset data = ReadText("y;a\n1;\"p,q,r\"\n2;\"s,t,u\"\n");
  EXPECT_TRUE(Holds(data.schema.features[0].categories, "p,q,r", "s,t,u"));
}

TEST(Layout, TakesALineOfWordsAboveNumbersAsHeader) {
  const Dataset data = ReadText("y,a\n1,2\n2,3\n");
  EXPECT_TRUE(data.schema.has_header);
  EXPECT_EQ(data.schema.label, "y");
  EXPECT_EQ(data.n_rows, 2U);
}

TEST(Layout, TakesALineWithANumberAsData) {
  const Dataset data = ReadText("1,red\n2,blue\n");
  EXPECT_FALSE(data.schema.has_header);
  EXPECT_EQ(data.schema.label, "");
  EXPECT_EQ(data.n_rows, 2U);
  EXPECT_TRUE(Holds(NamesOf(data), "f1"));
}

TEST(Layout, TakesALineWithAMissingValueAsData) {
  ReadOptions options;
  options.label_kind = LabelKind::kMulticlass;
  EXPECT_EQ(ReadText("a,?\nb,3\na,4\n", options).n_rows, 3U);
}

TEST(Layout, TakesUniqueWordsAboveWordsAsHeader) {
  ReadOptions options;
  options.label_kind = LabelKind::kBinary;
  const Dataset data = ReadText("answer,colour\nyes,red\nno,blue\nyes,red\n", options);
  EXPECT_TRUE(data.schema.has_header);
  EXPECT_EQ(data.n_rows, 3U);
}

TEST(Layout, TakesWordsThatComeAgainInTheirColumnAsData) {
  ReadOptions options;
  options.label_kind = LabelKind::kBinary;
  const Dataset data = ReadText("yes,red\nno,blue\nyes,green\n", options);
  EXPECT_FALSE(data.schema.has_header);
  EXPECT_EQ(data.n_rows, 3U);
}

TEST(Layout, NamesAColumnWithoutANameByItsIndex) {
  EXPECT_TRUE(Holds(NamesOf(ReadText("y,,b\n1,2,3\n2,5,6\n")), "f1", "b"));
}

TEST(Layout, TakesNamesInQuotes) {
  EXPECT_TRUE(Holds(NamesOf(ReadText("\"y\";\"fixed acidity\";\"a\"\"b\"\n1;2;3\n2;3;4\n")),
                    "fixed acidity", "a\"b"));
}

TEST(Layout, SkipsACommentLineBeforeTheDataWithANotice) {
  for (const char* comment : {"|1x3 Cross validator\n", "# made by hand, today\n"}) {
    Notices notices;
    const Dataset data = ReadText(std::string(comment) + "1,2,3\n2,3,4\n", {}, &notices);
    EXPECT_EQ(data.n_rows, 2U);
    EXPECT_TRUE(Holds(notices, "`t.csv`: a comment line before the data is skipped"));
  }
}

TEST(Layout, TakesAHeaderThatBeginsLikeACommentAsHeader) {
  Notices notices;
  const Dataset data = ReadText("#y,a\n1,2\n2,3\n", {}, &notices);
  EXPECT_EQ(data.schema.label, "#y");
  EXPECT_TRUE(Holds(notices));
}

TEST(Layout, TakesOffAByteOrderMark) {
  EXPECT_EQ(ReadText("\xEF\xBB\xBFy,a\n1,2\n2,3\n").schema.label, "y");
}

TEST(Layout, RefusesANameGivenTwice) {
  EXPECT_TRUE(Holds(FindingsOfText("y,a,b,a\n1,2,3,4\n"),
                    "t.csv:1:7: two columns are named `a`: 1 and 3 [columns are counted from "
                    "0; give each its own name]"));
}

TEST(Layout, RefusesAHeaderWithoutRows) {
  EXPECT_TRUE(Holds(FindingsOfText("y,a\n\n"),
                    "t.csv: `t.csv` has a header but no rows [a data file has a row for each "
                    "example]"));
}

TEST(Layout, RefusesABrokenHeader) {
  EXPECT_TRUE(Holds(FindingsOfText("y,\"a\n1,2\n"),
                    "t.csv:1:3: a quote opens here and never closes [inside a quoted field, "
                    "write a quote as two: `\"\"`]"));
}

TEST(Layout, NamesTheLineAndCountsOfEveryRaggedRow) {
  const std::string hint = " [a field that holds the delimiter or a line end must stand in quotes]";
  EXPECT_TRUE(Holds(FindingsOfText("y,a,b\n1,2,3\n4,5\n\n6,7,8,9\n1,2,3\n2,3,4\n"),
                    "t.csv:3:1: this row has 2 fields, the header has 3" + hint,
                    "t.csv:5:1: this row has 4 fields, the header has 3" + hint));
}

TEST(Layout, ComparesWithTheFirstRowWhereThereIsNoHeader) {
  EXPECT_TRUE(Holds(FindingsOfText("1,2,3\n4,5,6\n7\n"),
                    "t.csv:3:1: this row has 1 field, the first row has 3 [a field that holds "
                    "the delimiter or a line end must stand in quotes]"));
}

TEST(Layout, CountsLinesInsideQuotes) {
  const auto findings = FindingsOfText("y,a,b\n1,\"p\nq\",3\n4,5\n1,s,3\n1,t,3\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(findings[0].starts_with("t.csv:4:1: this row has 2 fields")) << findings[0];
}

TEST(Layout, ShowsTwentyFindingsAndCountsTheRest) {
  std::string text = "y,a\n1,1\n2,2\n3,3\n";
  for (int i = 0; i < 30; ++i) text += "1,2\n";
  for (int i = 0; i < 27; ++i) text += "1,2,3\n";
  const auto findings = FindingsOfText(text);
  ASSERT_EQ(findings.size(), 21U);
  EXPECT_TRUE(findings[19].starts_with("t.csv:54:1: ")) << findings[19];
  EXPECT_EQ(findings[20], "and 7 more");
}

TEST(Layout, TakesCommentsForTheDataWhereThereIsNothingElse) {
  for (const char* text : {"# a\n", "# a\n\n  \n", "|x,y\n\n"}) {
    EXPECT_EQ(FindingsOfText(text).size(), 1U) << text;
  }
}

TEST(Layout, RefusesOneColumnOnly) {
  EXPECT_TRUE(Holds(FindingsOfText("y|a\n1|2\n2|3\n"),
                    "t.csv: no column of `t.csv` is a feature [fields must stand apart by a "
                    "comma, a tab or a semicolon]"));
}

}  // namespace
}  // namespace coppice::trainer
