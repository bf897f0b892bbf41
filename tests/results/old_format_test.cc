// A study as the program of format 1 wrote it, kept in files/.

#include <gtest/gtest.h>

#include <filesystem>

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

class StudyOfFormat1 : public testing::Test {
 protected:
  StudyOfFormat1() {
    std::filesystem::copy_file(COPPICE_SOURCE_DIR "/tests/results/files/format_1.db", path_);
  }

  void ExpectContent(const TrialStore& store) const {
    const StudyRecord record = store.study();
    EXPECT_EQ(record.name, "small");
    EXPECT_EQ(record.program, "coppice 0.1.0");
    EXPECT_EQ(record.decisions, 1);
    EXPECT_EQ(store.Events().size(), 13U);
    ASSERT_EQ(store.Trials().size(), 4U);
    EXPECT_EQ(store.Trials()[3].state, study::TrialState::kCompleted);
    EXPECT_EQ(store.Curves(study::TrialId{0}).size(), 3U);
  }
  std::string Format() const { return Query(path_, "PRAGMA user_version").at(0); }

  TempFolder folder_;
  const std::string path_ = folder_.File("study.db");
};

TEST_F(StudyOfFormat1, IsReadAsItIs) {
  ExpectContent(*SqliteStore::OpenForReading(path_));
  EXPECT_EQ(SqliteStore::RecordAt(path_).decisions, 1);
  EXPECT_EQ(AnswerSql(path_, "SELECT count(*) FROM leaderboard").rows[0][0], 4);
  EXPECT_EQ(Format(), "1");
}

TEST_F(StudyOfFormat1, IsBroughtUpToDateByAWriterAndSaysTheSame) {
  ExpectContent(*SqliteStore::OpenForWriting(path_));
  EXPECT_EQ(Format(), "2");
  ExpectContent(*SqliteStore::OpenForReading(path_));
  EXPECT_EQ(AnswerSql(path_, "SELECT decisions FROM study").rows[0][0], 1);
}

TEST_F(StudyOfFormat1, TakesFurtherEvents) {
  {
    const auto store = SqliteStore::OpenForWriting(path_);
    Append(*store, study::StudyExtended{1, 0}, 9);
    Append(*store, {Created(4), Started(4), Scored(4, 0.25)}, 10);
  }
  EXPECT_EQ(SqliteStore::OpenForReading(path_)->Events().size(), 17U);
}

TEST_F(StudyOfFormat1, CanBeSalvagedAndRepaired) {
  EXPECT_EQ(SalvageStudy(path_).events.size(), 13U);
  const Repair repair = RepairStudy(path_);
  EXPECT_EQ(repair.n_events, 13);
  EXPECT_EQ(repair.n_ended, 4);
  ExpectContent(*SqliteStore::OpenForReading(path_));
}

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
