#include "tuner/run/more_rows.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/tuner/run/small_study.h"
#include "tuner/run/final_model.h"

namespace coppice::tuner {
namespace {

using testing::SmallStudy;
using trainer::RowIndex;
using Rows = std::vector<RowIndex>;

// Rows 0 to 5 train, 6 and 7 validate.
SmallStudy Towns() {
  return SmallStudy(
      R"({"coppice": 1, "name": "towns",
          "data": {"train": "t.csv", "validation": "v.csv", "label": "y"}})",
      {{"t.csv", "y,age,town\n1,10,Ulm\n2,20,Bonn\n3,30,Ulm\n4,40,Bonn\n5,50,Ulm\n6,60,Bonn\n"},
       {"v.csv", "y,age,town\n1,15,Ulm\n2,25,Bonn\n"}});
}

JoinedData Join(SmallStudy& small, const std::string& text) {
  const std::string file = small.folder.File("more.csv");
  small.disk.WriteAtomically(file, text);
  return WithRowsOf({file}, small.data, small.spec, small.disk, nullptr);
}

std::vector<Finding> FindingsOf(SmallStudy& small, const std::string& text) {
  try {
    Join(small, text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    return error.findings();
  }
  ADD_FAILURE() << "it was taken";
  return {};
}

TEST(WithRowsOf, PutsTheRowsBehindTheTrainingFilesAndKeepsTheSplit) {
  SmallStudy small = Towns();
  const JoinedData joined = Join(small, "town,y,age\nUlm,7,70\nBonn,8,80\n");
  EXPECT_EQ(joined.added_rows, std::vector<std::size_t>{2});
  EXPECT_EQ(joined.data.table->label, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 1, 2}));
  EXPECT_EQ(joined.data.split.folds[0].train, (Rows{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(joined.data.split.folds[0].validation, (Rows{8, 9}));
  EXPECT_EQ(RowsFor(joined.data, small.spec, RowChoice::kTraining), (Rows{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(RowsFor(joined.data, small.spec, RowChoice::kAll).size(), 10U);
  EXPECT_NE(joined.data.hash, small.data.hash);
}

TEST(WithRowsOf, GivesCodesToCategoriesThatTheStudyDidNotKnow) {
  SmallStudy small = Towns();
  const JoinedData joined = Join(small, "y,age,town\n7,70,Kiel\n");
  EXPECT_EQ(joined.data.table->schema.features[1].categories,
            (std::vector<std::string>{"Bonn", "Kiel", "Ulm"}));
  EXPECT_EQ(joined.data.table->values[1][6], 1.0F);
}

TEST(WithRowsOf, CutsBinsFromTheAddedRowsToo) {
  SmallStudy small = Towns();
  const JoinedData joined = Join(small, "y,age,town\n7,1000,Ulm\n8,2000,Ulm\n");
  const auto bin = [&](RowIndex row) { return joined.data.matrix->Bin(row, 0); };
  EXPECT_NE(bin(6), bin(7));
}

TEST(WithRowsOf, RefusesAFileWithoutAColumnOfTheStudy) {
  SmallStudy small = Towns();
  const auto findings = FindingsOf(small, "y,town\n7,Ulm\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].message.find("`age`"), std::string::npos) << findings[0].message;
  EXPECT_EQ(findings[0].place.file, small.folder.File("more.csv"));
}

TEST(WithRowsOf, RefusesTextsWhereTheStudyHasNumbers) {
  SmallStudy small = Towns();
  const auto findings = FindingsOf(small, "y,age,town\n7,old,Ulm\n8,80,Ulm\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].message.find("`old` in column `age` is not a number"), std::string::npos)
      << findings[0].message;
  EXPECT_EQ(findings[0].place.line, 2);
}

TEST(WithRowsOf, RefusesNumbersWhereTheStudyHasTexts) {
  SmallStudy small = Towns();
  const auto findings = FindingsOf(small, "y,age,town\n7,70,1\n8,80,2\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message, "the column `town` holds numbers, and texts in the study's data");
  EXPECT_EQ(findings[0].place.path, "column town");
}

TEST(WithRowsOf, RefusesAClassThatTheStudyDoesNotHave) {
  SmallStudy small(
      R"({"coppice": 1, "name": "small", "data": {"train": "t.csv", "label": "y"},
          "train": {"objective": "multi:softprob"}, "split": {"folds": 2, "test_fraction": 0}})",
      {{"t.csv", "y,x\na,1\nb,2\nc,3\na,1\nb,2\nc,3\n"}});
  const auto findings = FindingsOf(small, "y,x\na,1\nd,4\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_NE(findings[0].message.find("`d`"), std::string::npos) << findings[0].message;
}

}  // namespace
}  // namespace coppice::tuner
