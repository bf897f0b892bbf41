#include "tuner/cli/json_progress.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/tuner/cli/run_steps.h"

namespace coppice::tuner {
namespace {

using Lines = std::vector<std::string>;

struct JsonRun {
  SetClock clock;
  RoundBoard board;
  std::string start;
  Lines said;
  JsonProgress progress{Json{{"event", "study_started"}, {"study", "small"}}, clock, board,
                        [this](const Json& event) {
                          if (event["event"] == "study_started") {
                            start = event.dump();
                          } else {
                            said.push_back(event.dump());
                          }
                        }};
};

TEST(JsonProgress, TellsTheLimitsInForceBeforeAllElse) {
  JsonRun run;
  RunCounts counts = Counts(6, 1, 40);
  counts.failed = 2;
  counts.created = 9;
  counts.seconds = 600;
  run.progress.TrialStarted(Created(8), counts);
  EXPECT_EQ(run.start, R"({"event":"study_started","study":"small","trials":40,"seconds":600.0,)"
                       R"("ended":8})");
}

TEST(JsonProgress, TellsATrialFromItsStartToItsEnd) {
  JsonRun run;
  RunCounts counts = Counts(0, 1);
  counts.elapsed_seconds = 1.23456;
  run.progress.TrialStarted(Created(0), counts);
  run.progress.TrialFinished(Finished(0, 0.25), true, 0.25, counts);
  EXPECT_EQ(run.said,
            (Lines{R"({"event":"trial_started","elapsed":1.235,"trial":0,"origin":"random",)"
                   R"("config":{}})",
                   R"({"event":"trial_finished","elapsed":1.235,"trial":0,"state":"completed",)"
                   R"("score":0.25,"std_error":12.34,"best_round":1,"rounds":1,"seconds":0.5,)"
                   R"("reason":""})",
                   R"({"event":"new_best","elapsed":1.235,"trial":0,"score":0.25})"}));
}

TEST(JsonProgress, HasTheSameKeysForATrialWithoutAScore) {
  JsonRun run;
  run.progress.TrialFinished(
      {study::TrialId{3}, study::Failed{study::FailureKind::kCrash, "it fell"}, {}, 2}, false, {},
      Counts(0, 0));
  EXPECT_EQ(run.said, Lines{R"({"event":"trial_finished","elapsed":0.0,"trial":3,"state":"failed",)"
                            R"("score":null,"std_error":null,"best_round":null,"rounds":null,)"
                            R"("seconds":2.0,"reason":"it fell"})"});
}

TEST(JsonProgress, TellsRoundsOnceASecondWhereTheyChanged) {
  JsonRun run;
  for (int tenth = 0; tenth <= 30; ++tenth) {
    run.clock.now = 0.1 * tenth;
    if (tenth <= 20) run.board.Report(ReportOf(0, tenth));
    run.progress.Waiting(Counts(0, 1));
  }
  ASSERT_EQ(run.said.size(), 2U);
  EXPECT_EQ(run.said[0], R"({"event":"round","elapsed":0.0,"trial":0,"folds":5,"round":10,)"
                         R"("rounds":500,"is_rung":false,"score":null,"best_score":null})");
  EXPECT_NE(run.said[1].find(R"("round":20)"), std::string::npos);
}

TEST(JsonProgress, TellsTheStopAndTheInterruption) {
  JsonRun run;
  run.progress.Stopped({study::StopReason::kTrials, "Enough."}, Counts(2, 1));
  run.progress.Interrupted(Counts(2, 1));
  EXPECT_EQ(run.said,
            (Lines{R"({"event":"study_stopped","elapsed":0.0,"reason":"trials","text":"Enough.",)"
                   R"("running":1})",
                   R"({"event":"interrupted","elapsed":0.0,"running":1})"}));
}

}  // namespace
}  // namespace coppice::tuner
