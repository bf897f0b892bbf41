// Kills, a full disk and the loss of power at every operation on the disk that matters, and the
// answer of the study that nobody disturbed.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/random.h"
#include "tests/crash/disk_trace.h"
#include "tests/crash/power_loss.h"
#include "tests/crash/study_run.h"

namespace coppice::crash {
namespace {

using support::Command;
using support::Ended;

// Trials that pause, are promoted and fail to convince: all that a log can hold.
constexpr const char* kSmallSpec = R"({
  "coppice": 1,
  "name": "study",
  "data": {"train": "table.csv", "label": "label"},
  "split": {"kind": "cv", "folds": 3, "test_fraction": 0.2},
  "train": {"objective": "binary:logistic", "num_round": 27},
  "search": {
    "eta": {"type": "float", "min": 0.01, "max": 0.3, "scale": "log"},
    "max_depth": {"type": "int", "min": 2, "max": 4}
  },
  "strategy": {"kind": "hyperband"},
  "stop": {"trials": 12},
  "parallel": {"slots": 3},
  "seed": 7
})";

const std::string& SmallTable() {
  static const std::string table = SynthTable({"--rows", "150", "--features", "4", "--informative",
                                               "3", "--redundant", "1", "--seed", "3"});
  return table;
}

// Adds what the shim is to do. An empty `what`: only to count below the study's store.
Command Shimmed(const StudyRun& study, Command command, const std::string& what = "") {
  command.environment.push_back(fmt::format("LD_PRELOAD={}", COPPICE_DISK_SHIM));
  command.environment.push_back(fmt::format("COPPICE_SHIM_ROOT={}", study.store()));
  if (!what.empty()) command.environment.push_back(fmt::format("COPPICE_SHIM_{}", what));
  return command;
}

Command GoOn(const StudyRun& study) {
  return study.Began() ? study.Resume() : study.Tune({"--threads", "2"});
}

// The study that nobody disturbed: what it answers, and what it did to the disk.
struct Undisturbed {
  Undisturbed() : study(kSmallSpec, SmallTable()) {
    const std::string trace = study.store() + ".trace";
    const Ended ended = support::Run(Shimmed(study, study.Tune(), "TRACE=" + trace));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    answer = study.Read();
    operations = OperationsOf(support::ReadText(trace));
  }

  StudyRun study;  // its folder holds the table that resumed copies read
  Answer answer;
  std::vector<Operation> operations;
};

const Undisturbed& Whole() {
  static const Undisturbed whole;
  return whole;
}

void ExpectEndsLikeWhole(const StudyRun& study, const std::string& after) {
  SCOPED_TRACE(after);
  const Ended ended = support::Run(GoOn(study));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Answer answer = study.Read();
  EXPECT_EQ(answer.leaderboard, Whole().answer.leaderboard);
  EXPECT_TRUE(answer.model == Whole().answer.model) << "model.json has other bytes";
  EXPECT_EQ(study.Leftovers(), std::vector<std::string>());
}

// "write study.db-wal": the file's name without the numbers of processes.
std::string NameOf(const Operation& operation) {
  constexpr const char* kWords[] = {"create", "write", "cut",    "sync",
                                    "rename", "link",  "remove", "make"};
  std::string name = std::filesystem::path(operation.path).filename().string();
  std::erase_if(name, [](char c) { return c >= '0' && c <= '9'; });
  return std::string(kWords[static_cast<int>(operation.kind)]) + " " + name;
}

// The places of the first operation of each name, of one in the middle and of the last.
std::map<int, std::string> FailPoints(const std::vector<Operation>& operations) {
  std::map<std::string, std::vector<int>> places;
  int place = 0;
  for (const Operation& operation : operations) places[NameOf(operation)].push_back(++place);
  std::map<int, std::string> points;
  for (const auto& [name, all] : places) {
    for (const int at : {all.front(), all[all.size() / 2], all.back()}) points[at] = name;
  }
  return points;
}

