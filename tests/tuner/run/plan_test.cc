#include "tuner/run/plan.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/tuner/run/small_study.h"

namespace coppice::tuner {
namespace {

using testing::ByFolds;
using testing::SmallStudy;

StudyPlan Plan(const std::map<std::string, std::string>& overrides = {}) {
  const SmallStudy small = ByFolds(overrides);
  return PlanOf(small.spec, small.data, 3, {});
}

TEST(StudyPlan, CountsTheDataAndItsSplit) {
  const StudyPlan plan = Plan();
  EXPECT_EQ(plan.study, "small");
  EXPECT_EQ(plan.rows, 12U);
  EXPECT_EQ(plan.features, 1U);
  EXPECT_EQ(plan.folds, 2U);
  EXPECT_EQ(plan.test_rows, 0U);
  EXPECT_EQ(plan.threads, 3);
  EXPECT_EQ(plan.slots, 4);
}

// Of the 12 rows each has a margin (4), a gradient (8) and a label (4), each that trains two places
// in the order of rows (8), each of the 4 that validate a label and a prediction (8). 4 train in
// fold 0, 8 in fold 1.
TEST(StudyPlan, CountsTheMemoryOfATrialsFolds) {
  EXPECT_EQ(Plan().trial_bytes, (12U * 16 + 4 * 8 + 4 * 8) + (12U * 16 + 8 * 8 + 4 * 8));
}

// Samples by gradient are 8 bytes a row, in both folds; the measures that they are drawn by are 4,
// in the place of the predictions, which take less.
TEST(StudyPlan, CountsTheMemoryOfTheCostliestTrial) {
  const std::string ranges =
      R"({"sampling_method": {"type": "categorical", "values": ["uniform", "gradient_based"]},
          "subsample": {"type": "float", "min": 0.5, "max": 1}})";
  EXPECT_EQ(Plan({{"search", ranges}}).trial_bytes,
            Plan().trial_bytes + 2 * (12U * 8 + 12 * 4 - 4 * 4));
}

TEST(StudyPlan, CountsTheFoldsOfEveryRepeat) {
  const std::map<std::string, std::string> twice = {{"split.by_time", "false"},
                                                    {"split.folds", "2"}};
  std::map<std::string, std::string> again = twice;
  again["split.repeats"] = "3";
  const StudyPlan plan = Plan(again);
  EXPECT_EQ(plan.trial_bytes, 3 * Plan(twice).trial_bytes);
  EXPECT_EQ(ToJson(plan).at("folds"), 6);
  EXPECT_EQ(ToJson(plan).at("repeats"), 3);
  EXPECT_EQ(ToTable(plan).rows.at(7), (std::vector<Json>{"folds", "2, 3 times"}));
}

TEST(StudyPlan, ProposesOneTrialASlotBeginningWithTheDefault) {
  const StudyPlan plan = Plan({{"stop.trials", "9"}, {"start", R"([{"gamma": 0.05}])"}});
  ASSERT_EQ(plan.first_trials.size(), 4U);
  EXPECT_EQ(plan.first_trials[0].first, "default");
  EXPECT_EQ(plan.first_trials[1].first, "start");
  EXPECT_EQ(plan.first_trials[1].second.CanonicalText(), "gamma=0.05");
}

TEST(StudyPlan, ProposesNoTrialBeyondTheLimit) {
  EXPECT_EQ(Plan({{"stop.trials", "2"}}).first_trials.size(), 2U);
}

TEST(StudyPlan, EndsWithTheGrid) {
  const StudyPlan plan = Plan({{"strategy", R"({"kind": "grid", "levels": 2})"}});
  EXPECT_EQ(plan.first_trials.size(), 2U) << "gamma is 0, which is the default, or 0.1";
}

TEST(StudyPlan, NamesEveryLimitThatIsSet) {
  EXPECT_EQ(Plan().limits, "3 trials");
  EXPECT_EQ(Plan({{"stop", R"({"target": 0.5, "no_gain_trials": 7, "seconds": 90})"}}).limits,
            "90.0 s, score 0.5, 7 trials without gain");
  EXPECT_EQ(Plan({{"stop", R"({"converged": true})"}}).limits, "convergence");
}

TEST(StudyPlan, SaysTheSameAsJsonAndAsATable) {
  const StudyPlan plan = Plan();
  const Json json = ToJson(plan);
  EXPECT_EQ(json.at("rows"), 12);
  EXPECT_EQ(json.at("first_trials").size(), plan.first_trials.size());
  EXPECT_EQ(json.at("first_trials")[0].at("origin"), "default");
  const results::Table table = ToTable(plan);
  EXPECT_EQ(table.rows.at(0), (std::vector<Json>{"study", "small"}));
  EXPECT_EQ(table.rows.size(), 11 + plan.first_trials.size());
}

}  // namespace
}  // namespace coppice::tuner
