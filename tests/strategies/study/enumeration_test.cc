#include "strategies/study/enumeration.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/strategies/ranges.h"

namespace coppice::study {
namespace {

std::vector<std::string> TextsOf(const SearchSpace& space, std::optional<int> levels) {
  const std::optional<Enumeration> all = Enumeration::Of(space, levels);
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < all.value().size(); ++i) {
    texts.push_back(all->At(i).CanonicalText());
  }
  return texts;
}

TEST(Enumeration, RunsTheLastParameterFastest) {
  EXPECT_EQ(
      TextsOf(SpaceOf({IntSpec("b", 1, 2), IntSpec("a", 1, 3)}), std::nullopt),
      (std::vector<std::string>{"a=1 b=1", "a=2 b=1", "a=3 b=1", "a=1 b=2", "a=2 b=2", "a=3 b=2"}));
}

TEST(Enumeration, RunsAConditionalParameterInsideTheValueThatAllowsIt) {
  EXPECT_EQ(
      TextsOf(ChainedSpace(), std::nullopt),
      (std::vector<std::string>{"booster=tree depth=2 leaves=1", "booster=tree depth=2 leaves=2",
                                "booster=tree depth=2 leaves=3", "booster=tree depth=3 leaves=1",
                                "booster=tree depth=3 leaves=2", "booster=tree depth=3 leaves=3",
                                "booster=tree depth=4", "booster=linear"}));
}

TEST(Enumeration, MultipliesSiblingsUnderOneValue) {
  const SearchSpace space = SpaceOf(
      {CategoricalSpec("p", {Word("x"), Word("y")}), When(IntSpec("a", 1, 2), "p", {Word("y")}),
       When(IntSpec("b", 1, 2), "p", {Word("x"), Word("y")}), IntSpec("c", 1, 2)});
  const std::vector<std::string> texts = TextsOf(space, std::nullopt);
  EXPECT_EQ(texts.size(), (2U + 4U) * 2U);
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
  EXPECT_EQ(texts[0], "b=1 c=1 p=x");
  EXPECT_EQ(texts[11], "a=2 b=2 c=2 p=y");
}

TEST(Enumeration, HasExactlyOneEmptyConfigurationOfAnEmptySpace) {
  EXPECT_EQ(TextsOf(SpaceOf({}), std::nullopt), (std::vector<std::string>{""}));
}

TEST(Enumeration, SpreadsLevelsOnTheScaleWithBothEnds) {
  EXPECT_EQ(TextsOf(SpaceOf({FloatSpec("a", 0, 1)}), 3),
            (std::vector<std::string>{"a=0", "a=0.5", "a=1"}));
  const std::optional<Enumeration> log =
      Enumeration::Of(SpaceOf({FloatSpec("a", 0.01, 1, Scale::kLog)}), 3);
  EXPECT_EQ(*log->At(0).Find("a"), Value(0.01));
  EXPECT_NEAR(AsDouble(*log->At(1).Find("a")), 0.1, 1e-15);
  EXPECT_EQ(*log->At(2).Find("a"), Value(1.0));
}

TEST(Enumeration, ThinsIntsOnlyWhereTheyHaveMoreValues) {
  EXPECT_EQ(TextsOf(SpaceOf({IntSpec("a", 0, 100)}), 5),
            (std::vector<std::string>{"a=0", "a=25", "a=50", "a=75", "a=100"}));
  EXPECT_EQ(TextsOf(SpaceOf({IntSpec("a", 1, 3)}), 5).size(), 3U);
  EXPECT_EQ(TextsOf(SpaceOf({IntSpec("a", 1, 5)}), 5).size(), 5U);
}

TEST(Enumeration, KeepsSteppedFloatsAndWordsWhole) {
  const SearchSpace space = SpaceOf({FloatSpec("a", 0, 1, Scale::kLinear, 0.1)});
  EXPECT_EQ(TextsOf(space, 2).size(), 11U);
  EXPECT_EQ(TextsOf(SpaceOf({CategoricalSpec("a", {Word("x"), Word("y"), Word("z")})}), 2).size(),
            3U);
}

TEST(Enumeration, CountsTwoLevelsOfOneIntOnce) {
  // On the log scale, levels crowd together between small ints.
  const std::vector<std::string> texts =
      TextsOf(SpaceOf({IntSpec("a", 1, 1000, Scale::kLog)}), 100);
  EXPECT_LT(texts.size(), 100U);
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
}

TEST(Enumeration, DoesNotExistForAnEndlessSpace) {
  EXPECT_FALSE(Enumeration::Of(SpaceOf({FloatSpec("a", 0, 1)}), std::nullopt));
  EXPECT_TRUE(Enumeration::Of(SpaceOf({FloatSpec("a", 0, 1)}), 2));
}

TEST(Enumeration, NumbersAHugeSpaceWithoutWalkingIt) {
  const SearchSpace space = SpaceOf({IntSpec("a", 1, 1e6), IntSpec("b", 1, 1e9)});
  const std::optional<Enumeration> all = Enumeration::Of(space, std::nullopt);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 1'000'000'000'000'000);
  EXPECT_EQ(all->At(all->size() - 1).CanonicalText(), "a=1000000 b=1000000000");
  EXPECT_EQ(all->At(1'000'000'001).CanonicalText(), "a=2 b=2");
}

}  // namespace
}  // namespace coppice::study