TEST(FailPoints, NameEveryStepOfAStudyOnTheDisk) {
  std::set<std::string> names;
  for (const auto& [place, name] : FailPoints(Whole().operations)) names.insert(name);
  for (const char* name :
       {"make store", "make .study..tmp", "rename study.db.new", "rename .study..tmp",
        "write study.db-wal", "sync study.db-wal", "write study.db", "write log.jsonl",
        "write model.json..tmp", "sync model.json..tmp", "rename model.json..tmp",
        "rename best.json..tmp", "remove study.db-wal"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(FailPoints, LetTheStudyAnswerTheSameAfterAKill) {
  for (const auto& [place, name] : FailPoints(Whole().operations)) {
    const StudyRun study(kSmallSpec, SmallTable());
    const Ended ended = support::Run(
        Shimmed(study, study.Tune({"--threads", "2"}), "KILL=" + std::to_string(place)));
    // Syncs in the background come more or less often: a late one may not come at all.
    EXPECT_TRUE(ended.exit_code == 0 || ended.signal == SIGKILL) << ended.err;
    ExpectEndsLikeWhole(study, "killed at operation " + std::to_string(place) + ", " + name);
  }
}

TEST(FailPoints, LetTheStudyAnswerTheSameAfterAFullDisk) {
  int n_full = 0;
  for (const auto& [place, name] : FailPoints(Whole().operations)) {
    const StudyRun study(kSmallSpec, SmallTable());
    const Ended ended = support::Run(
        Shimmed(study, study.Tune({"--threads", "2"}), "FULL=" + std::to_string(place)));
    const std::string after = "full from operation " + std::to_string(place) + ", " + name;
    if (ended.exit_code != 0) {
      ++n_full;
      EXPECT_EQ(ended.exit_code, 4) << after << ": " << ended.err;
      EXPECT_NE(ended.err.find("hint: "), std::string::npos) << after;
    }
    ExpectEndsLikeWhole(study, after);
  }
  EXPECT_GT(n_full, 20);
}

TEST(PowerLoss, AtAnyMomentLeavesAStudyThatAnswersTheSame) {
  const std::vector<Operation>& operations = Whole().operations;
  constexpr std::uint64_t kLosses = 20;
  for (std::uint64_t i = 0; i < kLosses; ++i) {
    RandomStream random(11, {Purpose::kSynth, i});
    const std::size_t n = 1 + random.Below(operations.size());
    const StudyRun study(kSmallSpec, SmallTable());
    std::filesystem::create_directory(study.store());
    LosePower({operations.data(), n}, Whole().study.store(), study.store(), random);
    ExpectEndsLikeWhole(study, "power lost after operation " + std::to_string(n));
  }
}

// A study that was extended and killed, so that the newest events stand in the log beside its file.
// Then the page is damaged that leads to the events: all of them can be found, if both are read.
class DamagedStudy {
 public:
  DamagedStudy() : whole_(kSmallSpec, SmallTable()) {
    EXPECT_EQ(support::Run(whole_.Tune()).exit_code, 0);
    const Command more = whole_.Program({"resume", "study", "--trials", "+12"});
    EXPECT_EQ(support::Run(Shimmed(whole_, more, "KILL=40")).signal, SIGKILL);
    const std::string path = whole_.store() + "/study/study.db";
    EXPECT_GT(std::filesystem::file_size(path + "-wal"), 0U);
    const Ended root = support::Run(whole_.Program(
        {"sql", "study", "SELECT rootpage AS page FROM sqlite_master WHERE name = 'events'",
         "--format", "csv"}));
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((std::stol(root.out.substr(root.out.find('\n'))) - 1) * 4096);
    file << std::string(4096, 'x');
  }

  // Another copy of it.
  void CopyTo(const StudyRun& study) const {
    std::filesystem::copy(whole_.store(), study.store(), std::filesystem::copy_options::recursive);
  }

 private:
  StudyRun whole_;  // its folder holds the table that copies read
};

Command RepairOf(const StudyRun& study) { return study.Program({"repair", "study"}); }

std::string EventsOf(const StudyRun& study) {
  const Ended ended = support::Run(study.Program(
      {"sql", "study", "SELECT sequence, kind, body FROM events", "--format", "csv"}));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return ended.out;
}

TEST(Repair, KilledAtAnyStepIsFinishedByTheNextOne) {
  const DamagedStudy damaged;
  const StudyRun undisturbed(kSmallSpec, SmallTable());
  damaged.CopyTo(undisturbed);
  const std::string trace = undisturbed.store() + ".trace";
  const Ended whole = support::Run(Shimmed(undisturbed, RepairOf(undisturbed), "TRACE=" + trace));
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const std::string events = EventsOf(undisturbed);
  EXPECT_NE(events.find("study_extended"), std::string::npos) << events;
  const auto is_killed_at = [&](int place) {
    SCOPED_TRACE("killed at operation " + std::to_string(place));
    const StudyRun study(kSmallSpec, SmallTable());
    damaged.CopyTo(study);
    const Ended killed =
        support::Run(Shimmed(study, RepairOf(study), "KILL=" + std::to_string(place)));
    const Ended again = support::Run(RepairOf(study));
    const bool was_done = again.err.find("is not damaged") != std::string::npos;
    EXPECT_TRUE(again.exit_code == 0 || was_done) << again.err;
    EXPECT_EQ(EventsOf(study), events);
    return killed.signal == SIGKILL;
  };
  const std::vector<Operation> operations = OperationsOf(support::ReadText(trace));
  for (const auto& [place, name] : FailPoints(operations)) is_killed_at(place);
  // Syncs in the background come more or less often, so the last steps are looked for.
  const int n = static_cast<int>(operations.size());
  int place = n - 10;
  while (is_killed_at(place) && place < 2 * n) ++place;
  EXPECT_LT(place, 2 * n);
}

int NumberOfKills() {
  const char* text = std::getenv("COPPICE_KILLS");
  return text == nullptr ? 50 : std::atoi(text);
}

// One study after another, each killed every few operations until it ends.
TEST(RandomKills, LetEveryStudyAnswerTheSame) {
  const int n_kills = NumberOfKills();
  const auto n_operations = static_cast<std::uint64_t>(Whole().operations.size());
  RandomStream random(3, {Purpose::kSynth});
  int n_studies = 0;
  for (int kills = 0; kills < n_kills && !HasFailure(); ++n_studies) {
    const StudyRun study(kSmallSpec, SmallTable());
    for (bool ended = false; !ended && kills < n_kills;) {
      const std::uint64_t place = 1 + random.Below(n_operations / 2);
      const Ended run = support::Run(Shimmed(study, GoOn(study), "KILL=" + std::to_string(place)));
      ended = run.signal != SIGKILL;
      if (ended) {
        EXPECT_EQ(run.exit_code, 0) << run.err;
      } else {
        ++kills;
      }
    }
    ExpectEndsLikeWhole(study, "study " + std::to_string(n_studies));
  }
  RecordProperty("kills", n_kills);
  RecordProperty("studies", n_studies);
  std::printf("%d kills of %d studies\n", n_kills, n_studies);
}

}  // namespace
}  // namespace coppice::crash
