// A process that is killed while it appends: what had been acknowledged is there, whole and in
// order, and the study goes on.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <variant>

#include "base/error.h"
#include "results/store/sqlite_store.h"
#include "tests/results/child_process.h"
#include "tests/results/sample_study.h"
#include "tests/results/temp_folder.h"

namespace coppice::results {
namespace {

// The four events of trial k, two Appends of two.
void RunTrial(TrialStore& store, int k, const std::function<void()>& acknowledge) {
  Append(store, {Created(k, 0.001 * (k + 1)), Started(k)}, k);
  acknowledge();
  Append(store,
         {Finished(k, study::Failed{study::FailureKind::kCrash, "x"}, SampleCurves()), Requeued(k)},
         k + 0.5);
  acknowledge();
}

// What RunTrial writes for trial 0, 1, ... without a crash.
std::vector<std::string> Expected(int n_trials) {
  const TempFolder folder;
  const auto store = SqliteStore::Create(folder.File("study.db"), SampleRecord());
  for (int k = 0; k < n_trials; ++k) RunTrial(*store, k, [] {});
  return Texts(store->Events());
}

// Kills a process after `n_before` acknowledged Appends, while it works on the next ones; gives the
// number that it had acknowledged.
int KillAfter(const std::string& path, int n_before) {
  ChildProcess child([&](const ChildProcess::Send& send) {
    const auto store = SqliteStore::OpenForWriting(path);
    for (int k = static_cast<int>(store->Trials().size());; ++k) RunTrial(*store, k, send);
    return 0;
  });
  EXPECT_TRUE(child.Receive(n_before));
  child.Kill();
  return n_before + child.ReceiveRest();
}

// A kill between the two Appends of a trial leaves it running: finish it as a resume would.
void FinishRunning(TrialStore& store) {
  for (const study::Trial& trial : store.Trials()) {
    if (trial.state != study::TrialState::kRunning) continue;
    const int k = study::ToIndex(trial.id);
    Append(
        store,
        {Finished(k, study::Failed{study::FailureKind::kCrash, "x"}, SampleCurves()), Requeued(k)},
        k + 0.5);
  }
}

TEST(SqliteStoreKilled, KeepsEveryAcknowledgedAppendWholeAndInOrder) {
  const TempFolder folder;
  const std::string path = folder.File("study.db");
  SqliteStore::Create(path, SampleRecord());
  std::size_t n_acknowledged = 0;
  for (int round = 0; round < 12; ++round) {
    const auto n_before = SqliteStore::OpenForReading(path)->Events().size();
    n_acknowledged = n_before + 2 * static_cast<std::size_t>(KillAfter(path, 1 + 3 * round));
    const auto store = SqliteStore::OpenForWriting(path);
    const auto events = store->Events();
    // The last Append may be on the disk without having been acknowledged.
    EXPECT_GE(events.size(), n_acknowledged);
    EXPECT_LE(events.size(), n_acknowledged + 2);
    FinishRunning(*store);
    EXPECT_EQ(Texts(store->Events()), Expected(static_cast<int>(store->Trials().size())));
  }
  EXPECT_GT(n_acknowledged, 0u);
}

TEST(SqliteStoreKilled, IsReadByAReaderBeforeAnyWriterComesBack) {
  const TempFolder folder;
  const std::string path = folder.File("study.db");
  SqliteStore::Create(path, SampleRecord());
  const int n_acknowledged = KillAfter(path, 5);
  ASSERT_TRUE(std::filesystem::exists(path + "-wal"));
  const auto reader = SqliteStore::OpenForReading(path);
  EXPECT_GE(reader->Events().size(), 2 * static_cast<std::size_t>(n_acknowledged));
}

TEST(SqliteStoreKilled, BecomesOneFileAgainWhenAWriterHasClosedIt) {
  const TempFolder folder;
  const std::string path = folder.File("study.db");
  SqliteStore::Create(path, SampleRecord());
  KillAfter(path, 5);
  SqliteStore::OpenForWriting(path);
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(path + "-shm"));
}

TEST(SqliteStoreKilled, LeavesNoHalfStudyWhenItDiesWhileMakingOne) {
  const TempFolder folder;
  const std::string path = folder.File("study.db");
  // What a process leaves that dies before the new file has its name.
  std::filesystem::create_directories(folder.path());
  { std::ofstream(path + ".new") << "half a file"; }
  { std::ofstream(path + ".new-journal") << "half a journal"; }
  EXPECT_THROW(SqliteStore::OpenForReading(path), Error);
  SqliteStore::Create(path, SampleRecord());
  EXPECT_EQ(SqliteStore::OpenForReading(path)->study().name, "titanic");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_FALSE(std::filesystem::exists(path + ".new-journal"));
}

}  // namespace
}  // namespace coppice::results
