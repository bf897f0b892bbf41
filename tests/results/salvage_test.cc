// Studies that were damaged on purpose: what is left of them, and the study that it becomes again.

#include "results/store/salvage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/error.h"
#include "results/store/page_scan.h"
#include "results/store/repair.h"
#include "results/store/sqlite_store.h"
#include "results/store/study_file.h"
#include "tests/results/contains.h"
#include "tests/results/query.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

constexpr std::size_t kPage = 4096;
constexpr int kTrials = 60;

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// One trial's curves are longer than a page, so that they spread over several.
std::vector<study::Curve> CurvesOf(int trial) {
  std::vector<double> values;
  for (int round = 1; round <= (trial == 5 ? 2000 : 20); ++round) {
    values.push_back(1.0 / (trial + round));
  }
  return {{0, "train", "auc", values}, {0, "validation", "auc", values}};
}

void RunTrials(TrialStore& store, int from, int to) {
  for (int k = from; k < to; ++k) {
    Append(store, {Created(k, 0.001 * (k + 1)), Started(k)}, k);
    Append(store, Finished(k, study::Completed{0.5 + 0.001 * k, 0.25, 7, 20}, CurvesOf(k)), k + 1);
  }
}

class Salvaged : public testing::Test {
 protected:
  Salvaged() {
    SqliteStore::Create(path_, SampleRecord());
    RunTrials(*SqliteStore::OpenForWriting(path_, Durability::kGrouped), 0, kTrials);
    good_ = ReadBytes(path_);
    events_ = Texts(SqliteStore::OpenForReading(path_)->Events());
  }

  // Every event that is read is one that was written.
  void ExpectOnlyWhatWasWritten(const Salvage& left) const {
    for (const LoggedEvent& logged : left.events) {
      const auto* finished = std::get_if<study::TrialFinished>(&logged.event);
      if (finished != nullptr && finished->curves.size() < 2) continue;
      EXPECT_EQ(Texts({logged})[0], events_.at(static_cast<std::size_t>(logged.sequence) - 1));
    }
  }
  std::size_t PageOf(const std::string& table) const {
    const std::string copy = folder_.File("copy.db");
    WriteBytes(copy, good_);
    return std::stoul(
        Query(copy, "SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'").at(0));
  }
  void Damage(std::size_t at, std::size_t n_bytes) {
    std::string bad = good_;
    for (std::size_t i = at; i < std::min(at + n_bytes, bad.size()); ++i) bad[i] = '\x5a';
    WriteBytes(path_, bad);
  }
  std::string Complaint() const {
    try {
      SqliteStore::OpenForReading(path_)->Events();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kStore);
      EXPECT_TRUE(Contains(error.findings().front().hint, "coppice repair " + folder_.path()));
      return error.what();
    }
    return "";
  }

  TempFolder folder_;
  const std::string path_ = folder_.File("study.db");
  std::string good_;
  std::vector<std::string> events_;
};

TEST_F(Salvaged, StudyThatIsWholeIsReadToItsEnd) {
  const Salvage left = SalvageStudy(path_);
  EXPECT_EQ(Texts(left.events), events_);
  EXPECT_EQ(left.n_lost_events, 0);
  EXPECT_EQ(left.n_lost_curves, 0);
  EXPECT_EQ(left.whole_until, 3 * kTrials);
  ASSERT_EQ(left.trials.size(), static_cast<std::size_t>(kTrials));
  EXPECT_EQ(left.trials[7].state, study::TrialState::kCompleted);
  EXPECT_EQ(left.trials[7].configuration, Created(7, 0.008).configuration);
  ASSERT_TRUE(left.record);
  EXPECT_EQ(left.record->name, SampleRecord().name);
  EXPECT_EQ(left.record->resolved_spec, SampleRecord().resolved_spec);
  EXPECT_EQ(left.record->data_hash, SampleRecord().data_hash);
  EXPECT_EQ(left.record->created_at, SampleRecord().created_at);
}

