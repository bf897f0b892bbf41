// Studies as the programs of older formats wrote them, kept in files/.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "results/store/repair.h"
#include "results/store/salvage.h"
#include "results/store/sql.h"
#include "results/store/sqlite_store.h"
#include "tests/results/query.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

struct OldFormat {
  int number = 0;
  int decisions = 0;  // of the program that wrote the file
  std::size_t n_folds = 0;
};

class StudyOfOlderFormat : public testing::TestWithParam<OldFormat> {
 protected:
  StudyOfOlderFormat() {
    const std::string file = "format_" + std::to_string(GetParam().number) + ".db";
    std::filesystem::copy_file(COPPICE_SOURCE_DIR "/tests/results/files/" + file, path_);
  }

  void ExpectContent(const TrialStore& store) const {
    const StudyRecord record = store.study();
    EXPECT_EQ(record.name, "small");
    EXPECT_EQ(record.program, "coppice 0.1.0");
    EXPECT_EQ(record.decisions, GetParam().decisions);
    EXPECT_EQ(store.Events().size(), 13U);
    ASSERT_EQ(store.Trials().size(), 4U);
    EXPECT_EQ(store.Trials()[3].state, study::TrialState::kCompleted);
    EXPECT_EQ(store.Curves(study::TrialId{0}).size(), GetParam().n_folds);
  }
  std::string Format() const { return Query(path_, "PRAGMA user_version").at(0); }

  TempFolder folder_;
  const std::string path_ = folder_.File("study.db");
};

TEST_P(StudyOfOlderFormat, IsReadAsItIs) {
  ExpectContent(*SqliteStore::OpenForReading(path_));
  EXPECT_EQ(SqliteStore::RecordAt(path_).decisions, GetParam().decisions);
  EXPECT_EQ(AnswerSql(path_, "SELECT count(*) FROM leaderboard").rows[0][0], 4);
  EXPECT_EQ(Format(), std::to_string(GetParam().number));
}

TEST_P(StudyOfOlderFormat, IsBroughtUpToDateByAWriterAndSaysTheSame) {
  ExpectContent(*SqliteStore::OpenForWriting(path_));
  EXPECT_EQ(Format(), std::to_string(SqliteStore::kFormat));
  ExpectContent(*SqliteStore::OpenForReading(path_));
  EXPECT_EQ(AnswerSql(path_, "SELECT decisions FROM study").rows[0][0], GetParam().decisions);
  EXPECT_EQ(AnswerSql(path_, "SELECT count(*) FROM confirmations").rows[0][0], 0);
}

TEST_P(StudyOfOlderFormat, TakesFurtherEvents) {
  {
    const auto store = SqliteStore::OpenForWriting(path_);
    Append(*store, study::StudyExtended{1, 0}, 9);
    Append(*store, {Created(4), Started(4), Scored(4, 0.25)}, 10);
    Append(*store, study::TrialConfirmed{study::TrialId{4}, {0.5, 0.25, {0.25, 0.75}, 2}}, 12);
  }
  EXPECT_EQ(SqliteStore::OpenForReading(path_)->Events().size(), 18U);
  const auto answer = AnswerSql(path_, "SELECT trial, score, std_error FROM confirmations");
  ASSERT_EQ(answer.rows.size(), 1U);
  EXPECT_EQ(answer.rows[0], (std::vector<Json>{4, 0.5, 0.25}));
}

TEST_P(StudyOfOlderFormat, CanBeSalvagedAndRepaired) {
  EXPECT_EQ(SalvageStudy(path_).events.size(), 13U);
  const Repair repair = RepairStudy(path_);
  EXPECT_EQ(repair.n_events, 13);
  EXPECT_EQ(repair.n_ended, 4);
  ExpectContent(*SqliteStore::OpenForReading(path_));
}

INSTANTIATE_TEST_SUITE_P(Files, StudyOfOlderFormat,
                         testing::Values(OldFormat{1, 1, 3}, OldFormat{2, 3, 2}),
                         [](const auto& file) { return std::to_string(file.param.number); });

TEST(StudyOfThisFormat, RemembersTheDecisionsThatMadeIt) {
  const TempFolder folder;
  StudyRecord record = SampleRecord();
  record.decisions = 5;
  SqliteStore::Create(folder.File("study.db"), record);
  EXPECT_EQ(SqliteStore::RecordAt(folder.File("study.db")).decisions, 5);
  EXPECT_EQ(SalvageStudy(folder.File("study.db")).record->decisions, 5);
  Query(folder.File("study.db"), "DROP TRIGGER study_stays; UPDATE study SET decisions = 4");
  EXPECT_THROW(SqliteStore::RecordAt(folder.File("study.db")), Error);
}

}  // namespace
}  // namespace coppice::results
