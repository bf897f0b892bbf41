#include "strategies/hyperband/rungs.h"

#include <gtest/gtest.h>

#include "tests/strategies/ranges.h"

namespace coppice::strategies {
namespace {

using study::Configuration;
using study::FloatSpec;
using study::Scale;
using study::SpaceOf;
using study::TrialId;
using study::TrialState;

std::vector<int> RoundsOf(const RungLadder& ladder, const Configuration& configuration = {}) {
  std::vector<int> rounds;
  for (int rung = 0; rung < ladder.n_rungs(); ++rung) {
    rounds.push_back(ladder.Rounds(configuration, rung));
  }
  return rounds;
}

TEST(RungLadder, GoesDownByTheReductionFromTheLastRound) {
  EXPECT_EQ(RoundsOf(RungLadder({1, 81, 3}, SpaceOf({}))), (std::vector<int>{1, 3, 9, 27, 81}));
  EXPECT_EQ(RoundsOf(RungLadder({10, 100, 4}, SpaceOf({}))), (std::vector<int>{25, 100}));
  EXPECT_EQ(RoundsOf(RungLadder({6, 100, 4}, SpaceOf({}))), (std::vector<int>{6, 25, 100}));
  EXPECT_EQ(RoundsOf(RungLadder({100, 100, 3}, SpaceOf({}))), (std::vector<int>{100}));
  EXPECT_EQ(RoundsOf(RungLadder({1, 2, 2}, SpaceOf({}))), (std::vector<int>{1, 2}));
}

TEST(RungLadder, BeginsAtANinthUnlessItIsTold) {
  EXPECT_EQ(RoundsOf(RungLadder({0, 900, 3}, SpaceOf({}))), (std::vector<int>{100, 300, 900}));
  EXPECT_EQ(RoundsOf(RungLadder({0, 200, 3}, SpaceOf({}))), (std::vector<int>{22, 67, 200}));
  EXPECT_EQ(RoundsOf(RungLadder({0, 100, 4}, SpaceOf({}))), (std::vector<int>{25, 100}));
  EXPECT_EQ(RoundsOf(RungLadder({0, 1, 3}, SpaceOf({}))), (std::vector<int>{1}));
}

// The middle of [0.01, 0.25] is 0.05 on the logarithmic scale.
TEST(RungLadder, GivesSmallStepsMoreRounds) {
  const RungLadder ladder({0, 900, 3}, SpaceOf({FloatSpec("eta", 0.01, 0.25, Scale::kLog)}));
  EXPECT_EQ(RoundsOf(ladder, Configuration({{"eta", 0.05}})), (std::vector<int>{100, 300, 900}));
  EXPECT_EQ(RoundsOf(ladder, Configuration({{"eta", 0.025}})), (std::vector<int>{200, 600, 900}));
  // Never under a ninth of the rounds, nor under eta * rounds = 2.
  EXPECT_EQ(RoundsOf(ladder, Configuration({{"eta", 0.25}})), (std::vector<int>{100, 100, 900}));
  EXPECT_EQ(RoundsOf(ladder, Configuration({{"eta", 0.01}})), (std::vector<int>{500, 900, 900}));
  const RungLadder early({10, 900, 3}, SpaceOf({FloatSpec("eta", 0.01, 0.25, Scale::kLog)}));
  EXPECT_EQ(early.Rounds(Configuration({{"eta", 0.01}}), 0), 200);
}

TEST(Climber, StandsWhereItsRoundsReach) {
  const RungLadder ladder({1, 9, 3}, SpaceOf({}));
  Climber climber(TrialId{0}, {}, 0);
  EXPECT_TRUE(climber.is_running());
  climber.Arrive({TrialState::kPaused, 0.5, 3}, ladder);
  EXPECT_EQ(climber.goes_to(), 1) << "three rounds are the second rung";
  EXPECT_TRUE(climber.can_go_on());
  EXPECT_TRUE(climber.IsKnownAt(1));
  EXPECT_FALSE(climber.IsKnownAt(2));
  climber.Send(2);
  EXPECT_FALSE(climber.can_go_on());
  climber.Arrive({TrialState::kCompleted, 0.25, 9}, ladder);
  EXPECT_EQ(climber.LossAt(0), 0.5);
  EXPECT_EQ(climber.LossAt(2), 0.25);
  EXPECT_FALSE(climber.can_go_on());
}

TEST(Climber, IsKnownEverywhereAndWorstWhenItFailed) {
  const RungLadder ladder({1, 9, 3}, SpaceOf({}));
  Climber climber(TrialId{0}, {}, 0);
  climber.Arrive({TrialState::kFailed, std::numeric_limits<double>::quiet_NaN(), 0}, ladder);
  EXPECT_TRUE(climber.IsKnownAt(2));
  EXPECT_EQ(climber.LossAt(2), std::numeric_limits<double>::infinity());
  EXPECT_FALSE(climber.can_go_on());
}

}  // namespace
}  // namespace coppice::strategies
