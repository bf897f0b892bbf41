#include "tuner/loop/commit_order.h"

#include <gtest/gtest.h>

#include <vector>

namespace coppice::tuner {
namespace {

using study::TrialId;

std::vector<int> Ids(const std::vector<EndedTrial>& trials) {
  std::vector<int> ids;
  for (const EndedTrial& t : trials) ids.push_back(ToIndex(t.trial));
  return ids;
}

const study::TrialOutcome kDone = study::Completed{1, std::nullopt, 1, 1};

void Create(CommitOrder& order, int n) {
  for (int i = 0; i < n; ++i) order.Began(TrialId{i});
}

TEST(CommitOrder, LetsAsManyBeProposedAtOnceAsThereAreSlots) {
  CommitOrder order(CommitRule::kDeterministic, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(order.MayPropose()) << i;
    EXPECT_TRUE(order.TakeDue().empty());
    order.Began(TrialId{i});
  }
  EXPECT_FALSE(order.MayPropose());
}

TEST(CommitOrder, WaitsForTheTrialThatIsDueAndNotForAnother) {
  CommitOrder order(CommitRule::kDeterministic, 3);
  Create(order, 3);
  order.Ended(TrialId{2}, kDone);
  order.Ended(TrialId{1}, kDone);
  EXPECT_FALSE(order.MayPropose());
  order.Ended(TrialId{0}, kDone);
  EXPECT_TRUE(order.MayPropose());
}

TEST(CommitOrder, ReleasesInTheOrderOfTrialsNoFurtherThanTheHorizon) {
  CommitOrder order(CommitRule::kDeterministic, 3);
  Create(order, 3);
  for (int i : {2, 1, 0}) order.Ended(TrialId{i}, kDone);
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{0}));
  EXPECT_TRUE(order.TakeDue().empty());
  order.Began(TrialId{3});
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{1}));
  EXPECT_EQ(Ids(order.TakeRest()), (std::vector<int>{2}));
}

TEST(CommitOrder, KnowsEverythingWithOneSlot) {
  CommitOrder order(CommitRule::kDeterministic, 1);
  EXPECT_TRUE(order.MayPropose());
  order.Began(TrialId{0});
  EXPECT_FALSE(order.MayPropose());
  order.Ended(TrialId{0}, kDone);
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{0}));
}

TEST(CommitOrder, GivesTheOutcomeThatItWasGiven) {
  CommitOrder order(CommitRule::kDeterministic, 1);
  order.Began(TrialId{0});
  order.Ended(TrialId{0}, study::Failed{study::FailureKind::kMemory, "too deep"});
  const auto due = order.TakeDue();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(std::get<study::Failed>(due[0].outcome).reason, "too deep");
}

TEST(CommitOrder, DropsTheOutcomeOfATrialReopenedBeforeItWasTaken) {
  CommitOrder order(CommitRule::kDeterministic, 2);
  Create(order, 2);
  order.Ended(TrialId{0}, study::Failed{});
  order.Reopened(TrialId{0});
  EXPECT_FALSE(order.MayPropose());
  order.Ended(TrialId{0}, kDone);
  const auto due = order.TakeDue();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<study::Completed>(due[0].outcome));
}

TEST(CommitOrder, WaitsForATrialReopenedAfterItWasTakenAndReleasesItAgain) {
  CommitOrder order(CommitRule::kDeterministic, 1);
  Create(order, 1);
  order.Ended(TrialId{0}, study::Failed{});
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{0}));
  order.Began(TrialId{1});
  order.Ended(TrialId{1}, kDone);
  order.Reopened(TrialId{0});
  EXPECT_FALSE(order.MayPropose());
  order.Ended(TrialId{0}, kDone);
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{0, 1}));
  EXPECT_TRUE(order.TakeDue().empty());
}

// Turns: trial 0, trial 1, a wait, trial 0 again.
TEST(CommitOrder, CountsTurnsWhoeverHasThem) {
  CommitOrder order(CommitRule::kDeterministic, 2);
  Create(order, 2);
  order.Ended(TrialId{0}, study::Paused{});
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{0}));
  order.Passed();
  EXPECT_FALSE(order.MayPropose()) << "the turn after the wait knows trial 1";
  order.Ended(TrialId{1}, study::Paused{});
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{1}));
  order.Began(TrialId{0});
  EXPECT_TRUE(order.MayPropose()) << "a wait needs no end";
  EXPECT_TRUE(order.TakeDue().empty());
  EXPECT_TRUE(order.HasMore());
  order.Ended(TrialId{0}, kDone);
  EXPECT_EQ(Ids(order.TakeRest()), (std::vector<int>{0}));
  EXPECT_FALSE(order.HasMore());
}

TEST(CommitOrder, AsSoonAsPossibleReleasesAllInTheOrderOfTheirEnding) {
  CommitOrder order(CommitRule::kAsap, 3);
  Create(order, 3);
  EXPECT_TRUE(order.MayPropose());
  order.Ended(TrialId{2}, kDone);
  order.Ended(TrialId{0}, kDone);
  EXPECT_EQ(Ids(order.TakeDue()), (std::vector<int>{2, 0}));
  order.Ended(TrialId{1}, study::Failed{});
  order.Reopened(TrialId{1});
  EXPECT_TRUE(order.TakeDue().empty());
  order.Ended(TrialId{1}, kDone);
  EXPECT_EQ(Ids(order.TakeRest()), (std::vector<int>{1}));
}

}  // namespace
}  // namespace coppice::tuner
