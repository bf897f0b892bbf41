#include "results/store/sqlite_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

#include "base/error.h"
#include "results/views/leaderboard.h"
#include "tests/results/child_process.h"
#include "tests/results/contains.h"
#include "tests/results/query.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The Error (kStore) that `open` ends with; it must come with advice.
template <typename Open>
std::string Complaint(Open open) {
  try {
    open();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore) << error.what();
    EXPECT_FALSE(error.findings().front().hint.empty()) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

using Opening = std::unique_ptr<SqliteStore> (*)(const std::string&);
constexpr Opening kOpenings[] = {
    [](const std::string& path) { return SqliteStore::OpenForWriting(path); },
    SqliteStore::OpenForReading};

// Five trials: two equal scores, a failure, one running, one waiting.
void FillSample(TrialStore& store) {
  Append(store, {Created(0, 0.3), Created(1, 0.2), Created(2), Created(3), Created(4), Started(0),
                 Started(1), Started(2), Started(3)});
  Append(store,
         {Scored(0, 0.75), Scored(1, 0.75),
          Finished(2, study::Failed{study::FailureKind::kTimeout, "120 s"})},
         2);
}

class SqliteStoreFile : public testing::Test {
 protected:
  const std::string& path() const { return path_; }
  void MakeSample() { FillSample(*SqliteStore::Create(path_, SampleRecord())); }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
  const std::string path_ = folder_.File("study.db");
};

using SqliteStoreCreate = SqliteStoreFile;
using SqliteStoreOpen = SqliteStoreFile;
using SqliteStoreDamage = SqliteStoreFile;
using SqliteStoreFullDisk = SqliteStoreFile;
using SqliteStoreReader = SqliteStoreFile;
using SqliteStoreTables = SqliteStoreFile;

TEST_F(SqliteStoreCreate, LeavesOneFileOnceClosed) {
  MakeSample();
  EXPECT_EQ(Files(), (std::vector<std::string>{"study.db"}));
}

TEST_F(SqliteStoreCreate, RefusesAFileThatIsThereAndLeavesItAlone) {
  MakeSample();
  const std::string before = ReadBytes(path());
  EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::Create(path(), SampleRecord()); }),
                       "`" + path() + "`"));
  EXPECT_EQ(ReadBytes(path()), before);
}

TEST_F(SqliteStoreCreate, DoesNotReplayTheLogOfAStudyThatWasRemoved) {
  const std::string old = folder().File("old.db");
  {
    const auto store = SqliteStore::Create(old, SampleRecord());
    FillSample(*store);
    WriteBytes(path() + "-wal", ReadBytes(old + "-wal"));
  }
  ASSERT_FALSE(ReadBytes(path() + "-wal").empty());
  EXPECT_TRUE(SqliteStore::Create(path(), SampleRecord())->Events().empty());
}

TEST_F(SqliteStoreCreate, LeavesNothingInAFolderThatDoesNotExist) {
  const std::string path = folder().File("nothing") + "/study.db";
  EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::Create(path, SampleRecord()); }), path));
  EXPECT_TRUE(Files().empty());
}

TEST_F(SqliteStoreOpen, NamesAFileThatIsMissing) {
  for (const Opening open : kOpenings) {
    EXPECT_TRUE(Contains(Complaint([&] { open(path()); }), "no study at `" + path() + "`"));
  }
  EXPECT_TRUE(Files().empty());
}

TEST_F(SqliteStoreOpen, RefusesANewerFormatAndNamesBoth) {
  MakeSample();
  Query(path(), "PRAGMA user_version = 7");
  for (const Opening open : kOpenings) {
    EXPECT_TRUE(Contains(Complaint([&] { open(path()); }),
                         "newer coppice (format 7, this program reads up to 3)"));
  }
}

TEST_F(SqliteStoreOpen, RefusesWhatIsNotAStudy) {
  Query(path(), "CREATE TABLE notes (text)");
  EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::OpenForWriting(path()); }), "not a study"));
  EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::OpenForReading(path()); }), "not a study"));
  for (const std::string& bytes : {std::string(), std::string(5000, 'x')}) {
    WriteBytes(path(), bytes);
    EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::OpenForReading(path()); }), "not a study"));
    EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::OpenForWriting(path()); }), "not a study"));
    EXPECT_EQ(ReadBytes(path()), bytes);
  }
  EXPECT_TRUE(
      Contains(Complaint([&] { SqliteStore::OpenForReading(folder().path()); }), "not a file"));
}

TEST_F(SqliteStoreOpen, ReadsAFileWhoseNameSqliteWouldReadAsOptions) {
  const std::string path = folder().File("50% of #1?mode=rw&x.db");
  SqliteStore::Create(path, SampleRecord());
  EXPECT_EQ(SqliteStore::OpenForReading(path)->study().name, "titanic");
}