TEST_F(Salvaged, StudyWithoutItsFirstPageLosesOnlyWhatStoodThere) {
  Damage(0, kPage);
  EXPECT_TRUE(Contains(Complaint(), "first bytes are damaged"));
  const Salvage left = SalvageStudy(path_);
  EXPECT_EQ(Texts(left.events), events_);
  EXPECT_TRUE(left.record);
}

TEST_F(Salvaged, StudyWithoutTheRootOfItsEventsIsReadFromTheLeaves) {
  Damage((PageOf("events") - 1) * kPage, kPage);
  EXPECT_TRUE(Contains(Complaint(), "is damaged"));
  EXPECT_EQ(Texts(SalvageStudy(path_).events), events_);
}

TEST_F(Salvaged, StudyThatWasCutKeepsWhatStandsBeforeTheCut) {
  for (const std::size_t n : {good_.size() - 1, good_.size() - kPage, good_.size() / 2}) {
    WriteBytes(path_, good_.substr(0, n));
    EXPECT_NE(Complaint(), "");
    const Salvage left = SalvageStudy(path_);
    ExpectOnlyWhatWasWritten(left);
    // The long curves of trial 5 stand before most events.
    const std::size_t least = n > good_.size() / 2 ? events_.size() / 4 : 0;
    EXPECT_GE(left.events.size(), least) << n;
    EXPECT_TRUE(left.record);
  }
}

TEST_F(Salvaged, StudyWithAnyPageOverwrittenGivesOnlyWhatWasWritten) {
  std::size_t n_lossy = 0;
  for (std::size_t at = 0; at < good_.size(); at += kPage) {
    Damage(at, kPage);
    const Salvage left = SalvageStudy(path_);
    ExpectOnlyWhatWasWritten(left);
    // The rows of a page, and not more: some forty events or eight curves.
    EXPECT_GE(left.events.size() + 60, events_.size()) << "page " << at / kPage + 1;
    if (left.events.size() < events_.size() || left.n_lost_curves > 0) {
      ++n_lossy;
      EXPECT_LT(left.whole_until, 3 * kTrials);
    }
  }
  EXPECT_GT(n_lossy, 10U);
}

TEST_F(Salvaged, StudyTellsHowMuchIsMissingBetweenItsRows) {
  Query(path_, "DROP TRIGGER events_remain; DELETE FROM events WHERE sequence IN (10, 11, 50)");
  Query(path_, "VACUUM");  // or the rows would still be found
  const Salvage left = SalvageStudy(path_);
  EXPECT_EQ(left.n_lost_events, 3);
  EXPECT_EQ(left.whole_until, 9);
  // Event 10 created trial 3, event 50 started trial 16.
  EXPECT_TRUE(left.trials.at(3).configuration.values().empty());
  EXPECT_EQ(left.trials.at(3).state, study::TrialState::kCompleted);
  EXPECT_EQ(left.trials.at(16).attempts, 0);
}

TEST_F(Salvaged, StudyWhoseWriterDiedIsReadWithItsLog) {
  const std::string dead = folder_.File("dead.db");
  {
    const auto store = SqliteStore::OpenForWriting(path_);
    RunTrials(*store, kTrials, kTrials + 5);
    WriteBytes(dead, ReadBytes(path_));
    WriteBytes(dead + "-wal", ReadBytes(path_ + "-wal"));
  }
  EXPECT_EQ(SalvageStudy(dead).events.size(), static_cast<std::size_t>(3 * (kTrials + 5)));
  // A frame of the log without its end is not of a commit.
  const std::string log = ReadBytes(dead + "-wal");
  WriteBytes(dead + "-wal", log.substr(0, log.size() - 1));
  const std::size_t n = SalvageStudy(dead).events.size();
  EXPECT_LT(n, static_cast<std::size_t>(3 * (kTrials + 5)));
  EXPECT_GE(n, static_cast<std::size_t>(3 * (kTrials + 5) - 3));
}

