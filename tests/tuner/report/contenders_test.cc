#include "tuner/report/contenders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/json.h"
#include "results/store/memory_store.h"

namespace coppice::tuner {
namespace {

using study::TrialId;
using FoldScores = std::vector<double>;

Spec ThreeFolds() {
  Spec spec;
  spec.name = "small";
  spec.metric = "auc";
  spec.goal = study::Goal::kMaximize;
  spec.split.folds = 3;
  return spec;
}

// Trials of one round with a score in each fold; ended as completed unless an outcome is given.
class Trials {
 public:
  Trials() : store_(results::StudyRecord{}) {}

  Trials& Add(const FoldScores& scores) {
    const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
    return Add(scores, study::Completed{sum / static_cast<double>(scores.size()), 0.1, 1, 1});
  }
  Trials& Add(const FoldScores& scores, const study::TrialOutcome& outcome) {
    const TrialId trial{n_trials_++};
    study::TrialFinished finished{trial, outcome, {}, 1};
    for (std::size_t k = 0; k < scores.size(); ++k) {
      finished.curves.push_back({static_cast<int>(k), "validation", "auc", {scores[k]}});
    }
    const std::vector<study::StudyEvent> events = {study::TrialCreated{trial, {}, "test"},
                                                   study::TrialStarted{trial}, finished};
    store_.Append(events, 1);
    return *this;
  }

  Contenders Of(const Spec& spec) const {
    return ReadContenders(
        store_, spec,
        results::MakeLeaderboard("small", spec.metric, spec.goal, store_.Trials(), /*all=*/true));
  }

 private:
  results::MemoryStore store_;
  int n_trials_ = 0;
};

TEST(Contenders, AreTheCompletedTrialsWithEveryFoldBestFirst) {
  const Contenders contenders = Trials()
                                    .Add({0, 1, 1})
                                    .Add({5, 5}, study::Pruned{{1, 0.1, 1, 1}, "hopeless"})
                                    .Add({}, study::Failed{study::FailureKind::kCrash, "crashed"})
                                    .Add({3, 0, 1})
                                    .Add({0.5, 0.5})
                                    .Of(ThreeFolds());
  EXPECT_EQ(contenders.trials, (std::vector<TrialId>{TrialId{3}, TrialId{0}}));
  EXPECT_EQ(contenders.scores, (std::vector<FoldScores>{{3, 0, 1}, {0, 1, 1}}));
  EXPECT_EQ(contenders.n_completed, 2);
}

TEST(Contenders, AreNoneWhereTheBestTrialDidNotComplete) {
  const Contenders contenders = Trials()
                                    .Add({0, 1, 1})
                                    .Add({9, 9, 9}, study::Pruned{{9, 0.1, 1, 1}, "stopped"})
                                    .Of(ThreeFolds());
  EXPECT_TRUE(contenders.trials.empty());
  EXPECT_FALSE(FlatteryOf(contenders, ThreeFolds()));
  EXPECT_FALSE(TiesOf(contenders, ThreeFolds()));
}

TEST(Contenders, HaveTheFoldsOfAllRepeats) {
  Spec spec = ThreeFolds();
  spec.split.repeats = 2;
  const Contenders contenders =
      Trials().Add({1, 2, 3}).Add({3, 0, 0, 1, 1, 1}).Add({0, 1, 1, 0, 0, 0}).Of(spec);
  // Trial 0 has the best mean but not all folds.
  EXPECT_TRUE(contenders.trials.empty());
  const Contenders whole = Trials().Add({3, 0, 0, 1, 1, 1}).Add({0, 1, 1, 0, 0, 0}).Of(spec);
  // As in SelectionOptimism's own test.
  EXPECT_NEAR(FlatteryOf(whole, spec)->by, 2.0 / 3 * std::sqrt(7.0 / 12), 1e-14);
}

TEST(Contenders, AreNoneOfAHoldoutOrOfAnotherProgram) {
  Spec holdout = ThreeFolds();
  holdout.split.kind = trainer::SplitKind::kHoldout;
  EXPECT_TRUE(Trials().Add({1}).Add({2}).Of(holdout).trials.empty());
  Spec external = ThreeFolds();
  external.is_external = true;
  EXPECT_TRUE(Trials().Add({1, 2, 3}).Add({2, 3, 4}).Of(external).trials.empty());
}

TEST(Flattery, IsSaidInWordsAndAsJson) {
  const Spec spec = ThreeFolds();
  const auto some = FlatteryOf(Trials().Add({3, 0, 0}).Add({0, 1, 1}).Of(spec), spec);
  ASSERT_TRUE(some);
  EXPECT_NEAR(some->by, 4.0 / 3 * std::sqrt(2.0 / 3), 1e-14);
  EXPECT_EQ(FlatteryText(*some), "the best of 2 trials flatters itself by about 1.1");
  EXPECT_EQ(FlatteryJson(some)["trials"], 2);
  EXPECT_EQ(FlatteryJson(some)["by"], some->by);
  EXPECT_EQ(FlatteryText({1234.6, 7}), "the best of 7 trials flatters itself by about 1235");
  EXPECT_EQ(FlatteryText({0.00112, 60}), "the best of 60 trials flatters itself by about 0.0011");
  const auto none = FlatteryOf(Trials().Add({3, 4, 5}).Add({0, 1, 1}).Of(spec), spec);
  ASSERT_TRUE(none);
  EXPECT_EQ(FlatteryText(*none),
            "the best of 2 trials leads as far in folds that it was not chosen by");
}

TEST(Flattery, IsUnknownOfOneTrialOrTwoFolds) {
  Spec spec = ThreeFolds();
  EXPECT_FALSE(FlatteryOf(Trials().Add({3, 0, 0}).Of(spec), spec));
  spec.split.folds = 2;
  EXPECT_FALSE(FlatteryOf(Trials().Add({3, 0}).Add({0, 1}).Of(spec), spec));
  EXPECT_TRUE(FlatteryJson(std::nullopt).is_null());
}

TEST(Ties, AreComparedFoldByFold) {
  // Behind the first by 0.1 in every fold, and by -6, 3 and 4 in turn: a third on average.
  const Spec spec = ThreeFolds();
  const Contenders contenders =
      Trials().Add({3, 3, 3}).Add({2.9, 2.9, 2.9}).Add({9, 0, -1}).Of(spec);
  EXPECT_EQ(TiesOf(contenders, spec), std::vector<TrialId>{TrialId{2}});
}

TEST(Ties, AllowForTrainingRowsThatFoldsHaveInCommon) {
  // Behind by 0.8 on average with a variance of 1: sqrt(1/3) is less than that, sqrt(1/3 + 1/2)
  // more.
  const Spec spec = ThreeFolds();
  const Contenders contenders = Trials().Add({3, 3, 3}).Add({3.2, 2.2, 1.2}).Of(spec);
  EXPECT_EQ(TiesOf(contenders, spec), std::vector<TrialId>{TrialId{1}});
}

}  // namespace
}  // namespace coppice::tuner