// The text of all that the program reads, or nothing when it says that the file is bad.
std::optional<std::string> Content(const std::string& path) {
  try {
    const auto store = SqliteStore::OpenForReading(path);
    std::string text = store->study().name + store->study().resolved_spec.dump();
    for (const std::string& event : Texts(store->Events())) text += event + "\n";
    for (const LoggedEvent& e : store->Events()) text += std::to_string(e.elapsed_seconds) + " ";
    for (const study::Curve& curve : store->Curves(study::TrialId{0})) {
      for (const double value : curve.values) text += std::to_string(value) + " ";
    }
    for (const study::Trial& trial : store->Trials()) text += study::ToText(trial.state);
    return text;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kStore) << error.what();
    EXPECT_TRUE(Contains(error.what(), path));
    return std::nullopt;
  }
}

TEST_F(SqliteStoreDamage, NeverGivesOutOtherContentThanWasWritten) {
  MakeSample();
  const std::string good = ReadBytes(path());
  const std::optional<std::string> content = Content(path());
  ASSERT_TRUE(content.has_value());
  int n_found = 0;
  for (std::size_t i = 0; i < good.size(); i += 61) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x15);
    WriteBytes(path(), bad);
    const std::optional<std::string> read = Content(path());
    if (read) {
      EXPECT_EQ(*read, *content) << "byte " << i;
    } else {
      ++n_found;
    }
  }
  EXPECT_GT(n_found, 20);
}

TEST_F(SqliteStoreDamage, IsFoundInAFileThatWasCut) {
  MakeSample();
  const std::string good = ReadBytes(path());
  for (const std::size_t kept : {good.size() - 1, good.size() - 4096, good.size() / 2,
                                 std::size_t{4096}, std::size_t{100}}) {
    WriteBytes(path(), good.substr(0, kept));
    EXPECT_FALSE(Content(path()).has_value()) << kept;
    Complaint([&] { SqliteStore::OpenForWriting(path()); });
  }
}

TEST_F(SqliteStoreDamage, IsFoundWhereAnEventWasChangedOrTakenOut) {
  MakeSample();
  const std::string good = ReadBytes(path());
  const auto expect_damage = [&](const std::string& sql, const std::string& said) {
    WriteBytes(path(), good);
    EXPECT_TRUE(Query(path(), sql).empty());
    EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::OpenForReading(path())->Events(); }), said));
  };
  expect_damage("DROP TRIGGER events_stay; UPDATE events SET elapsed_seconds = 9 WHERE sequence=3",
                "event `3` is not what was written");
  expect_damage("DROP TRIGGER events_stay; UPDATE events SET trial = 1 WHERE sequence = 1",
                "event `1` is not what was written");
  expect_damage("DROP TRIGGER events_remain; DELETE FROM events WHERE sequence = 4",
                "event `4` is missing");
  expect_damage("DROP TRIGGER curves_remain; DELETE FROM curves WHERE position = 1",
                "has `1` curves where `2` were written");
  expect_damage("DROP TRIGGER curves_stay; UPDATE curves SET fold = 3 WHERE position = 1",
                "is not what was written");
  expect_damage("DROP TRIGGER study_stays; UPDATE study SET data_hash = ''",
                "is not what was written");
}

// Which also shows that they are not read.
TEST_F(SqliteStoreDamage, OfACurveDoesNotConcernWhoAsksForNoCurves) {
  MakeSample();
  Query(path(), "DROP TRIGGER curves_remain; DELETE FROM curves WHERE position = 1");
  const auto store = SqliteStore::OpenForReading(path());
  EXPECT_TRUE(Contains(Complaint([&] { store->Events(); }), "has `1` curves"));
  EXPECT_EQ(store->EventsWithoutCurves().size(), 12U);
}

TEST_F(SqliteStoreDamage, KeepsAWriterFromSpreadingIt) {
  MakeSample();
  std::string bytes = ReadBytes(path());
  // The header of a page of rows: its kind.
  const auto page = Query(path(), "SELECT rootpage FROM sqlite_master WHERE name = 'curves'");
  bytes[static_cast<std::size_t>((std::stoi(page.at(0)) - 1) * 4096)] = 0x55;
  WriteBytes(path(), bytes);
  EXPECT_TRUE(Contains(Complaint([&] { SqliteStore::OpenForWriting(path()); }), "is damaged"));
}

