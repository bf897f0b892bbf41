#include "tuner/run/confirmation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "results/store/memory_store.h"
#include "tests/tuner/run/small_study.h"
#include "tuner/run/run_study.h"

namespace coppice::tuner {
namespace {

using results::LeaderboardRow;
using results::MemoryStore;
using study::TrialId;
using testing::NoisyTable;
using testing::SmallStudy;

SmallStudy Noisy(const std::map<std::string, std::string>& overrides = {}) {
  return SmallStudy(R"({"coppice": 1, "name": "noisy", "data": {"train": "t.csv", "label": "y"},
      "split": {"folds": 3, "test_fraction": 0.2},
      "train": {"objective": "reg:squarederror", "num_round": 12, "subsample": 0.7},
      "search": {"eta": {"type": "float", "min": 0.05, "max": 0.5, "scale": "log"}},
      "stop": {"trials": 8}, "confirm": {"share": 0.5, "candidates": 3}, "seed": 7})",
                    {{"t.csv", NoisyTable()}}, overrides);
}

// A store with trials of these scores, all of 5 rounds and an `eta` of their own; NaN: it failed.
MemoryStore StoreOf(const SmallStudy& small, const std::vector<double>& scores) {
  MemoryStore store(RecordOf(small.spec, small.data.hash));
  for (int i = 0; i < static_cast<int>(scores.size()); ++i) {
    const double eta = 0.1 + 0.03 * i;
    const double score = scores[static_cast<std::size_t>(i)];
    study::TrialOutcome outcome = study::Completed{score, 0.5, 5, 8};
    if (std::isnan(score)) outcome = study::Failed{study::FailureKind::kCrash, "x"};
    const std::vector<study::StudyEvent> events = {
        study::TrialCreated{TrialId{i}, study::Configuration({{"eta", eta}}), "start"},
        study::TrialStarted{TrialId{i}}, study::TrialFinished{TrialId{i}, outcome, {}, 1}};
    store.Append(events, 1);
  }
  return store;
}

std::vector<int> Chosen(const SmallStudy& small, const MemoryStore& store) {
  std::vector<int> trials;
  for (const LeaderboardRow& row :
       RowsToConfirm(LeaderboardOf(store, small.spec, false), small.spec, true)) {
    trials.push_back(study::ToIndex(row.trial));
  }
  return trials;
}

ConfirmResult Confirm(const SmallStudy& small, MemoryStore& store, int threads = 2,
                      std::optional<double> seconds = {}) {
  SilentProgress silent;
  const CancelToken never;
  return ConfirmBest(small.Context(), store, {threads, {}, &silent, &never, seconds});
}

// Trial and what it came to, of all that were confirmed; without the time that it took.
std::vector<std::string> FreshOf(const MemoryStore& store) {
  std::vector<std::string> fresh;
  for (const study::Trial& trial : store.Trials()) {
    if (!trial.fresh) continue;
    study::TrialConfirmed event{trial.id, *trial.fresh};
    event.result.seconds = 0;
    fresh.push_back(study::ToJson(study::StudyEvent(event)).dump());
  }
  return fresh;
}

// Less is better: the metric is rmse.
const std::vector<double> kScores = {6, 5, 4, 3, 2, 1};

TEST(RowsToConfirm, AreTheBestOfTheShareAndTheDefaultBehindTheFirst) {
  const SmallStudy small = Noisy();
  EXPECT_EQ(Chosen(small, StoreOf(small, kScores)), (std::vector<int>{5, 0, 4, 3}));
  EXPECT_EQ(Chosen(small, StoreOf(small, {4, 3, 2, 1})), (std::vector<int>{3, 0, 2}));
  // The default is one of them.
  EXPECT_EQ(Chosen(small, StoreOf(small, {1, 4, 3, 2})), (std::vector<int>{0, 3}));
}

TEST(RowsToConfirm, AreNoneWhereTheShareIsLessThanTwo) {
  const SmallStudy small = Noisy();
  EXPECT_TRUE(Chosen(small, StoreOf(small, {3, 2, 1})).empty());
  EXPECT_TRUE(Chosen(Noisy({{"confirm.share", "0"}}), StoreOf(small, kScores)).empty());
  EXPECT_TRUE(Chosen(Noisy({{"confirm.share", "0.1"}}), StoreOf(small, kScores)).empty());
}

