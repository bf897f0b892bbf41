#include "tuner/cli/live_progress.h"

#include <gtest/gtest.h>

#include "tests/tuner/cli/emulated_screen.h"
#include "tests/tuner/cli/run_steps.h"

namespace coppice::tuner {
namespace {

using Lines = std::vector<std::string>;

const RunOutline kTrainedHere = {"rmse", true, false, false};

struct LiveRun {
  SetClock clock;
  RoundBoard board;
  EmulatedScreen screen{120, 24};
  LiveProgress progress{kTrainedHere, clock, board, screen};
};

TEST(LiveProgress, DrawsWhatTrialsReport) {
  LiveRun run;
  run.progress.TrialStarted(Created(0), Counts(0, 1));
  run.board.Report(ReportOf(0, 12));
  run.clock.now = 1;
  run.progress.Waiting(Counts(0, 1));
  EXPECT_EQ(run.screen.terminal.Lines(),
            (Lines{"trial 0  all 5 folds  round  12/500  1.0 s  random",
                   "[0.0 s] 0/2 trials, 1 running; forecast after 3 trials", ""}));
}

TEST(LiveProgress, DrawsTenFramesASecondAtMost) {
  LiveRun run;
  run.progress.TrialStarted(Created(0), Counts(0, 1));
  for (int i = 0; i < 1000; ++i) {
    run.clock.now = 0.001 * i;
    run.board.Report(ReportOf(0, i));
    run.progress.Waiting(Counts(0, 1));
  }
  EXPECT_LE(run.screen.writes, 12);
  EXPECT_GE(run.screen.writes, 9);
}

TEST(LiveProgress, PrintsANewBestAboveTheLinesAndTheStopAtTheEnd) {
  LiveRun run;
  run.progress.TrialStarted(Created(0), Counts(0, 1));
  run.board.Report(ReportOf(0, 12));
  run.progress.Waiting(Counts(0, 1));
  run.progress.Stopped({study::StopReason::kTrials, "Enough."}, Counts(0, 1));
  RunCounts counts = Counts(1, 0);
  counts.best_trial = study::TrialId{0};
  run.progress.TrialFinished(Finished(0, 0.25), true, 0.25, counts);
  EXPECT_EQ(run.screen.terminal.Lines(),
            (Lines{"[0.0 s] trial 0: rmse 0.250000 +- 12.340000, the best so far (1/2 trials)",
                   "[0.0 s] stopped because enough.",
                   "training the best configuration on all rows but the test rows", ""}));
}

TEST(LiveProgress, SaysHowManyAreConfirmedBeforeTheModelIsTrained) {
  LiveRun run;
  run.progress.Confirming(2, 5, 3);
  const std::string above = "[3.0 s] confirming 2 trials on 5 fresh folds";
  EXPECT_EQ(run.screen.terminal.Lines(), (Lines{above, "0 of 2 confirmed", ""}));
  run.progress.Confirmed({}, 4);
  EXPECT_EQ(run.screen.terminal.Lines(), (Lines{above, "1 of 2 confirmed", ""}));
  run.progress.Confirmed({}, 5);
  EXPECT_EQ(run.screen.terminal.Lines(),
            (Lines{above, "training the best configuration on all rows but the test rows", ""}));
}

TEST(LiveProgress, LeavesTheLinesThatStay) {
  SetClock clock;
  const RoundBoard board;
  EmulatedScreen screen(80, 24);
  {
    LiveProgress progress(kTrainedHere, clock, board, screen);
    progress.TrialStarted(Created(0), Counts(0, 1));
    progress.TrialFinished(
        {study::TrialId{0}, study::Failed{study::FailureKind::kCrash, "it fell"}, {}, 1}, false, {},
        Counts(0, 0));
    progress.Interrupted(Counts(0, 0));
  }
  EXPECT_EQ(screen.terminal.Lines(), (Lines{"[0.0 s] trial 0 failed (crash): it fell", ""}));
}

// A shell writes its prompt to the same terminal.
TEST(LiveProgress, DrawsNothingInTheBackground) {
  LiveRun run;
  run.progress.TrialStarted(Created(0), Counts(0, 1));
  run.board.Report(ReportOf(0, 12));
  run.progress.Waiting(Counts(0, 1));
  run.screen.is_ours = false;
  run.screen.terminal.Write("$ ls\n");
  run.clock.now = 1;
  run.progress.Waiting(Counts(0, 1));
  EXPECT_EQ(run.screen.writes, 1);
  run.progress.TrialFinished(Finished(0, 0.25), true, 0.25, Counts(1, 1));
  EXPECT_EQ(run.screen.terminal.Lines().at(3),
            "[0.0 s] trial 0: rmse 0.250000 +- 12.340000, the best so far (1/2 trials, 1 running)");
}

}  // namespace
}  // namespace coppice::tuner
