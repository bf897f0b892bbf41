#include "tuner/cli/progress_lines.h"

#include <gtest/gtest.h>

#include "tests/tuner/cli/run_steps.h"

namespace coppice::tuner {
namespace {

using Lines = std::vector<std::string>;

TrialView Row(int trial, const std::string& origin, double seconds) {
  return {study::TrialId{trial}, origin, seconds, ReportOf(trial, 64)};
}

RunView ViewOf(int n_running) {
  RunView view;
  view.metric = "auc";
  view.counts = Counts(12, n_running, 40);
  for (int i = 0; i < n_running; ++i) view.running.push_back(Row(100 + i, "random", 1));
  return view;
}

TEST(FrameLines, ShowEachTrialAndTheWhole) {
  RunView view;
  view.metric = "auc";
  view.counts = Counts(12, 2, 40);
  view.counts.pruned = 5;
  view.counts.failed = 1;
  view.counts.elapsed_seconds = 63;
  view.counts.best_score = 0.99257;
  view.counts.best_trial = study::TrialId{15};
  view.running = {Row(9, "bayesian", 3.21), Row(18, "bayesian, bracket 2", 0.4)};
  view.running[0].report->score = 0.9871;
  view.running[0].report->best_score = 0.988;
  view.running[1].report->rounds = 67;
  view.running[1].report->is_rung = true;
  view.forecast = {ForecastState::kKnown, {40, 130}};
  EXPECT_EQ(FrameLines(view, 120, 24),
            (Lines{"trial  9  all 5 folds  round  64/500  auc 0.9871, best 0.988  3.2 s  bayesian",
                   "trial 18  all 5 folds  round 64/67 of a rung  0.4 s  bayesian, bracket 2",
                   "[63.0 s] 18/40 trials, 2 running, 5 pruned, 1 failed; best auc 0.99257 (trial "
                   "15); 40 s to 2 min left"}));
}

TEST(FrameLines, SayWhereTheFirstFoldGoesAhead) {
  RunView view = ViewOf(1);
  view.running[0].report->folds = 1;
  EXPECT_EQ(FrameLines(view, 120, 24).front(),
            "trial 100  fold 1 of 5  round  64/500  1.0 s  random");
  view.running[0].report->n_folds = 1;
  EXPECT_EQ(FrameLines(view, 120, 24).front(), "trial 100  round  64/500  1.0 s  random");
}

TEST(FrameLines, ShowTrialsOfAnotherProgramWithoutRounds) {
  RunView view = ViewOf(1);
  view.running[0].report.reset();
  EXPECT_EQ(FrameLines(view, 120, 24).front(), "trial 100  1.0 s  random");
}

TEST(FrameLines, CountTheTrialsForWhichThereIsNoRoom) {
  // Ten rows: one for the cursor, one for the total, eight for ten trials.
  const Lines lines = FrameLines(ViewOf(10), 120, 10);
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_TRUE(lines[6].starts_with("trial 106 ")) << lines[6];
  EXPECT_EQ(lines[7], "and 3 more that run");
  EXPECT_EQ(FrameLines(ViewOf(8), 120, 10).size(), 9U);
  EXPECT_TRUE(FrameLines(ViewOf(8), 120, 10)[7].starts_with("trial 107 "));
}

TEST(FrameLines, ShowOnlyTheWholeOnTwoRows) {
  const Lines lines = FrameLines(ViewOf(4), 120, 2);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("[0.0 s] 12/40 trials, 4 running")) << lines[0];
}

TEST(FrameLines, AreNarrowerThanTheScreen) {
  for (const int columns : {1, 2, 10, 40}) {
    for (const std::string& line : FrameLines(ViewOf(2), columns, 24)) {
      EXPECT_LE(line.size(), static_cast<std::size_t>(columns - 1));
    }
  }
}

TEST(FrameLines, TakeAColumnForEachByte) {
  RunView view = ViewOf(1);
  view.running[0].origin = "warm start of \xc3\xa9t\xc3\xa9";
  EXPECT_TRUE(FrameLines(view, 120, 24).front().ends_with("warm start of ??t??"));
}

TEST(FrameLines, SayThatAnInterruptedRunEnds) {
  RunView view = ViewOf(1);
  view.is_interrupted = true;
  view.forecast = {ForecastState::kKnown, {40, 130}};
  EXPECT_EQ(FrameLines(view, 120, 24).back(),
            "[0.0 s] 12/40 trials, 1 running; interrupted, ending");
}

TEST(ForecastText, SaysOneNumberWhereBothEndsReadTheSame) {
  EXPECT_EQ(ForecastText({ForecastState::kKnown, {39.2, 39.9}}, false), "40 s left");
  EXPECT_EQ(ForecastText({ForecastState::kKnown, {20.5, 300}}, false), "21 s to 5 min left");
  EXPECT_EQ(ForecastText({ForecastState::kKnown, {6300, 9000}}, false), "1.8 h to 2.5 h left");
}

TEST(ForecastText, IsABoundWhereAnotherRuleMayEndTheStudy) {
  EXPECT_EQ(ForecastText({ForecastState::kKnown, {20, 40}}, true), "at most 40 s left");
}

TEST(ForecastText, SaysWhenThereWillBeAForecast) {
  EXPECT_EQ(ForecastText({ForecastState::kTooEarly, {}}, false), "forecast after 3 trials");
  EXPECT_EQ(ForecastText({}, false), "");
}

TEST(ElideMiddle, KeepsBothEnds) {
  EXPECT_EQ(ElideMiddle("0123456789", 10), "0123456789");
  EXPECT_EQ(ElideMiddle("0123456789", 9), "012...789");
  EXPECT_EQ(ElideMiddle("0123456789", 8), "012...89");
  EXPECT_EQ(ElideMiddle("0123456789", 3), "012");
  EXPECT_EQ(ElideMiddle("0123456789", 0), "");
}

}  // namespace
}  // namespace coppice::tuner
