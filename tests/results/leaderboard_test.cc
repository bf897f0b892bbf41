#include "results/views/leaderboard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "results/views/confirmed.h"

namespace coppice::results {
namespace {

using study::Goal;
using study::Trial;
using study::TrialId;
using study::TrialState;

Trial Ended(int id, study::TrialOutcome outcome) {
  Trial trial;
  trial.id = TrialId{id};
  trial.state = study::StateOf(outcome);
  trial.outcome = std::move(outcome);
  trial.seconds = id + 0.5;
  return trial;
}

Trial Scored(int id, double score, int round = 10, std::optional<double> std_error = {}) {
  return Ended(id, study::Completed{score, std_error, round, round + 5});
}

Trial Open(int id, TrialState state) {
  Trial trial;
  trial.id = TrialId{id};
  trial.state = state;
  return trial;
}

Leaderboard Board(Goal goal, const std::vector<Trial>& trials, bool all = false) {
  return MakeLeaderboard("titanic", "auc", goal, trials, all);
}

std::vector<int> TrialsOf(const Leaderboard& board) {
  std::vector<int> ids;
  for (const LeaderboardRow& row : board.rows) ids.push_back(study::ToIndex(row.trial));
  return ids;
}

std::vector<int> RanksOf(const Leaderboard& board) {
  std::vector<int> ranks;
  for (const LeaderboardRow& row : board.rows) ranks.push_back(row.rank);
  return ranks;
}

TEST(Leaderboard, PutsTheLargestScoreFirstWhenMaximizing) {
  const auto board = Board(Goal::kMaximize, {Scored(0, 0.5), Scored(1, 0.9), Scored(2, 0.7)});
  EXPECT_EQ(TrialsOf(board), (std::vector<int>{1, 2, 0}));
  EXPECT_EQ(RanksOf(board), (std::vector<int>{1, 2, 3}));
}

TEST(Leaderboard, PutsTheSmallestScoreFirstWhenMinimizing) {
  const auto board = Board(Goal::kMinimize, {Scored(0, 0.5), Scored(1, -0.9), Scored(2, 0.7)});
  EXPECT_EQ(TrialsOf(board), (std::vector<int>{1, 0, 2}));
}

TEST(Leaderboard, GivesEqualScoresOneRankAndOrdersThemByNumber) {
  const auto board = Board(Goal::kMaximize, {Scored(0, 0.5), Scored(1, 0.9), Scored(2, 0.9),
                                             Scored(3, 0.0), Scored(4, -0.0)});
  EXPECT_EQ(TrialsOf(board), (std::vector<int>{1, 2, 0, 3, 4}));
  EXPECT_EQ(RanksOf(board), (std::vector<int>{1, 1, 3, 4, 4}));
}

// With a configuration.
Trial Of(double eta, Trial trial) {
  trial.configuration = study::Configuration({{"eta", eta}});
  return trial;
}

TEST(Leaderboard, RanksReplicatesOfNoisyScoresByTheirMean) {
  const std::vector<Trial> trials = {Of(0.1, Scored(0, 0.5)), Of(0.2, Scored(1, 0.7)),
                                     Of(0.1, Scored(2, 0.9)), Of(0.3, Scored(3, 0.8, 10, 0.25)),
                                     Of(0.1, Ended(4, study::Failed{}))};
  const auto board = MakeLeaderboard("titanic", "auc", Goal::kMaximize, trials, false, true);
  EXPECT_EQ(TrialsOf(board), (std::vector<int>{3, 0, 1, 2, 4}));
  EXPECT_EQ(RanksOf(board), (std::vector<int>{1, 2, 2, 2, 5}));
  EXPECT_EQ(board.rows[0].std_error, 0.25);
  EXPECT_EQ(board.rows[0].replicates, 1);
  for (const std::size_t row : {std::size_t{1}, std::size_t{3}}) {
    EXPECT_DOUBLE_EQ(*board.rows[row].score, 0.7);
    // The deviations of .2 both ways: a variance of .08, of two trials.
    EXPECT_NEAR(*board.rows[row].std_error, 0.2, 1e-15);
    EXPECT_EQ(board.rows[row].replicates, 2);
  }
  EXPECT_EQ(TrialsOf(Board(Goal::kMaximize, trials)), (std::vector<int>{2, 3, 1, 0, 4}));
}

TEST(Leaderboard, PutsEndedTrialsWithoutScoreLastWithOneRank) {
  const auto board =
      Board(Goal::kMinimize, {Ended(0, study::Failed{study::FailureKind::kTimeout, "120 s"}),
                              Ended(1, study::Cancelled{"asked"}),
                              Scored(2, std::numeric_limits<double>::infinity()), Scored(3, 5)});
  EXPECT_EQ(TrialsOf(board), (std::vector<int>{3, 2, 0, 1}));
  EXPECT_EQ(RanksOf(board), (std::vector<int>{1, 2, 3, 3}));
  EXPECT_EQ(board.rows[2].reason, "120 s");
  EXPECT_EQ(board.rows[3].reason, "asked");
  EXPECT_FALSE(board.rows[2].score.has_value());
}

TEST(Leaderboard, LeavesOutTrialsThatHaveNotEndedUnlessAsked) {
  const std::vector<Trial> trials = {Open(0, TrialState::kWaiting), Open(1, TrialState::kRunning),
                                     Scored(2, 1),
                                     Ended(3, study::Failed{study::FailureKind::kCrash, ""})};
  EXPECT_EQ(TrialsOf(Board(Goal::kMinimize, trials)), (std::vector<int>{2, 3}));
  const auto all = Board(Goal::kMinimize, trials, true);
  EXPECT_EQ(TrialsOf(all), (std::vector<int>{2, 3, 0, 1}));
  EXPECT_EQ(RanksOf(all), (std::vector<int>{1, 2, 0, 0}));
}

TEST(Leaderboard, CopiesWhatATrialWasWorth) {
  const auto board = Board(Goal::kMaximize, {Scored(0, 0.5, 10, 0.125)});
  const LeaderboardRow& row = board.rows.at(0);
  EXPECT_EQ(row.score, 0.5);
  EXPECT_EQ(row.std_error, 0.125);
  EXPECT_EQ(row.round, 10);
  EXPECT_EQ(row.rounds, 15);
  EXPECT_EQ(row.seconds, 0.5);
  EXPECT_EQ(board.study, "titanic");
  EXPECT_EQ(board.metric, "auc");
}

TEST(Leaderboard, HasNoBestWithoutACompletedTrial) {
  EXPECT_EQ(Board(Goal::kMaximize, {}).best(), nullptr);
  const auto board =
      Board(Goal::kMaximize, {Ended(0, study::Failed{study::FailureKind::kCrash, ""})});
  EXPECT_EQ(board.best(), nullptr);
  EXPECT_EQ(ChooseBest(board, BestRule::kOneStdError), nullptr);
}

int Chosen(const Leaderboard& board, BestRule rule) {
  return study::ToIndex(ChooseBest(board, rule)->trial);
}

TEST(ChooseBest, TakesTheBestScore) {
  const auto board = Board(Goal::kMaximize, {Scored(0, 0.875, 5), Scored(1, 1.0, 50, 0.25)});
  EXPECT_EQ(Chosen(board, BestRule::kBest), 1);
}

TEST(ChooseBest, TakesTheFewestRoundsWithinOneStandardErrorIncludingItsEdge) {
  // The edge is 1 - 0.25 = 0.75: trial 2 is on it, trial 3 beyond it.
  const std::vector<Trial> trials = {Scored(0, 0.875, 20), Scored(1, 1.0, 50, 0.25),
                                     Scored(2, 0.75, 8), Scored(3, 0.7421875, 2)};
  EXPECT_EQ(Chosen(Board(Goal::kMaximize, trials), BestRule::kOneStdError), 2);
}

// A stopped trial did not have more rounds: that it needs so few was never seen.
TEST(ChooseBest, TakesNoTrialThatWasStoppedForItsFewRounds) {
  const std::vector<Trial> trials = {
      Scored(0, 1.0, 50, 0.25), Scored(1, 0.875, 8),
      Ended(2, study::Pruned{{0.9375, std::nullopt, 2, 2}, "hopeless"})};
  EXPECT_EQ(Chosen(Board(Goal::kMaximize, trials), BestRule::kOneStdError), 1);
}

TEST(ChooseBest, LooksUpwardsWhenMinimizing) {
  const std::vector<Trial> trials = {Scored(0, 1.0, 50, 0.25), Scored(1, 1.25, 8),
                                     Scored(2, 1.5, 2)};
  EXPECT_EQ(Chosen(Board(Goal::kMinimize, trials), BestRule::kOneStdError), 1);
}

TEST(ChooseBest, PrefersTheBetterScoreAmongEquallyManyRounds) {
  const std::vector<Trial> trials = {Scored(0, 0.8125, 8), Scored(1, 1.0, 50, 0.25),
                                     Scored(2, 0.875, 8)};
  EXPECT_EQ(Chosen(Board(Goal::kMaximize, trials), BestRule::kOneStdError), 2);
}

TEST(ChooseBest, IsTheBestScoreWithoutAStandardError) {
  const std::vector<Trial> trials = {Scored(0, 1.0, 50), Scored(1, 1.0 - 1e-9, 5)};
  EXPECT_EQ(Chosen(Board(Goal::kMaximize, trials), BestRule::kOneStdError), 0);
}

Trial Confirmed(Trial trial, std::vector<double> fold_scores) {
  trial.fresh = study::ConfirmationOf(std::move(fold_scores), 1);
  return trial;
}

// Of a search over two folds.
Leaderboard ConfirmedBoard(const std::vector<Trial>& trials, BestRule choose = BestRule::kBest) {
  return MakeLeaderboard("titanic", "auc", Goal::kMaximize, trials, false, false, 2, choose);
}

TEST(Confirmation, IsTheMeanOverFreshFoldsWithItsError) {
  const study::Confirmation two = study::ConfirmationOf({0.5, 1.0}, 3);
  EXPECT_EQ(two.score, 0.75);
  EXPECT_EQ(two.std_error, 0.25);  // the root of 2 * 0.25^2 / 1 / 2
  EXPECT_FALSE(study::ConfirmationOf({0.5}, 3).std_error);
}

TEST(Winner, HasTheBestMeanOverOldAndFreshFoldsAmongConfirmedTrials) {
  // 0.875 and 0.75, 0.8125 and 0.9375: 0.8125 and 0.875 together. Trial 3 was not confirmed.
  const Leaderboard board =
      ConfirmedBoard({Scored(0, 0.5), Confirmed(Scored(1, 0.875), {0.75, 0.75}),
                      Confirmed(Scored(2, 0.8125), {0.875, 1.0}), Scored(3, 0.9375)});
  EXPECT_EQ(TrialsOf(board), (std::vector<int>{3, 1, 2, 0}));
  EXPECT_TRUE(board.is_confirmed());
  EXPECT_EQ(study::ToIndex(board.best()->trial), 2);
  EXPECT_EQ(board.best()->evidence, 0.875);
  EXPECT_EQ(board.rows[1].evidence, 0.8125);
  EXPECT_FALSE(board.rows[0].evidence);
}

TEST(Winner, MayBeTheDefaultConfigurationWhereAnotherTrialWasConfirmedToo) {
  const Leaderboard both = ConfirmedBoard(
      {Confirmed(Scored(0, 0.5), {1.0, 1.0}), Confirmed(Scored(1, 0.75), {0.5, 0.5})});
  EXPECT_EQ(study::ToIndex(both.best()->trial), 0);
  const Leaderboard alone =
      ConfirmedBoard({Confirmed(Scored(0, 0.5), {1.0, 1.0}), Scored(1, 0.75)});
  EXPECT_FALSE(alone.is_confirmed());
  EXPECT_EQ(study::ToIndex(alone.best()->trial), 1);
}

TEST(Winner, WeighsOldAndFreshScoresByTheirFolds) {
  const std::vector<Trial> trials = {Confirmed(Scored(1, 1.0), {0.5, 0.5})};
  const auto board = MakeLeaderboard("titanic", "auc", Goal::kMaximize, trials, false, false, 6);
  EXPECT_EQ(board.rows[0].evidence, 0.875);  // (6 * 1 + 2 * 0.5) / 8
}

TEST(Winner, HasTheErrorOfAllFoldsTogether) {
  // Fold scores 1.5, 0.5 and 0.5, 0.5: a mean of 0.75 and squares of 0.5625 + 3 * 0.0625 = 0.75.
  const auto board = ConfirmedBoard({Confirmed(Scored(1, 1.0, 9, 0.5), {0.5, 0.5})});
  EXPECT_EQ(board.rows[0].evidence, 0.75);
  EXPECT_DOUBLE_EQ(*board.rows[0].evidence_error, 0.25);  // the root of 0.75 / 3 / 4
  // One fold of each kind has an error, too: that of 1 and 0.5.
  const std::vector<Trial> holdout = {Confirmed(Scored(1, 1.0), {0.5})};
  const auto one = MakeLeaderboard("titanic", "auc", Goal::kMaximize, holdout, false);
  EXPECT_DOUBLE_EQ(*one.rows[0].evidence_error, 0.25);
}

// Two repeats of two folds, 0.5 and 1.5 each time, have squares of 1, of which the error of a score
// is the root of 1 / 3 / 2: it counts folds, not repeats. With 0.5 and 1.5 afresh: 1.5 in six.
TEST(Winner, HasTheErrorOfAllFoldsTogetherWithRepeatsToo) {
  const std::vector<Trial> trials = {Confirmed(Scored(1, 1.0, 9, std::sqrt(1.0 / 6)), {0.5, 1.5})};
  const auto board = MakeLeaderboard("titanic", "auc", Goal::kMaximize, trials, false, false, 4);
  EXPECT_EQ(board.rows[0].evidence, 1.0);
  EXPECT_DOUBLE_EQ(*board.rows[0].evidence_error, std::sqrt(1.5 / 5 / 6));
}

TEST(Winner, IsTheSmallestConfirmedTrialWithinOneErrorWhereTheStudyAsksForIt) {
  // Evidence 0.75 +- 0.25 and 0.5, which is on the edge; 0.375 of trial 3 lies beyond it.
  const std::vector<Trial> trials = {
      Confirmed(Scored(1, 1.0, 50, 0.5), {0.5, 0.5}), Confirmed(Scored(2, 0.5, 8, 0.0), {0.5, 0.5}),
      Confirmed(Scored(3, 0.375, 4, 0.0), {0.375, 0.375}), Scored(4, 0.9375, 2)};
  EXPECT_EQ(study::ToIndex(ConfirmedBoard(trials).best()->trial), 1);
  EXPECT_EQ(study::ToIndex(ConfirmedBoard(trials, BestRule::kOneStdError).best()->trial), 2);
  EXPECT_EQ(Chosen(ConfirmedBoard(trials), BestRule::kOneStdError), 2);
}

TEST(ConfirmedOf, ComparesTheWinnerWithTheDefaultOnFreshFoldsAlone) {
  const Leaderboard board =
      ConfirmedBoard({Confirmed(Scored(0, 0.25), {0.5, 0.75}), Scored(1, 0.5),
                      Confirmed(Scored(2, 1.0), {1.0, 0.75}),
                      Ended(3, study::Pruned{{0.125, std::nullopt, 2, 2}, "hopeless"})});
  const auto confirmed = ConfirmedOf(board, true, 0);
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(study::ToIndex(confirmed->winner->trial), 2);
  EXPECT_EQ(study::ToIndex(confirmed->by_default->trial), 0);
  EXPECT_EQ(confirmed->n_confirmed, 1);
  EXPECT_EQ(confirmed->n_scored, 4);
  EXPECT_EQ(confirmed->n_folds, 2);
  ASSERT_TRUE(confirmed->gain);
  EXPECT_EQ(confirmed->gain->gain, 0.25);  // 0.5 and 0
  EXPECT_EQ(confirmed->gain->std_error, 0.25);
  EXPECT_TRUE(confirmed->gain->is_within_noise());
}

TEST(ConfirmedOf, ComparesNothingWhereTrialZeroIsNotTheDefault) {
  const Leaderboard board = ConfirmedBoard(
      {Confirmed(Scored(0, 0.25), {0.5, 0.75}), Confirmed(Scored(2, 1.0), {1.0, 0.75})});
  const auto confirmed = ConfirmedOf(board, false, 0);
  EXPECT_EQ(confirmed->by_default, nullptr);
  EXPECT_EQ(confirmed->n_confirmed, 2);
  EXPECT_FALSE(confirmed->gain);
  EXPECT_FALSE(ConfirmedOf(ConfirmedBoard({Scored(1, 0.5)}), true, 0));
}

TEST(Leaderboard, IsAtRoundCapWithinTwoPercentOfIt) {
  EXPECT_TRUE(IsAtRoundCap(500, 500));
  EXPECT_TRUE(IsAtRoundCap(490, 500));
  EXPECT_FALSE(IsAtRoundCap(489, 500));
  EXPECT_TRUE(IsAtRoundCap(10, 10));
  EXPECT_FALSE(IsAtRoundCap(9, 10));
}

}  // namespace
}  // namespace coppice::results
