#include "tuner/report/decision_trace.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace coppice::tuner {
namespace {

using study::Completed;
using study::TrialCreated;
using study::TrialFinished;
using study::TrialId;

Spec Fifty() {
  Spec spec;
  spec.metric = "auc";
  spec.goal = study::Goal::kMaximize;
  spec.train["num_round"] = std::int64_t{50};
  return spec;
}

std::vector<TraceStep> Trace(std::vector<study::StudyEvent> events, int trial) {
  std::vector<results::LoggedEvent> logged;
  for (study::StudyEvent& event : events) {
    const auto number = static_cast<std::int64_t>(logged.size()) + 1;
    logged.push_back({number, static_cast<double>(number), std::move(event)});
  }
  return TraceOf(logged, TrialId{trial}, Fifty());
}

TEST(TraceOf, SaysWhatTheModelExpected) {
  TrialCreated created{TrialId{1}, {}, "bayesian, from 5 trials"};
  created.expectation =
      study::Expectation{5, 2, 0.91, 0.01, 0.9, 0.93, TrialId{4}, 0.754, 0.5, 0.25};
  const auto trace = Trace({TrialCreated{TrialId{0}, {}, "default"}, created}, 1);
  ASSERT_EQ(trace.size(), 1U);
  EXPECT_EQ(trace[0].what, "proposed");
  EXPECT_EQ(trace[0].why, "bayesian, from 5 trials");
  EXPECT_EQ(trace[0].elapsed_seconds, 2);
  using Details = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(
      trace[0].details,
      (Details{
          {"known", "5 trials with an outcome, 2 running"},
          {"expected", "auc 0.910000 +- 0.010000; of the best known trial 0.9; with luck 0.93"},
          {"most like", "trial 4 (correlation 0.75)"},
          {"cost", "0.5 times that of the mean trial; a gain is divided by its 0.25th power"}}));
  EXPECT_EQ(ToJson(trace)[0]["expectation"]["nearest"], 4);
}

TEST(TraceOf, FollowsATrialThroughItsRungs) {
  const auto trace =
      Trace({TrialCreated{TrialId{0}, {}, "random, bracket 0", 5},
             TrialFinished{TrialId{0}, study::Paused{{0.8, {}, 5, 5}}, {}, 1},
             study::TrialPromoted{TrialId{0}, 50, "bracket 0, rung 1: place 1 of 3 at rung 0"},
             study::TrialRequeued{TrialId{0}, "its process died"},
             TrialFinished{TrialId{0}, Completed{0.9, {}, 40, 50}, {}, 1}},
            0);
  std::vector<std::string> lines;
  for (const TraceStep& step : trace) lines.push_back(step.what + ": " + step.why);
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "proposed: random, bracket 0; with 5 rounds at first",
                       "paused: after 5 rounds, at auc 0.8",
                       "promoted: bracket 0, rung 1: place 1 of 3 at rung 0; to 50 rounds",
                       "again: its process died",
                       "completed: all 50 rounds of `num_round`; the best is 40"}));
}

TEST(TraceOf, SaysWhyATrialEndedEarly) {
  const auto why = [](study::TrialOutcome outcome) {
    return Trace({TrialFinished{TrialId{0}, std::move(outcome), {}, 1}}, 0).at(0).why;
  };
  EXPECT_EQ(why(Completed{0.9, {}, 20, 30}), "no better score in 10 rounds after round 20");
  EXPECT_EQ(why(study::Pruned{{0.9, {}, 20, 30}, "hopeless"}), "hopeless");
  EXPECT_EQ(why(study::Failed{study::FailureKind::kTimeout, "too long"}), "too long");
}

}  // namespace
}  // namespace coppice::tuner
