#include "tuner/loop/run_model.h"

#include <gtest/gtest.h>

namespace coppice::tuner {
namespace {

study::TrialCreated Created(int trial, const std::string& origin = "random") {
  study::TrialCreated created;
  created.trial = study::TrialId{trial};
  created.origin = origin;
  return created;
}

study::TrialFinished Finished(int trial, double seconds) {
  return {study::TrialId{trial}, study::Completed{1, {}, 1, 1}, {}, seconds};
}

RoundReport ReportOf(int trial, double started_at = 0) {
  RoundReport report;
  report.trial = study::TrialId{trial};
  report.started_at = started_at;
  return report;
}

std::vector<int> TrialsOf(const RunView& view) {
  std::vector<int> trials;
  for (const TrialView& trial : view.running) trials.push_back(study::ToIndex(trial.trial));
  return trials;
}

TEST(RunModel, GivesATrialThePlaceOfTheOneThatEnded) {
  RunModel model({"auc", true, false, false}, 0);
  for (int trial = 0; trial < 3; ++trial) model.TrialStarted(Created(trial), 0);
  model.View({}, {ReportOf(0), ReportOf(1), ReportOf(2)}, 1);
  model.TrialFinished(Finished(1, 1));
  model.TrialStarted(Created(3), 1);
  const RunView view = model.View({}, {ReportOf(0), ReportOf(2), ReportOf(3)}, 2);
  EXPECT_EQ(TrialsOf(view), (std::vector<int>{0, 3, 2}));
}

TEST(RunModel, CountsTrialsThatNoWorkerHasComeToAsQueued) {
  RunModel model({"auc", true, false, false}, 0);
  model.TrialStarted(Created(0), 0);
  model.TrialStarted(Created(1), 0);
  const RunView view = model.View({}, {ReportOf(0, 5)}, 7);
  EXPECT_EQ(TrialsOf(view), std::vector<int>{0});
  EXPECT_EQ(view.queued, 1);
  EXPECT_DOUBLE_EQ(view.running[0].seconds, 2);
}

// A report may be read a moment after its trial was taken for ended.
TEST(RunModel, LeavesOutReportsOfTrialsThatDoNotRun) {
  RunModel model({"auc", true, false, false}, 0);
  EXPECT_TRUE(model.View({}, {ReportOf(0)}, 1).running.empty());
}

TEST(RunModel, ShowsTrialsOfAnotherProgramFromTheirStart) {
  RunModel model({"auc", false, false, false}, 0);
  model.TrialStarted(Created(4, "grid point 4"), 1);
  const RunView view = model.View({}, {}, 3);
  EXPECT_EQ(TrialsOf(view), std::vector<int>{4});
  EXPECT_EQ(view.running[0].origin, "grid point 4");
  EXPECT_DOUBLE_EQ(view.running[0].seconds, 2);
  EXPECT_FALSE(view.running[0].report);
}

// Three of 4 s, one after another; 2 of 6 are still to be made, 1 runs for 1 s: 11 s.
TEST(RunModel, ForecastsFromTheTrialsOfThisRun) {
  RunModel model({"auc", true, false, false}, 100);
  for (int trial = 0; trial < 3; ++trial) {
    model.TrialStarted(Created(trial), 100);
    model.TrialFinished(Finished(trial, 4));
  }
  model.TrialStarted(Created(3), 112);
  RunCounts counts;
  counts.trials = 6;
  counts.created = 4;
  const RunView view = model.View(counts, {ReportOf(3, 112)}, 113);
  ASSERT_EQ(view.forecast.state, ForecastState::kKnown);
  EXPECT_DOUBLE_EQ(view.forecast.left.high, 11);
}

TEST(RunModel, ForecastsNoFurtherTrialsOnceTheStudyIsStopped) {
  RunModel model({"auc", true, true, false}, 0);
  for (int trial = 0; trial < 3; ++trial) {
    model.TrialStarted(Created(trial), 0);
    model.TrialFinished(Finished(trial, 4));
  }
  model.TrialStarted(Created(3), 11);
  model.Stopped();
  RunCounts counts;
  counts.trials = 100;
  counts.created = 4;
  const RunView view = model.View(counts, {ReportOf(3, 11)}, 12);
  EXPECT_NEAR(view.forecast.left.high, 3.0 * 12 / 13, 1e-12);
  EXPECT_FALSE(view.may_end_sooner);
}

TEST(RoundBoard, KeepsTheLastReportOfEachTrial) {
  RoundBoard board;
  RoundReport first = ReportOf(3);
  board.Report(first);
  board.Report(ReportOf(1));
  first.round = 7;
  board.Report(first);
  const std::vector<RoundReport> reports = board.Read();
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].round, 7);
  board.Remove(study::TrialId{3});
  ASSERT_EQ(board.Read().size(), 1U);
  EXPECT_EQ(board.Read()[0].trial, study::TrialId{1});
}

}  // namespace
}  // namespace coppice::tuner
