#include "results/views/ties.h"

#include <gtest/gtest.h>

#include <set>

namespace coppice::results {
namespace {

using Folds = std::map<int, double>;

LeaderboardRow Row(int trial, double score, std::optional<double> std_error = {}) {
  LeaderboardRow row;
  row.trial = study::TrialId{trial};
  row.score = score;
  row.std_error = std_error;
  return row;
}

// The folds differ by 0.1 and 0.3: by 0.2 on average, with an error of 0.1.
TEST(AreTied, ComparesFoldByFoldWhereBothHaveThem) {
  const Folds best = {{0, 0.9}, {1, 0.7}};
  const Folds behind = {{0, 0.8}, {1, 0.4}};
  EXPECT_FALSE(AreTied(Row(0, 0.8, 0.1), best, Row(1, 0.6, 0.2), behind, 0));
  // By 0.2 and 0: 0.1 on average, with an error of 0.1.
  EXPECT_TRUE(AreTied(Row(0, 0.75, 0.25), {{0, 1.0}, {1, 0.5}}, Row(1, 0.625, 0.125),
                      {{0, 0.75}, {1, 0.5}}, 0));
}

TEST(AreTied, TakesBothErrorsTogetherWhereNobodyKnowsTheFolds) {
  // The root of 0.3^2 + 0.4^2 is 0.5.
  EXPECT_TRUE(AreTied(Row(0, 1, 0.3), {}, Row(1, 0.51, 0.4), {}, 0));
  EXPECT_FALSE(AreTied(Row(0, 1, 0.3), {}, Row(1, 0.49, 0.4), {}, 0));
  EXPECT_FALSE(AreTied(Row(0, 1), {}, Row(1, 0.99, 0.4), {}, 0)) << "no error";
  EXPECT_TRUE(AreTied(Row(0, 1), {}, Row(1, 1), {}, 0)) << "equal scores";
}

TEST(AreTied, KeepsRowsOfOtherFoldsApart) {
  EXPECT_FALSE(AreTied(Row(0, 1, 0.3), {{0, 1.0}, {1, 1.0}}, Row(1, 0.9, 0.3), {{0, 0.9}}, 0));
}

Leaderboard Board(std::vector<double> scores) {
  Leaderboard board;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    board.rows.push_back(Row(static_cast<int>(i), scores[i], 0.1));
    board.rows.back().rank = static_cast<int>(i) + 1;
  }
  return board;
}

const FoldScoresOf kNoFolds = [](const LeaderboardRow&) { return Folds(); };

// An error of 0.141: 0.9 and 0.88 are tied with 1.0, 0.8 is not, though with 0.9.
TEST(TieRows, ComparesWithTheFirstOfAGroup) {
  Leaderboard board = Board({1.0, 0.9, 0.88, 0.8, 0.7, 0.5});
  TieRows(kNoFolds, 0, 6, &board);
  std::vector<std::pair<int, int>> ranks;
  for (const LeaderboardRow& row : board.rows) ranks.emplace_back(row.rank_low, row.rank_high);
  EXPECT_EQ(ranks,
            (std::vector<std::pair<int, int>>{{1, 3}, {1, 3}, {1, 3}, {4, 5}, {4, 5}, {6, 6}}));
  EXPECT_EQ(board.rows[0].vs_best, 0.0);
  EXPECT_DOUBLE_EQ(*board.rows[5].vs_best, -0.5);
}

TEST(TieRows, AsksForNoFoldsBeyondWhatIsNeeded) {
  Leaderboard board = Board({1.0, 0.95, 0.5, 0.2, 0.1});
  std::set<int> asked;
  const FoldScoresOf folds = [&](const LeaderboardRow& row) {
    asked.insert(study::ToIndex(row.trial));
    return Folds();
  };
  TieRows(folds, 0, 1, &board);
  EXPECT_EQ(asked, (std::set<int>{0, 1, 2}));
  EXPECT_EQ(board.rows[1].rank_low, 1);
  EXPECT_EQ(board.rows[3].rank_low, 4);
}

TEST(TieRows, LeavesRowsWithoutAScoreAtTheirRank) {
  Leaderboard board = Board({1.0, 0.5, 0.5});
  board.rows[1].score.reset();
  board.rows[2].score.reset();
  board.rows[2].rank = 2;
  TieRows(kNoFolds, 0, 3, &board);
  EXPECT_EQ(board.rows[2].rank_low, 2);
  EXPECT_EQ(board.rows[2].rank_high, 2);
  EXPECT_FALSE(board.rows[2].vs_best.has_value());
}

}  // namespace
}  // namespace coppice::results
