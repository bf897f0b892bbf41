#include "results/views/leaderboard.h"

#include <gtest/gtest.h>

#include <limits>

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

TEST(Leaderboard, IsAtRoundCapWithinTwoPercentOfIt) {
  EXPECT_TRUE(IsAtRoundCap(500, 500));
  EXPECT_TRUE(IsAtRoundCap(490, 500));
  EXPECT_FALSE(IsAtRoundCap(489, 500));
  EXPECT_TRUE(IsAtRoundCap(10, 10));
  EXPECT_FALSE(IsAtRoundCap(9, 10));
}

}  // namespace
}  // namespace coppice::results
