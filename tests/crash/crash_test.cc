// Kills running studies at many points and asks for the answer of the study that nobody killed.

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <optional>

#include "tests/crash/study_run.h"

namespace coppice::crash {
namespace {

using support::Ended;
using support::Process;

// 24 trials of five folds: 48 log lines in one or two seconds.
constexpr const char* kSpec = R"({
  "coppice": 1,
  "name": "study",
  "data": {"train": "table.csv", "label": "label"},
  "split": {"kind": "cv", "folds": 5, "test_fraction": 0.2},
  "train": {"objective": "binary:logistic", "num_round": 60},
  "search": {
    "eta": {"type": "float", "min": 0.01, "max": 0.3, "scale": "log"},
    "max_depth": {"type": "int", "min": 2, "max": 6},
    "subsample": {"type": "float", "min": 0.5, "max": 1}
  },
  "strategy": {"kind": "bayesian"},
  "stop": {"trials": 24},
  "parallel": {"slots": 4},
  "seed": 7
})";
// Started and finished of each trial, the stop, and the confirmations of two trials and the
// default.
constexpr int kLogLines = 52;

const std::string& Table() {
  static const std::string table = SynthTable({"--rows", "600", "--features", "6", "--informative",
                                               "4", "--redundant", "1", "--seed", "3"});
  return table;
}

// The study that nobody disturbed, run once for all tests.
const Answer& Undisturbed() {
  static const Answer answer = RunWhole(StudyRun(kSpec, Table()));
  return answer;
}

// Starts the command and looks every millisecond until the log has `lines` lines or the program
// ends; then sends the signal. How the program ended, and whether the signal found it running.
struct Killed {
  Ended ended;
  bool was_running = false;
};

Killed SignalAtLine(const StudyRun& study, const support::Command& command, int lines,
                    int signal_number) {
  Process process(command);
  while (study.LogLines() < lines && !process.HasEnded()) ::poll(nullptr, 0, 1);
  Killed killed;
  killed.was_running = !process.HasEnded();
  process.Signal(signal_number);
  killed.ended = process.Wait();
  return killed;
}

support::Command GoOn(const StudyRun& study) {
  return study.Began() ? study.Resume() : study.Tune();
}

void ExpectEndsLikeUndisturbed(const StudyRun& study) {
  const Ended ended = Run(GoOn(study));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Answer answer = study.Read();
  EXPECT_EQ(answer.leaderboard, Undisturbed().leaderboard);
  EXPECT_TRUE(answer.model == Undisturbed().model) << "model.json has other bytes";
  EXPECT_EQ(study.Leftovers(), std::vector<std::string>());
}

class KilledStudy : public testing::TestWithParam<int> {};

TEST_P(KilledStudy, AnswersAsIfItHadNotBeenKilled) {
  const StudyRun study(kSpec, Table());
  const Killed killed = SignalAtLine(study, study.Tune(), GetParam(), SIGKILL);
  ASSERT_TRUE(killed.was_running) << "it ended before: " << killed.ended.err;
  EXPECT_EQ(killed.ended.signal, SIGKILL);
  ExpectEndsLikeUndisturbed(study);
}

// 0: before the log exists; 1 to 4: the slots fill; 50: a confirmation has ended; the rest:
// anywhere in the search.
INSTANTIATE_TEST_SUITE_P(AtLogLine, KilledStudy, testing::Values(0, 1, 3, 5, 9, 17, 26, 38, 45, 50),
                         testing::PrintToStringParamName());

TEST(KilledStudyAgainAndAgain, AnswersAsIfItHadNotBeenKilled) {
  const StudyRun study(kSpec, Table());
  int kills = 0;
  // Each start gets a few lines further than where the log stood.
  while (study.LogLines() < kLogLines - 12) {
    const Killed killed = SignalAtLine(study, GoOn(study), study.LogLines() + 8, SIGKILL);
    ASSERT_TRUE(killed.was_running) << killed.ended.err;
    ++kills;
  }
  EXPECT_GE(kills, 3);
  ExpectEndsLikeUndisturbed(study);
}

