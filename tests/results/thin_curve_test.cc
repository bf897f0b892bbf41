#include "results/views/thin_curve.h"

#include <gtest/gtest.h>

namespace coppice::results {
namespace {

TEST(ThinRounds, KeepsEveryRoundOfAShortCurve) {
  EXPECT_EQ(ThinRounds(4, 4, {}), (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(ThinRounds(1, 2, {}), (std::vector<int>{1}));
  EXPECT_EQ(ThinRounds(0, 2, {}), std::vector<int>{});
}

// Roots 1, 4, 7, 10 of rounds 1, 16, 49, 100.
TEST(ThinRounds, IsEvenInTheSquareRootOfTheRound) {
  EXPECT_EQ(ThinRounds(100, 4, {}), (std::vector<int>{1, 16, 49, 100}));
}

TEST(ThinRounds, KeepsTheRoundsThatItIsAskedFor) {
  const std::vector<int> keep = {83, 0, 101};
  EXPECT_EQ(ThinRounds(100, 5, keep), (std::vector<int>{1, 16, 49, 83, 100}));
}

TEST(ThinRounds, GivesNoMoreThanTheMost) {
  const std::vector<int> keep = {700};
  const std::vector<int> rounds = ThinRounds(2000, 80, keep);
  EXPECT_LE(rounds.size(), 80U);
  EXPECT_GE(rounds.size(), 75U);
  EXPECT_EQ(rounds.front(), 1);
  EXPECT_EQ(rounds.back(), 2000);
}

}  // namespace
}  // namespace coppice::results