TEST_F(SqliteStoreFullDisk, LosesNothingAndGoesOnOnceThereIsRoom) {
  const auto store = SqliteStore::Create(path(), SampleRecord());
  FillSample(*store);
  const auto before = Texts(store->Events());
  const std::vector<study::Curve> large(
      20, study::Curve{0, "train", "auc", std::vector<double>(2000, 1.0 / 3)});
  const auto finished = Finished(3, study::Completed{0.5, std::nullopt, 1, 2000}, large);

  store->LimitPages(40);
  EXPECT_TRUE(Contains(Complaint([&] {
                         Append(*store, {Started(4), finished}, 9);
                       }),
                       "the disk of `" + path() + "` is full"));
  EXPECT_EQ(Texts(store->Events()), before);
  EXPECT_EQ(store->Trials().at(4).state, study::TrialState::kWaiting);
  EXPECT_EQ(Texts(SqliteStore::OpenForReading(path())->Events()), before);
  EXPECT_EQ(Query(path(), "SELECT count(*) FROM trials WHERE state = 'waiting'"),
            (std::vector<std::string>{"1"}));

  store->LimitPages(1 << 20);
  Append(*store, {Started(4), finished}, 9);
  EXPECT_EQ(store->Events().size(), before.size() + 2);
  EXPECT_EQ(store->Curves(study::TrialId{3}), large);
}

TEST_F(SqliteStoreReader, FollowsAWriter) {
  const auto writer = SqliteStore::Create(path(), SampleRecord());
  const auto reader = SqliteStore::OpenForReading(path());
  Append(*writer, Created(0), 1);
  EXPECT_EQ(reader->Events().size(), 1u);
  Append(*writer, {Started(0), Scored(0, 0.5)}, 4);
  EXPECT_EQ(reader->Trials().at(0).state, study::TrialState::kCompleted);
  EXPECT_EQ(reader->Curves(study::TrialId{0}), SampleCurves());
  EXPECT_EQ(reader->ElapsedSeconds(), 4);
}

TEST_F(SqliteStoreReader, FollowsAWriterThatComesLaterAndGoesAgain) {
  MakeSample();
  const auto reader = SqliteStore::OpenForReading(path());
  const std::size_t n_before = reader->Events().size();
  {
    const auto writer = SqliteStore::OpenForWriting(path());
    EXPECT_EQ(reader->Events().size(), n_before);
    Append(*writer, Scored(3, 1.0), 5);
    EXPECT_EQ(reader->Events().size(), n_before + 1);
  }
  EXPECT_EQ(reader->Trials().at(3).state, study::TrialState::kCompleted);
  {
    const auto writer = SqliteStore::OpenForWriting(path());
    Append(*writer, Started(4), 6);
  }
  EXPECT_EQ(reader->Trials().at(4).state, study::TrialState::kRunning);
  EXPECT_EQ(reader->ElapsedSeconds(), 6);
}

TEST_F(SqliteStoreReader, FollowsAWriterThatCameAndWentBetweenTwoQueries) {
  MakeSample();
  const auto reader = SqliteStore::OpenForReading(path());
  ASSERT_EQ(reader->Trials().at(4).state, study::TrialState::kWaiting);
  Append(*SqliteStore::OpenForWriting(path()), Started(4), 6);
  EXPECT_EQ(reader->Trials().at(4).state, study::TrialState::kRunning);
}

TEST_F(SqliteStoreReader, DoesNotHoldUpAWriterWhileItIsOpen) {
  MakeSample();
  const auto writer = SqliteStore::OpenForWriting(path());
  Append(*writer, Started(4), 6);
  const auto reader = SqliteStore::OpenForReading(path());
  reader->Events();
  Append(*writer, Scored(3, 1.0), 7);
  EXPECT_EQ(reader->ElapsedSeconds(), 7);
}

TEST_F(SqliteStoreReader, MakesNoFiles) {
  MakeSample();
  const std::string before = ReadBytes(path());
  const auto reader = SqliteStore::OpenForReading(path());
  reader->Events();
  EXPECT_EQ(Files(), (std::vector<std::string>{"study.db"}));
  EXPECT_EQ(ReadBytes(path()), before);
}

TEST_F(SqliteStoreReader, WorksForAUserWhoMayWriteNothing) {
  MakeSample();
  ::chmod(path().c_str(), 0444);
  ::chmod(folder().path().c_str(), 0555);
  ChildProcess child([&](const ChildProcess::Send&) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;  // root may write everywhere
    if (SqliteStore::OpenForReading(path())->Events().size() != 12) return 3;
    try {
      SqliteStore::OpenForWriting(path());
    } catch (const Error& error) {
      return error.kind() == ErrorKind::kStore ? 0 : 4;
    }
    return 5;
  });
  EXPECT_EQ(child.Wait(), 0);
  ::chmod(folder().path().c_str(), 0755);
}

TEST_F(SqliteStoreReader, WorksBesideAWriterForAUserWhoMayWriteNothing) {
  const auto writer = SqliteStore::Create(path(), SampleRecord());
  FillSample(*writer);
  ::chmod(folder().path().c_str(), 0555);
  ChildProcess child([&](const ChildProcess::Send&) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;
    return SqliteStore::OpenForReading(path())->Events().size() == 12 ? 0 : 3;
  });
  EXPECT_EQ(child.Wait(), 0);
  ::chmod(folder().path().c_str(), 0755);
}