TEST(RowsToConfirm, HaveCompleted) {
  const SmallStudy small = Noisy();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // Four have a score, of which two are confirmed.
  EXPECT_EQ(Chosen(small, StoreOf(small, {nan, 4, 3, nan, 2, 1})), (std::vector<int>{5, 4}));
}

TEST(FreshSplit, HasOtherFoldsOfTheRowsThatAreNotTest) {
  const SmallStudy small = Noisy();
  std::string why;
  const auto fresh = FreshSplit(small.data, small.spec, &why);
  ASSERT_TRUE(fresh);
  ASSERT_EQ(fresh->folds.size(), 3U);
  EXPECT_EQ(fresh->test, small.data.split.test);
  for (const trainer::Fold& fold : small.data.split.folds) {
    EXPECT_NE(fold.validation, fresh->folds[0].validation);
  }
}

TEST(FreshSplit, IsNoneWhereTheGroupsAllowOneWayOnly) {
  std::string table = "g,x,y\n";
  for (int row = 0; row < 30; ++row) {
    table += std::to_string(row % 3) + "," + std::to_string(row) + "," + std::to_string(row) + "\n";
  }
  const SmallStudy small(R"({"coppice": 1, "name": "groups",
      "data": {"train": "t.csv", "label": "y", "group": "g"},
      "split": {"folds": 3, "test_fraction": 0, "grouped": true}})",
                         {{"t.csv", table}});
  std::string why;
  EXPECT_FALSE(FreshSplit(small.data, small.spec, &why));
  EXPECT_EQ(why, "so few rows or groups have no other folds");
}

TEST(ConfirmBest, ScoresEachTrialOnEveryFreshFold) {
  const SmallStudy small = Noisy();
  MemoryStore store = StoreOf(small, kScores);
  EXPECT_TRUE(Confirm(small, store).notices.empty());
  EXPECT_EQ(FreshOf(store).size(), 4U);
  for (const study::Trial& trial : store.Trials()) {
    EXPECT_EQ(trial.fresh.has_value(),
              study::ToIndex(trial.id) != 1 && study::ToIndex(trial.id) != 2);
    if (!trial.fresh) continue;
    EXPECT_EQ(trial.fresh->fold_scores.size(), 3U);
    EXPECT_TRUE(trial.fresh->std_error);
  }
  // Done already.
  const auto n_events = store.Events().size();
  Confirm(small, store);
  EXPECT_EQ(store.Events().size(), n_events);
}

TEST(ConfirmBest, ComesToTheSameOnAnyNumberOfThreads) {
  const SmallStudy small = Noisy();
  MemoryStore one = StoreOf(small, kScores);
  MemoryStore eight = StoreOf(small, kScores);
  Confirm(small, one, 1);
  Confirm(small, eight, 8);
  EXPECT_EQ(FreshOf(one).size(), 4U);
  EXPECT_EQ(FreshOf(one), FreshOf(eight));
}

// A store that ends behind any of the events is what a process leaves that was killed there.
TEST(ConfirmBest, GoesOnBehindAnyOfItsEventsToTheSame) {
  const SmallStudy small = Noisy();
  MemoryStore whole = StoreOf(small, kScores);
  Confirm(small, whole);
  const std::vector<results::LoggedEvent> events = whole.Events();
  const std::size_t n_searched = StoreOf(small, kScores).Events().size();
  for (std::size_t n = n_searched; n <= events.size(); ++n) {
    MemoryStore cut(whole.study());
    for (std::size_t i = 0; i < n; ++i) cut.Append(std::span(&events[i].event, 1), 1);
    Confirm(small, cut);
    EXPECT_EQ(cut.Events().size(), events.size());
    EXPECT_EQ(FreshOf(cut), FreshOf(whole));
  }
}

