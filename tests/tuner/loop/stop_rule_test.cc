#include "tuner/loop/stop_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

namespace coppice::tuner {
namespace {

using study::Goal;
using study::StopReason;
using study::TrialState;

// Trials 0, 1, ... told in order; NaN is a failure.
std::vector<ToldTrial> Told(const std::vector<double>& scores) {
  std::vector<ToldTrial> told;
  for (double score : scores) {
    const study::TrialId id{static_cast<std::int32_t>(told.size())};
    if (std::isnan(score)) {
      told.push_back({id, TrialState::kFailed, 0});
      told.back().failure = study::FailureKind::kCrash;
    } else {
      told.push_back({id, TrialState::kCompleted, score});
    }
  }
  return told;
}

const double kFails = std::nan("");

TEST(TrialsRule, HoldsFromTheLimitOn) {
  StopLimits limits;
  limits.trials = 60;
  EXPECT_FALSE(TrialsRule(limits, 59));
  ASSERT_TRUE(TrialsRule(limits, 60));
  EXPECT_TRUE(TrialsRule(limits, 61));
  EXPECT_EQ(TrialsRule(limits, 60)->reason, StopReason::kTrials);
  EXPECT_EQ(TrialsRule(limits, 60)->text, "The limit of 60 trials is reached.");
}

TEST(SecondsRule, HoldsFromTheLimitOn) {
  StopLimits limits;
  limits.seconds = 1.5;
  EXPECT_FALSE(SecondsRule(limits, std::nextafter(1.5, 0)));
  ASSERT_TRUE(SecondsRule(limits, 1.5));
  EXPECT_EQ(SecondsRule(limits, 1.5)->reason, StopReason::kSeconds);
  EXPECT_EQ(SecondsRule(limits, 1.5)->text, "The time limit of 1.5 seconds is reached.");
}

TEST(TrialsToConfirm, AreTheShareOfTheScoredTrialsFromTwoOnUpToTheMost) {
  EXPECT_EQ(TrialsToConfirm(0.1, 5, 19), 0);
  EXPECT_EQ(TrialsToConfirm(0.1, 5, 20), 2);
  EXPECT_EQ(TrialsToConfirm(0.1, 5, 39), 3);
  EXPECT_EQ(TrialsToConfirm(0.1, 5, 1000), 5);
  EXPECT_EQ(TrialsToConfirm(0, 5, 1000), 0);
  EXPECT_EQ(TrialsToConfirm(0.29, 50, 100), 29) << "a product a little below";
}

TEST(SecondsRule, KeepsTheShareOfTheConfirmationOnceThereIsSomethingToConfirm) {
  StopLimits limits;
  limits.seconds = 60;
  limits.confirm_share = 0.1;
  EXPECT_EQ(SearchSeconds(limits, 19), 60);
  EXPECT_EQ(SearchSeconds(limits, 20), 54);
  EXPECT_FALSE(SecondsRule(limits, 54, 19));
  EXPECT_FALSE(SecondsRule(limits, 53.5, 20));
  ASSERT_TRUE(SecondsRule(limits, 54, 20));
  EXPECT_EQ(SecondsRule(limits, 54, 20)->text,
            "The time limit of 60 seconds is reached: 54 s, and 6 s for the confirmation.");
  EXPECT_EQ(SecondsRule(limits, 60, 19)->text, "The time limit of 60 seconds is reached.");
}

TEST(TargetRule, IsReachedByEqualityFromBothSides) {
  StopLimits limits;
  limits.target = 0.5;
  limits.goal = Goal::kMinimize;
  EXPECT_FALSE(TargetRule(limits, Told({std::nextafter(0.5, 1)})));
  EXPECT_TRUE(TargetRule(limits, Told({0.5})));
  EXPECT_TRUE(TargetRule(limits, Told({0.25})));
  limits.goal = Goal::kMaximize;
  EXPECT_FALSE(TargetRule(limits, Told({std::nextafter(0.5, 0)})));
  EXPECT_TRUE(TargetRule(limits, Told({0.5})));
  ASSERT_TRUE(TargetRule(limits, Told({0.25, 0.75})));
  EXPECT_EQ(TargetRule(limits, Told({0.25, 0.75}))->text,
            "Trial 1 reached the target of 0.5 with a score of 0.75.");
}

TEST(TargetRule, IsNotReachedByAFailedTrial) {
  StopLimits limits;
  limits.target = 0.5;
  EXPECT_FALSE(TargetRule(limits, Told({kFails})));
}

TEST(NoGainRule, HoldsAfterSoManyInARowWithoutAStrictlyBetterScore) {
  StopLimits limits;
  limits.no_gain_trials = 2;
  EXPECT_FALSE(NoGainRule(limits, Told({0.5, 0.6})));
  EXPECT_FALSE(NoGainRule(limits, Told({0.5, 0.6, 0.4})));
  ASSERT_TRUE(NoGainRule(limits, Told({0.5, 0.6, 0.5})));
  EXPECT_EQ(NoGainRule(limits, Told({0.5, 0.6, 0.5}))->reason, StopReason::kNoGain);
  EXPECT_EQ(NoGainRule(limits, Told({0.5, 0.6, 0.5}))->text,
            "2 trials in a row brought no better score than the 0.5 of trial 0.");
}

TEST(NoGainRule, KnowsWhichDirectionIsBetter) {
  StopLimits limits;
  limits.no_gain_trials = 2;
  limits.goal = Goal::kMaximize;
  EXPECT_FALSE(NoGainRule(limits, Told({0.5, 0.6, 0.5})));
  EXPECT_TRUE(NoGainRule(limits, Told({0.6, 0.5, 0.6})));
}

TEST(NoGainRule, DoesNotCountTrialsOfAnEarlierStudyButTheirScores) {
  StopLimits limits;
  limits.no_gain_trials = 2;
  std::vector<ToldTrial> told;
  for (int k = 0; k < 5; ++k) {
    told.push_back({study::TrialId{k}, TrialState::kCompleted, k == 0 ? 1.0 : 2.0});
    told.back().is_taken_over = k < 4;
  }
  EXPECT_FALSE(NoGainRule(limits, told)) << "one trial of its own";
  told.push_back({study::TrialId{5}, TrialState::kCompleted, 1.5});
  EXPECT_TRUE(NoGainRule(limits, told)) << "0 of the earlier study was better";
}

TEST(NoGainRule, CountsFailedTrialsButNotCancelledOnes) {
  StopLimits limits;
  limits.no_gain_trials = 2;
  EXPECT_TRUE(NoGainRule(limits, Told({0.5, kFails, 0.6})));
  std::vector<ToldTrial> told = Told({0.5, kFails, 0.6});
  told[1].state = TrialState::kCancelled;
  EXPECT_FALSE(NoGainRule(limits, told));
  ASSERT_TRUE(NoGainRule(limits, Told({kFails, kFails})));
  EXPECT_EQ(NoGainRule(limits, Told({kFails, kFails}))->text,
            "2 trials in a row brought no score.");
}

TEST(StopRules, SayScoresInSixDigits) {
  StopLimits limits;
  limits.no_gain_trials = 1;
  limits.target = 0.5;
  EXPECT_EQ(NoGainRule(limits, Told({2.0 / 3, 1}))->text,
            "1 trial in a row brought no better score than the 0.666667 of trial 0.");
  EXPECT_EQ(TargetRule(limits, Told({1.0 / 3}))->text,
            "Trial 0 reached the target of 0.5 with a score of 0.333333.");
}

TEST(NoGainRule, CountsAGainThatIsTooSmallAsNone) {
  StopLimits limits;
  limits.no_gain_trials = 2;
  limits.min_gain = 0.25;
  EXPECT_FALSE(NoGainRule(limits, Told({1, 0.875, 0.75})));
  const auto told = Told({1, std::nextafter(0.75, 1), 0.875});
  ASSERT_TRUE(NoGainRule(limits, told));
  EXPECT_EQ(NoGainRule(limits, told)->text,
            "2 trials in a row brought no score that is better than the 1 of trial 0 by 0.25.");
}

TEST(NoGainRule, AddsSmallGainsUp) {
  StopLimits limits;
  limits.no_gain_trials = 3;
  limits.min_gain = 0.25;
  // The third is ahead of the first by 0.25, though neither is of the one before it.
  EXPECT_FALSE(NoGainRule(limits, Told({1, 0.875, 0.75, 0.625, 0.625})));
  EXPECT_TRUE(NoGainRule(limits, Told({1, 0.875, 0.75, 0.625, 0.625, 0.625})));
}

TEST(NoGainRule, MeasuresARelativeGainByTheSizeOfTheScore) {
  StopLimits limits;
  limits.goal = Goal::kMaximize;
  limits.no_gain_trials = 1;
  limits.min_gain = 0.5;
  limits.min_gain_unit = GainUnit::kRelative;
  EXPECT_FALSE(NoGainRule(limits, Told({8, 12})));
  EXPECT_FALSE(NoGainRule(limits, Told({-8, -4})));
  const auto told = Told({8, std::nextafter(12, 0)});
  ASSERT_TRUE(NoGainRule(limits, told));
  EXPECT_EQ(NoGainRule(limits, told)->text,
            "1 trial in a row brought no score that is better than the 8 of trial 0 by 0.5 of its "
            "size.");
}

TEST(NoGainRule, MeasuresAGainInStandardErrorsOfTheScoreThatItBeats) {
  StopLimits limits;
  limits.no_gain_trials = 1;
  limits.min_gain = 2;
  limits.min_gain_unit = GainUnit::kStdErrors;
  auto told = Told({1, 0.5});
  told[0].std_error = 0.25;
  told[1].std_error = 100;
  EXPECT_FALSE(NoGainRule(limits, told));
  told[0].std_error = std::nextafter(0.25, 1);
  ASSERT_TRUE(NoGainRule(limits, told));
  EXPECT_EQ(NoGainRule(limits, told)->text,
            "1 trial in a row brought no score that is better than the 1 of trial 0 by 2 of its "
            "standard errors.");
}

TEST(NoGainRule, WithoutAStandardErrorTakesAnyBetterScore) {
  StopLimits limits;
  limits.no_gain_trials = 1;
  limits.min_gain = 2;
  limits.min_gain_unit = GainUnit::kStdErrors;
  EXPECT_FALSE(NoGainRule(limits, Told({1, std::nextafter(1, 0)})));
  EXPECT_TRUE(NoGainRule(limits, Told({1, 1})));
}

TEST(ExpectedGain, IsAskedForOnceThirtyTrialsHaveAScore) {
  StopLimits limits;
  std::vector<double> scores(29, 0.5);
  scores.insert(scores.end(), 5, kFails);
  EXPECT_FALSE(AsksExpectedGain(limits, Told(std::vector<double>(30, 0.5))));
  limits.converged = true;
  EXPECT_FALSE(AsksExpectedGain(limits, Told(scores)));
  scores.push_back(0.75);
  EXPECT_TRUE(AsksExpectedGain(limits, Told(scores)));
}

TEST(ExpectedGain, IsMeasuredInErrorsOfTheBestScore) {
  StopLimits limits;
  limits.error_factor = 1.5;
  ToldTrial best{study::TrialId{0}, TrialState::kPruned, 0.5, 0.25};
  EXPECT_EQ(InStdErrors(limits, 0.75, best), 2);
  best.std_error.reset();
  EXPECT_FALSE(InStdErrors(limits, 0.75, best));
  best.std_error = 0;
  EXPECT_FALSE(InStdErrors(limits, 0.75, best));
  best.std_error = 0.25;
  best.state = TrialState::kFailed;
  EXPECT_FALSE(InStdErrors(limits, 0.75, best));
}

TEST(ConvergedRule, HoldsAfterTenSmallExpectationsInARow) {
  StopLimits limits;
  const std::optional<double> small = std::nextafter(0.2, 0);
  std::vector<std::optional<double>> gains(30, std::nullopt);
  gains.insert(gains.end(), 9, small);
  limits.converged = true;
  EXPECT_FALSE(ConvergedRule(limits, gains));
  gains.push_back(small);
  ASSERT_TRUE(ConvergedRule(limits, gains));
  EXPECT_EQ(ConvergedRule(limits, gains)->reason, StopReason::kConverged);
  EXPECT_EQ(ConvergedRule(limits, gains)->text,
            "The search has converged: before each of the last 10 trials, one more was expected "
            "to gain less than 0.2 standard errors of the best score.");
  gains[33] = 0.2;
  EXPECT_FALSE(ConvergedRule(limits, gains)) << "0.2 is not below 0.2";
  gains[33] = std::nullopt;
  EXPECT_FALSE(ConvergedRule(limits, gains)) << "what is not known is not small";
  gains[33] = small;
  limits.converged = false;
  EXPECT_FALSE(ConvergedRule(limits, gains));
}

TEST(FailuresRule, HoldsFromTheLimitOn) {
  StopLimits limits;
  limits.failures = 2;
  EXPECT_FALSE(FailuresRule(limits, Told({kFails, 0.5, 0.6})));
  ASSERT_TRUE(FailuresRule(limits, Told({kFails, 0.5, kFails})));
  EXPECT_EQ(FailuresRule(limits, Told({kFails, 0.5, kFails}))->reason, StopReason::kFailures);
  EXPECT_EQ(FailuresRule(limits, Told({kFails, 0.5, kFails}))->text,
            "2 trials failed (2 crash), and the limit is 2.");
  limits.failures = 1;
  EXPECT_EQ(FailuresRule(limits, Told({kFails}))->text,
            "1 trial failed (1 crash), and the limit is 1.");
}

TEST(FailuresRule, SaysHowManyOfWhichKind) {
  StopLimits limits;
  limits.failures = 4;
  std::vector<ToldTrial> told = Told({kFails, kFails, 0.5, kFails, kFails});
  told[0].failure = study::FailureKind::kTimeout;
  told[1].failure = study::FailureKind::kMemory;
  told[4].failure = study::FailureKind::kMemory;
  EXPECT_EQ(FailuresRule(limits, told)->text,
            "4 trials failed (1 crash, 1 timeout, 2 memory), and the limit is 4.");
}

TEST(FirstStop, NamesTheTargetBeforeFailuresBeforeNoGainBeforeTrials) {
  StopLimits limits;
  limits.trials = 3;
  limits.target = 0.5;
  limits.failures = 2;
  limits.no_gain_trials = 2;
  const auto told = Told({0.5, kFails, kFails});
  EXPECT_EQ(FirstStop(limits, told, 3)->reason, StopReason::kTarget);
  limits.target.reset();
  EXPECT_EQ(FirstStop(limits, told, 3)->reason, StopReason::kFailures);
  limits.failures = 3;
  EXPECT_EQ(FirstStop(limits, told, 3)->reason, StopReason::kNoGain);
  limits.no_gain_trials.reset();
  EXPECT_EQ(FirstStop(limits, told, 3)->reason, StopReason::kTrials);
  limits.trials.reset();
  EXPECT_FALSE(FirstStop(limits, told, 3));
}

TEST(Extended, AddsToTheLimitsThatThereAre) {
  StopLimits limits;
  limits.trials = 60;
  limits.seconds = 600;
  limits = Extended(limits, {40, 0}, std::nullopt, 60, 100);
  EXPECT_EQ(limits.trials, 100);
  EXPECT_EQ(limits.seconds, 600);
  limits = Extended(limits, {0, 50}, std::nullopt, 60, 100);
  EXPECT_EQ(limits.trials, 100);
  EXPECT_EQ(limits.seconds, 650);
}

TEST(Extended, SetsAMissingLimitAheadOfWhatHasBeen) {
  StopLimits limits = Extended({}, {40, 50}, std::nullopt, 7, 100);
  EXPECT_EQ(limits.trials, 47);
  EXPECT_EQ(limits.seconds, 150);
  limits = Extended(limits, {3, 0}, std::nullopt, 20, 120);
  EXPECT_EQ(limits.trials, 50);
}

TEST(Extended, SetsNoLimitWhenItAddsNothing) {
  const StopLimits limits = Extended({}, {0, 0}, std::nullopt, 7, 100);
  EXPECT_FALSE(limits.trials);
  EXPECT_FALSE(limits.seconds);
}

TEST(Extended, GetsPastTheRuleThatStoppedTheStudyAndNoOther) {
  StopLimits limits;
  limits.target = 0.5;
  limits.failures = 2;
  limits.no_gain_trials = 2;
  const study::StudyExtended more{10, 0};
  const auto told = Told({0.5, kFails, kFails});

  const auto past_target =
      Extended(limits, more, study::StudyStopped{StopReason::kTarget, ""}, 3, 0);
  EXPECT_FALSE(TargetRule(past_target, told));
  EXPECT_TRUE(FailuresRule(past_target, told));

  const auto past_failures =
      Extended(limits, more, study::StudyStopped{StopReason::kFailures, ""}, 3, 0);
  EXPECT_FALSE(FailuresRule(past_failures, told));
  EXPECT_TRUE(NoGainRule(past_failures, told));
  EXPECT_FALSE(FailuresRule(past_failures, Told({0.5, kFails, kFails, kFails})));
  EXPECT_TRUE(FailuresRule(past_failures, Told({0.5, kFails, kFails, kFails, kFails})));

  const auto past_no_gain =
      Extended(limits, more, study::StudyStopped{StopReason::kNoGain, ""}, 3, 0);
  EXPECT_FALSE(NoGainRule(past_no_gain, told));
  EXPECT_FALSE(NoGainRule(past_no_gain, Told({0.5, kFails, kFails, 0.6})));
  EXPECT_TRUE(NoGainRule(past_no_gain, Told({0.5, kFails, kFails, 0.6, 0.5})));
  EXPECT_TRUE(TargetRule(past_no_gain, told));

  limits.converged = true;
  std::vector<std::optional<double>> gains(12, 0.0);
  const auto past_convergence =
      Extended(limits, more, study::StudyStopped{StopReason::kConverged, ""}, 12, 0);
  gains.insert(gains.end(), 9, 0.0);
  EXPECT_FALSE(ConvergedRule(past_convergence, gains));
  gains.push_back(0.0);
  EXPECT_TRUE(ConvergedRule(past_convergence, gains));
}

}  // namespace
}  // namespace coppice::tuner
