#include "base/error.h"

#include <gtest/gtest.h>

namespace coppice {
namespace {

TEST(Place, NamesFileLineColumnAndPath) {
  EXPECT_EQ((Place{"spec.json", 4, 12, "search.eta.min"}.ToString()),
            "spec.json:4:12 (search.eta.min)");
}

TEST(Place, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ((Place{"a.csv", 7, 0, ""}.ToString()), "a.csv:7");
  EXPECT_EQ((Place{"a.csv", 0, 3, ""}.ToString()), "a.csv");
  EXPECT_EQ((Place{"", 7, 2, ""}.ToString()), "line 7:2");
  EXPECT_EQ((Place{"", 0, 0, "seed"}.ToString()), "seed");
  EXPECT_EQ(Place{}.ToString(), "");
}

TEST(Error, KeepsKindFindingsAndNotesInOrder) {
  Error error(ErrorKind::kData, "`x` is no number", {"a.csv", 2, 1, ""}, "fix it");
  error.AddNote("while reading column `age`").AddNote("while loading the data");
  EXPECT_EQ(error.kind(), ErrorKind::kData);
  ASSERT_EQ(error.findings().size(), 1u);
  EXPECT_EQ(error.findings()[0].place.line, 2);
  EXPECT_EQ(error.findings()[0].hint, "fix it");
  EXPECT_EQ(error.notes(),
            (std::vector<std::string>{"while reading column `age`", "while loading the data"}));
}

TEST(Error, SaysItsFirstFinding) {
  const Error error(ErrorKind::kSpec, {{"first", {}, ""}, {"second", {}, ""}});
  EXPECT_STREQ(error.what(), "first");
}

TEST(Findings, ThrowNothingWhenThereAreNone) {
  const Findings findings;
  EXPECT_NO_THROW(findings.ThrowIfAny(ErrorKind::kSpec));
}

TEST(Findings, AreThrownAllAtOnceWithTheKind) {
  Findings findings;
  findings.Add("one");
  findings.Add("two", {"f", 3, 4, "p"}, "do this");
  try {
    findings.ThrowIfAny(ErrorKind::kUsage);
    FAIL() << "two findings are an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    ASSERT_EQ(error.findings().size(), 2u);
    EXPECT_EQ(error.findings()[1].message, "two");
    EXPECT_EQ(error.findings()[1].place.path, "p");
  }
}

TEST(CheckDeathTest, AbortsWithTheReason) {
  EXPECT_DEATH(COPPICE_CHECK(1 + 1 == 3, "sums are right"), "sums are right");
}

TEST(ErrorDeathTest, RefusesToBeAboutNothing) {
  EXPECT_DEATH(Error(ErrorKind::kSpec, std::vector<Finding>{}), "says what is wrong");
}

}  // namespace
}  // namespace coppice
