#include "tuner/preflight/spec_draft.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/results/temp_folder.h"
#include "tuner/spec/spec_reader.h"

namespace coppice::tuner {
namespace {

struct Drafted {
  Spec spec;
  std::string reasons;
};

// What is drafted for a file, read again as a spec.
Drafted Draft(const std::string& name, const std::string& table, const std::string& label = "") {
  const results::TempFolder folder;
  RealFileSystem disk;
  disk.WriteAtomically(folder.File(name), table);
  const SpecDraft draft = DraftSpec({folder.File(name), label, folder.path()}, disk);
  Drafted drafted;
  drafted.spec = ReadSpecText(draft.text, "spec.json", folder.path(), {});
  for (const std::string& reason : draft.reasons) drafted.reasons += reason + "\n";
  return drafted;
}

std::string Rows(const std::string& header, int n, const std::function<std::string(int)>& row) {
  std::string text = header;
  for (int i = 0; i < n; ++i) text += row(i) + "\n";
  return text;
}

std::string ObjectiveOf(const Spec& spec) { return spec.ParamsFor({}).objective; }

TEST(SpecDraft, TakesTwoValuesForClasses) {
  const auto drafted =
      Draft("t.csv", Rows("y,x\n", 40, [](int i) { return fmt::format("{},{}", i % 2, i); }));
  EXPECT_EQ(ObjectiveOf(drafted.spec), "binary:logistic");
  EXPECT_EQ(drafted.spec.metric, "auc");
}

TEST(SpecDraft, TakesWholeNumbersForClassesUnlessOneIsRare) {
  const auto often = [](int i) { return fmt::format("{},{}", i % 3, i); };
  EXPECT_EQ(ObjectiveOf(Draft("t.csv", Rows("y,x\n", 60, often)).spec), "multi:softprob");
  const auto rare = [](int i) { return fmt::format("{},{}", i == 7 ? 9 : i % 3, i); };
  EXPECT_EQ(ObjectiveOf(Draft("t.csv", Rows("y,x\n", 60, rare)).spec), "reg:squarederror");
}

TEST(SpecDraft, TakesTextsInTheLastColumnOfAFileWithoutNames) {
  const auto drafted =
      Draft("t.data", Rows("", 30, [](int i) {
              return fmt::format("{}.5,{},{}", i, i * i, i % 2 == 0 ? "no" : "yes");
            }));
  EXPECT_EQ(*drafted.spec.data.read.label, Value(std::int64_t{2}));
  EXPECT_NE(drafted.reasons.find("the last column, which holds texts"), std::string::npos);
}

TEST(SpecDraft, TakesBoundsForALabelBetweenThem) {
  const auto drafted = Draft("t.csv", Rows("t_lower_bound,t_upper_bound,x\n", 30, [](int i) {
                               return fmt::format("{},{},{}", i + 1, i % 3 == 0 ? "inf" : "99", i);
                             }));
  EXPECT_EQ(ObjectiveOf(drafted.spec), "survival:aft");
  EXPECT_EQ(*drafted.spec.data.read.label_upper, Value("t_upper_bound"));
}

TEST(SpecDraft, RanksLibsvmRowsWithQueries) {
  const auto drafted = Draft(
      "t.svm", Rows("", 40, [](int i) { return fmt::format("{} qid:{} 1:{}", i % 3, i / 5, i); }));
  EXPECT_EQ(ObjectiveOf(drafted.spec), "rank:ndcg");
}

TEST(SpecDraft, ListsWordsOfOtherProgramsForWhatIsMissing) {
  const auto drafted =
      Draft("t.csv", Rows("y,x\n", 40, [](int i) {
              return fmt::format("{},{}", i % 2, i % 10 == 3 ? "N/A" : std::to_string(i));
            }));
  EXPECT_EQ(drafted.spec.data.read.missing.back(), "N/A");
  EXPECT_NE(drafted.reasons.find("missing: `N/A`, as in column `x`"), std::string::npos);
}

TEST(SpecDraft, LeavesOutCopiesOfTheLabel) {
  const auto drafted = Draft("t.csv", Rows("y,twice,x\n", 60, [](int i) {
                               return fmt::format("{}.25,{}.5,{}", i, 2 * i, i % 7);
                             }));
  ASSERT_EQ(drafted.spec.data.read.ignore.size(), 1U);
  EXPECT_EQ(drafted.spec.data.read.ignore.front(), Value("twice"));
  EXPECT_NE(drafted.reasons.find("the label by another name"), std::string::npos);
}

}  // namespace
}  // namespace coppice::tuner
