#include "tuner/report/timeline.h"

#include <gtest/gtest.h>

#include "tests/results/sample_study.h"

namespace coppice::tuner {
namespace {

using results::Created;
using results::Finished;
using results::LoggedEvent;
using results::Requeued;
using results::Scored;
using results::Started;

std::vector<LoggedEvent> Log(const std::vector<std::pair<double, study::StudyEvent>>& events) {
  std::vector<LoggedEvent> log;
  for (const auto& [seconds, event] : events) {
    log.push_back({static_cast<std::int64_t>(log.size()) + 1, seconds, event});
  }
  return log;
}

TEST(Timeline, GivesTrialsThatRunAtOnceDifferentLanesAndTakesFreedOnesAgain) {
  const Timeline timeline = ReadTimeline(Log({{0, Created(0)},
                                              {0, Started(0)},
                                              {0, Created(1)},
                                              {1, Started(1)},
                                              {2, Scored(0, 0.5)},
                                              {2, Created(2)},
                                              {2, Started(2)},
                                              {5, Scored(1, 0.6)},
                                              {6, Scored(2, 0.7)}}),
                                         6);
  ASSERT_EQ(timeline.stints.size(), 3U);
  EXPECT_EQ(timeline.n_lanes, 2);
  EXPECT_EQ(timeline.stints[0].lane, 0);
  EXPECT_EQ(timeline.stints[1].lane, 1);
  EXPECT_EQ(timeline.stints[2].lane, 0);
  EXPECT_EQ(timeline.stints[1].from, 1);
  EXPECT_EQ(timeline.stints[1].to, 5);
  EXPECT_EQ(timeline.stints[1].end, "completed");
  EXPECT_EQ(timeline.stints[1].score, 0.6);
  EXPECT_EQ(timeline.stints[1].rounds, 3);
}

TEST(Timeline, HasAStintForEachTimeThatATrialRan) {
  const Timeline timeline =
      ReadTimeline(Log({{0, Created(0)},
                        {0, Started(0)},
                        {1, Finished(0, study::Paused{{0.4, {}, 2, 2}})},
                        {3, study::TrialPromoted{study::TrialId{0}, 4, "best of 3", 0}},
                        {3, Started(0)},
                        {4, Requeued(0)},
                        {7, Started(0)}}),
                   9);
  ASSERT_EQ(timeline.stints.size(), 3U);
  EXPECT_EQ(timeline.stints[0].end, "paused");
  EXPECT_EQ(timeline.stints[0].rounds, 2);
  EXPECT_EQ(timeline.stints[1].rung, 4);
  EXPECT_EQ(timeline.stints[2].rung, 4);
  EXPECT_EQ(timeline.stints[1].end, "requeued");
  EXPECT_EQ(timeline.stints[1].to, 4);
  // What nothing has ended still runs.
  EXPECT_EQ(timeline.stints[2].end, "running");
  EXPECT_EQ(timeline.stints[2].to, 9);
}

TEST(Timeline, LeavesOutTrialsThatNeverRan) {
  const Timeline timeline = ReadTimeline(
      Log({{0, Created(0)}, {1, Finished(0, study::Cancelled{"The time was up."})}}), 1);
  EXPECT_TRUE(timeline.stints.empty());
  EXPECT_EQ(timeline.n_lanes, 0);
}

TEST(Timeline, SaysWhatStoppedTheStudyUntilItGoesOn) {
  const study::StudyStopped stop{study::StopReason::kTrials, "60 trials done"};
  EXPECT_EQ(ReadTimeline(Log({{1, stop}}), 1).stopped, "60 trials done");
  EXPECT_EQ(ReadTimeline(Log({{1, stop}, {1, study::StudyExtended{40, 0}}}), 1).stopped, "");
}

}  // namespace
}  // namespace coppice::tuner