TEST_F(SqliteStoreReader, RefusesToAppend) {
  MakeSample();
  const auto reader = SqliteStore::OpenForReading(path());
  try {
    Append(*reader, Started(4));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInternal);
  }
}

TEST_F(SqliteStoreTables, RankAsTheLeaderboardDoes) {
  for (const std::string goal : {"maximize", "minimize"}) {
    const std::string file = folder().File(goal + ".db");
    const auto store = SqliteStore::Create(file, SampleRecord(goal));
    FillSample(*store);
    Append(*store, {Scored(3, 0.5), Started(4), Finished(4, study::Cancelled{"asked"})}, 3);
    const Leaderboard board = MakeLeaderboard(
        "titanic", "auc", goal == "maximize" ? study::Goal::kMaximize : study::Goal::kMinimize,
        store->Trials(), false);
    std::vector<std::string> expected;
    for (const LeaderboardRow& row : board.rows) {
      expected.push_back(std::to_string(row.rank) + "|" +
                         std::to_string(study::ToIndex(row.trial)) + "|" +
                         study::ToText(row.state) + "|" + row.reason);
    }
    EXPECT_EQ(Query(file, "SELECT rank, trial, state, reason FROM leaderboard"), expected);
  }
}

TEST_F(SqliteStoreTables, ShowTheRoundsOfTheLastFinishedAttempt) {
  MakeSample();
  Append(*SqliteStore::OpenForWriting(path()),
         Finished(3, study::Completed{0.5, std::nullopt, 1, 3},
                  {{1,
                    "validation",
                    "rmse",
                    {0.5, std::numeric_limits<double>::quiet_NaN(),
                     std::numeric_limits<double>::infinity()}}}));
  EXPECT_EQ(Query(path(), "SELECT * FROM rounds WHERE trial = 3"),
            (std::vector<std::string>{"3|1|validation|rmse|1|0.5", "3|1|validation|rmse|2|",
                                      "3|1|validation|rmse|3|Inf"}));
  EXPECT_EQ(Query(path(), "SELECT round, value FROM rounds WHERE trial = 0 AND part = 'train'"),
            (std::vector<std::string>{"1|0.7", "2|0.8", "3|0.3"}));
}

TEST_F(SqliteStoreTables, ShowOnlyTheLastAttemptOfATrialThatRanAgain) {
  MakeSample();
  Append(
      *SqliteStore::OpenForWriting(path()),
      {Requeued(2), Started(2),
       Finished(2, study::Completed{0.5, std::nullopt, 1, 1}, {{0, "train", "auc", {0.25}}}),
       Finished(3, study::Failed{study::FailureKind::kCrash, "x"}, {{0, "train", "auc", {0.125}}}),
       Requeued(3), Started(3)});
  EXPECT_EQ(Query(path(), "SELECT value FROM rounds WHERE trial = 2"),
            (std::vector<std::string>{"0.25"}));
  EXPECT_EQ(Query(path(), "SELECT value FROM rounds WHERE trial = 3"),
            (std::vector<std::string>{"0.125"}));
  EXPECT_EQ(Query(path(), "SELECT state, attempts, score FROM trials WHERE trial = 3"),
            (std::vector<std::string>{"running|2|"}));
}

TEST_F(SqliteStoreTables, ShowTheParametersOfATrial) {
  MakeSample();
  EXPECT_EQ(Query(path(), "SELECT name, value FROM params WHERE trial = 0"),
            (std::vector<std::string>{"eta|0.3", "grow_policy|lossguide", "max_depth|6"}));
}

TEST_F(SqliteStoreTables, RefuseToChangeThePast) {
  MakeSample();
  for (const char* sql :
       {"UPDATE events SET kind = 'x'", "DELETE FROM events", "UPDATE curves SET fold = 9",
        "DELETE FROM curves", "UPDATE study SET name = 'x'", "DELETE FROM study"}) {
    const auto answer = Query(path(), sql);
    ASSERT_EQ(answer.size(), 1u) << sql;
    EXPECT_TRUE(Contains(answer[0], "error: ")) << sql;
  }
}

TEST_F(SqliteStoreTables, HoldACurveOnce) {
  const auto store = SqliteStore::Create(path(), SampleRecord());
  Append(*store, {Created(0), Started(0), Scored(0, 0.5)});
  EXPECT_EQ(Query(path(),
                  "SELECT json_extract(body, '$.curves'), n_curves FROM events "
                  "WHERE kind = 'trial_finished'"),
            (std::vector<std::string>{"[]|2"}));
}

}  // namespace
}  // namespace coppice::results
