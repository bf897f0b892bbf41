#include "tuner/cli/progress.h"

#include <gtest/gtest.h>

#include <string>

namespace coppice::tuner {
namespace {

// Stands still.
class StoppedClock : public Clock {
 public:
  double Now() const override { return 0; }
  double WallTime() const override { return 0; }
};

RunCounts Counts(int completed, int running) {
  RunCounts counts;
  counts.completed = completed;
  counts.running = running;
  counts.trials = 2;
  return counts;
}

study::TrialFinished Finished(int trial, double score) {
  return {study::TrialId{trial}, study::Completed{score, 12.34, 1, 1}, {}, 0};
}

TEST(StderrProgress, SaysTheStopWhenTheLastTrialHasEnded) {
  const StoppedClock clock;
  testing::internal::CaptureStderr();
  StderrProgress progress("rmse", clock);
  progress.Stopped({study::StopReason::kTrials, "Enough."}, Counts(0, 2));
  progress.TrialFinished(Finished(0, 48545.12), true, 48545.12, Counts(1, 1));
  progress.TrialFinished(Finished(1, 50000), false, 48545.12, Counts(2, 0));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "[0.0 s] trial 0: rmse 48545.1 +- 12.3, the best so far (1/2 trials, 1 running)\n"
            "[0.0 s] stopped because enough.\n");
}

TEST(StderrProgress, SaysAStopWithoutRunningTrialsAtOnce) {
  const StoppedClock clock;
  testing::internal::CaptureStderr();
  StderrProgress progress("rmse", clock);
  progress.Stopped({study::StopReason::kSeconds, "Enough."}, Counts(2, 0));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "[0.0 s] stopped because enough.\n");
}

}  // namespace
}  // namespace coppice::tuner