TEST_F(Salvaged, FileWithNothingOfAStudyIsRefused) {
  for (const std::string& bytes : {std::string(), std::string(20000, 'x')}) {
    WriteBytes(path_, bytes);
    try {
      SalvageStudy(path_);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kStore);
      EXPECT_TRUE(Contains(error.what(), "nothing of a study left"));
    }
  }
}

TEST_F(Salvaged, StudyBecomesWholeUpToItsFirstGap) {
  std::set<std::int64_t> ends;
  for (std::size_t at = 0; at < good_.size(); at += kPage) {
    Damage(at, kPage);
    const Salvage left = SalvageStudy(path_);
    if (!left.record) continue;
    const std::string bad = ReadBytes(path_);
    const Repair repair = RepairStudy(path_);
    EXPECT_EQ(repair.n_events, left.whole_until);
    EXPECT_EQ(ReadBytes(repair.kept_as), bad);
    const auto store = SqliteStore::OpenForWriting(path_);
    const auto events = Texts(store->Events());
    EXPECT_TRUE(std::equal(events.begin(), events.end(), events_.begin()));
    EXPECT_EQ(static_cast<std::int64_t>(events.size()), left.whole_until);
    ends.insert(left.whole_until);
    std::filesystem::remove(repair.kept_as);
  }
  EXPECT_GT(ends.size(), 5U);
}

TEST_F(Salvaged, StudyKeepsEveryDamagedFileBesideTheRepairedOne) {
  Damage(0, 200);
  EXPECT_EQ(RepairStudy(path_).kept_as, path_ + ".damaged");
  EXPECT_EQ(Complaint(), "");
  Damage(0, 200);
  EXPECT_EQ(RepairStudy(path_).kept_as, path_ + ".damaged.2");
  EXPECT_EQ(Complaint(), "");
}

// The whole file is there, and the damaged one and its log have not gone yet.
TEST_F(Salvaged, StudyWhoseRepairWasInterruptedSaysSoAndIsRepairedByTheNext) {
  WriteBytes(StudyFile::MendedFile(path_), good_);
  Damage(0, 200);
  const std::string bad = ReadBytes(path_);
  WriteBytes(path_ + "-wal", "what was left of the log");
  EXPECT_TRUE(Contains(Complaint(), "was interrupted"));
  EXPECT_THROW(SqliteStore::OpenForWriting(path_), Error);
  const Repair repair = RepairStudy(path_);
  EXPECT_EQ(Complaint(), "");
  EXPECT_EQ(Texts(SqliteStore::OpenForReading(path_)->Events()), events_);
  EXPECT_EQ(ReadBytes(repair.kept_as), bad);
  EXPECT_EQ(ReadBytes(repair.kept_as + "-wal"), "what was left of the log");
  EXPECT_EQ(repair.n_trials, kTrials);
}

TEST_F(Salvaged, StudyOfANewerProgramIsNotTakenForADamagedOne) {
  Query(path_, "PRAGMA user_version = 99");
  try {
    RepairStudy(path_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(Contains(error.what(), "newer coppice"));
  }
  EXPECT_FALSE(std::filesystem::exists(path_ + ".damaged"));
}

TEST(PageScan, EndsOnPagesThatFollowEachOtherInARing) {
  // One leaf whose cell claims 4000 bytes beyond its page, on a page that follows itself.
  std::string file(2 * kPage, '\0');
  file[kPage + 0] = 0x0d;
  file[kPage + 4] = 1;
  file[kPage + 8] = '\x0f';
  file.replace(kPage + 0x0f00, 3, "\xbe\x00\x01", 3);
  for (std::size_t i = kPage + 0x0f03; i < 2 * kPage; ++i) file[i] = '\x02';
  int n_found = 0;
  ScanPages(file, "", [&](const FoundRecord&) { ++n_found; });
  EXPECT_EQ(n_found, 0);
}

}  // namespace
}  // namespace coppice::results