class InterruptedStudy : public testing::Test {
 protected:
  void Interrupt(int signal_number, int exit_code) {
    const StudyRun study(kSpec, Table());
    const Killed killed = SignalAtLine(study, study.Tune(), 12, signal_number);
    ASSERT_TRUE(killed.was_running);
    EXPECT_EQ(killed.ended.exit_code, exit_code);
    EXPECT_NE(killed.ended.err.find("coppice resume "), std::string::npos) << killed.ended.err;
    EXPECT_EQ(killed.ended.out, "");
    ExpectEndsLikeUndisturbed(study);
  }
};

TEST_F(InterruptedStudy, EndsWith130AfterCtrlCAndNamesTheWayOn) { Interrupt(SIGINT, 130); }
TEST_F(InterruptedStudy, EndsWith143AfterATermSignalAndNamesTheWayOn) { Interrupt(SIGTERM, 143); }

// The first asks the trials to end at their next round, the second ends the process at once; a
// third finds it gone, or is taken for the second where the two came as one.
TEST(StudyInterruptedInHaste, AnswersAsIfItHadNotBeen) {
  for (const int n_signals : {2, 3}) {
    const StudyRun study(kSpec, Table());
    Process process(study.Tune());
    while (study.LogLines() < 12 && !process.HasEnded()) ::poll(nullptr, 0, 1);
    ASSERT_FALSE(process.HasEnded());
    for (int i = 0; i < n_signals; ++i) process.Signal(SIGINT);
    EXPECT_EQ(process.Wait().exit_code, 130);
    ExpectEndsLikeUndisturbed(study);
  }
}

TEST(ResumedStudy, ThatHasEndedAnswersTheSame) {
  const StudyRun study(kSpec, Table());
  ASSERT_TRUE(RunWhole(study) == Undisturbed());
  ExpectEndsLikeUndisturbed(study);
}

// A kill between the last trial and the model leaves exactly this.
TEST(ResumedStudy, ThatLostItsModelMakesItAgain) {
  const StudyRun study(kSpec, Table());
  ASSERT_TRUE(RunWhole(study) == Undisturbed());
  study.RemoveModel();
  ExpectEndsLikeUndisturbed(study);
}

// Begins a retraining that would take for ever and sends the signal once it trains.
void ExpectInterruptedRetraining(int signal_number, int exit_code) {
  const StudyRun study(kSpec, Table());
  ASSERT_FALSE(RunWhole(study, {"--set", "stop.trials=1"}).model.empty());
  Process process(study.Program({"retrain", "study", "--rounds", "1000000000", "-o", "new.json"}));
  while (process.ErrorsSoFar().find("(as given)") == std::string::npos && !process.HasEnded()) {
    ::poll(nullptr, 0, 1);
  }
  ASSERT_FALSE(process.HasEnded()) << process.Wait().err;
  process.Signal(signal_number);
  const Ended ended = process.Wait();
  EXPECT_EQ(ended.exit_code, exit_code);
  EXPECT_NE(ended.err.find("interrupted; nothing was written"), std::string::npos) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_FALSE(study.HasFile("new.json"));
  EXPECT_EQ(study.Leftovers(), std::vector<std::string>());
}

TEST(InterruptedRetraining, EndsWith130AfterCtrlC) { ExpectInterruptedRetraining(SIGINT, 130); }
TEST(InterruptedRetraining, EndsWith143AfterATermSignal) {
  ExpectInterruptedRetraining(SIGTERM, 143);
}

TEST(UndisturbedStudy, HasALineInTheLogForEachStepThatTheKillsCountOn) {
  const StudyRun study(kSpec, Table());
  ASSERT_FALSE(RunWhole(study).model.empty());
  EXPECT_EQ(study.LogLines(), kLogLines);
}

}  // namespace
}  // namespace coppice::crash
