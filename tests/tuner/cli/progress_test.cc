#include "tuner/cli/progress.h"

#include <gtest/gtest.h>

#include "tests/tuner/cli/run_steps.h"

namespace coppice::tuner {
namespace {

TEST(PlainProgress, SaysTheStopWhenTheLastTrialHasEnded) {
  const SetClock clock;
  testing::internal::CaptureStderr();
  PlainProgress progress("rmse", clock);
  progress.Stopped({study::StopReason::kTrials, "Enough."}, Counts(0, 2));
  progress.TrialFinished(Finished(0, 48545.12), true, 48545.12, Counts(1, 1));
  progress.TrialFinished(Finished(1, 50000), false, 48545.12, Counts(2, 0));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[0.0 s] trial 0: rmse 48545.1 +- 12.3, the best so far (1/2 trials, 1 running)\n"
            "[0.0 s] stopped because enough.\n");
}

TEST(PlainProgress, SaysAStopWithoutRunningTrialsAtOnce) {
  const SetClock clock;
  testing::internal::CaptureStderr();
  PlainProgress progress("rmse", clock);
  progress.Stopped({study::StopReason::kSeconds, "Enough."}, Counts(2, 0));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "[0.0 s] stopped because enough.\n");
}

// Also where no trial ends for longer than that.
TEST(PlainProgress, SaysHowTheStudyStandsEvery30Seconds) {
  SetClock clock;
  testing::internal::CaptureStderr();
  PlainProgress progress("rmse", clock);
  RunCounts counts = Counts(1, 1);
  counts.best_score = 0.25;
  for (const double now : {10.0, 29.9, 30.0, 59.9, 60.5}) {
    clock.now = now;
    counts.elapsed_seconds = now;
    progress.Waiting(counts);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[30.0 s] 1/2 trials, 1 running, best rmse 0.25\n"
            "[60.5 s] 1/2 trials, 1 running, best rmse 0.25\n");
}

TEST(PlainProgress, CountsThe30SecondsFromTheLastLine) {
  SetClock clock;
  testing::internal::CaptureStderr();
  PlainProgress progress("rmse", clock);
  clock.now = 20;
  progress.TrialFinished(Finished(0, 1), true, 1, Counts(1, 1));
  clock.now = 40;
  progress.Waiting(Counts(1, 1));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[0.0 s] trial 0: rmse 1.00000 +- 12.34000, the best so far (1/2 trials, 1 running)\n");
}

}  // namespace
}  // namespace coppice::tuner