TEST(ConfirmBest, AddsTheNewBestOnesOfAnExtendedStudyAndKeepsTheOthers) {
  const SmallStudy small = Noisy();
  MemoryStore store = StoreOf(small, {4, 3, 2, 1});
  Confirm(small, store);
  const std::vector<std::string> before = FreshOf(store);
  EXPECT_EQ(before.size(), 3U);
  std::vector<double> longer = {4, 3, 2, 1, 0.5, 0.25};
  MemoryStore extended = StoreOf(small, longer);
  for (const study::Trial& trial : store.Trials()) {
    if (!trial.fresh) continue;
    const study::StudyEvent event = study::TrialConfirmed{trial.id, *trial.fresh};
    extended.Append(std::span(&event, 1), 1);
  }
  Confirm(small, extended);
  EXPECT_EQ(FreshOf(extended).size(), 5U);  // 5, 4 and 3 of the best, 2 of before and the default
  for (const std::string& line : before) {
    const auto after = FreshOf(extended);
    EXPECT_NE(std::find(after.begin(), after.end(), line), after.end());
  }
}

TEST(ConfirmBest, LeavesOutWhatIsNotInTime) {
  const SmallStudy small = Noisy();
  MemoryStore store = StoreOf(small, kScores);
  const ConfirmResult result = Confirm(small, store, 2, 0.5);  // one second has passed
  EXPECT_FALSE(result.interrupted);
  EXPECT_TRUE(FreshOf(store).empty());
  EXPECT_EQ(
      result.notices,
      (std::vector<std::string>{"the time was up before trials 5, 0, 4, 3 could be confirmed"}));
}

TEST(ConfirmBest, IsInterruptedWithoutATraceInTheLog) {
  const SmallStudy small = Noisy();
  MemoryStore store = StoreOf(small, kScores);
  SilentProgress silent;
  CancelToken interrupt;
  interrupt.Cancel();
  const ConfirmResult result =
      ConfirmBest(small.Context(), store, {2, {}, &silent, &interrupt, std::nullopt});
  EXPECT_TRUE(result.interrupted);
  EXPECT_TRUE(result.notices.empty());
  EXPECT_TRUE(FreshOf(store).empty());
}

TEST(ConfirmBest, LeavesOutATrialThatHasNoRoom) {
  const SmallStudy small = Noisy();
  MemoryStore store = StoreOf(small, kScores);
  SilentProgress silent;
  const CancelToken never;
  MemoryPlan memory;
  memory.limit = 1000;
  memory.limit_of = "`limits.memory_bytes`";
  memory.used = 990;
  const ConfirmResult result =
      ConfirmBest(small.Context(), store, {2, memory, &silent, &never, std::nullopt});
  EXPECT_EQ(result.notices.size(), 4U);
  EXPECT_NE(result.notices[0].find("trial 5 could not be confirmed (memory): "), std::string::npos)
      << result.notices[0];
  EXPECT_TRUE(FreshOf(store).empty());
}

TEST(ScoreOnFresh, IsWhatATrainingOnTheFoldComesToWithItsOwnSamples) {
  const SmallStudy small = Noisy();
  const CancelToken never;
  LeaderboardRow row;
  row.trial = row.seed_trial = TrialId{3};
  row.round = 5;
  row.configuration = study::Configuration({{"eta", 0.3}});
  std::string why;
  const trainer::Split fresh = *FreshSplit(small.data, small.spec, &why);
  const auto score = [&](const trainer::Split& split) {
    const TrialResult result = ScoreOnFresh(small.Context(), split, row, never);
    return std::get<study::Completed>(result.outcome).score;
  };
  // On the very folds of the search the samples of rows are still others.
  const TrialRequest request{row.trial, row.configuration, nullptr, row.round};
  const TrialResult searched = RunTrial(small.Context(), request, never);
  const std::vector<double> curve = study::MeanCurve(searched.curves, small.spec.metric);
  ASSERT_GE(curve.size(), 5U);
  EXPECT_NE(score(small.data.split), curve[4]);
  EXPECT_NE(score(fresh), score(small.data.split));
  EXPECT_EQ(score(fresh), score(fresh));
}

}  // namespace
}  // namespace coppice::tuner
