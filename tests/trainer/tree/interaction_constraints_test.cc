#include "trainer/tree/interaction_constraints.h"

#include <gtest/gtest.h>

#include <vector>

namespace coppice::trainer {
namespace {

// Features of five that may be taken below `path`, in groups {0, 1} and {1, 2, 3}.
std::vector<int> Below(const std::vector<int>& path, std::vector<std::uint8_t> marks) {
  const InteractionConstraints constraints({{0, 1}, {1, 2, 3}});
  constraints.Restrict(path, &marks);
  std::vector<int> features;
  for (int f = 0; f < 5; ++f) {
    if (marks[static_cast<std::size_t>(f)] != 0) features.push_back(f);
  }
  return features;
}

TEST(InteractionConstraints, AllowEverythingAtTheRoot) {
  EXPECT_EQ(Below({}, {1, 1, 1, 1, 1}), (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(InteractionConstraints, AllowTheGroupsThatHoldTheWholePath) {
  EXPECT_EQ(Below({0}, {1, 1, 1, 1, 1}), (std::vector<int>{0, 1}));
  EXPECT_EQ(Below({1}, {1, 1, 1, 1, 1}), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(Below({2, 1}, {1, 1, 1, 1, 1}), (std::vector<int>{1, 2, 3}));
}

TEST(InteractionConstraints, AFeatureWithoutAGroupMeetsNoOther) {
  EXPECT_EQ(Below({4, 4}, {1, 1, 1, 1, 1}), std::vector<int>{4});
}

TEST(InteractionConstraints, GiveNoMarkBack) {
  EXPECT_EQ(Below({1}, {0, 1, 0, 1, 1}), (std::vector<int>{1, 3}));
}

TEST(InteractionConstraints, WithoutGroupsAllowEverything) {
  std::vector<std::uint8_t> marks = {1, 0, 1};
  InteractionConstraints({}).Restrict(std::vector<int>{0}, &marks);
  EXPECT_EQ(marks, (std::vector<std::uint8_t>{1, 0, 1}));
}

}  // namespace
}  // namespace coppice::trainer
