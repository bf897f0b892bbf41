#include "strategies/study/search_space.h"

#include <gtest/gtest.h>

#include "tests/strategies/ranges.h"

namespace coppice::study {
namespace {

const std::int64_t kOne = 1;
const std::int64_t kTwo = 2;
const std::int64_t kFour = 4;

using Problems = std::vector<std::pair<std::string, std::string>>;

Problems ProblemsOf(std::vector<RangeSpec> specs) {
  std::vector<ParameterRange> ranges;
  for (RangeSpec& spec : specs) ranges.emplace_back(std::move(spec));
  return SearchSpace::Problems(ranges);
}

TEST(SearchSpace, DecodesEachCoordinateByItsRange) {
  const SearchSpace space = SpaceOf({FloatSpec("b", 0, 2), IntSpec("a", 1, 4)});
  const std::vector<double> point = {0.25, 0.99};
  EXPECT_EQ(space.Decode(point), Configuration({{"a", kFour}, {"b", 0.5}}));
}

TEST(SearchSpace, LeavesOutWhatIsInactiveAlongAChain) {
  const SearchSpace space = ChainedSpace();
  // leaves, booster, depth
  EXPECT_EQ(space.Decode(std::vector<double>{0.1, 0.1, 0.1}),
            Configuration({{"booster", Word("tree")}, {"depth", kTwo}, {"leaves", kOne}}));
  EXPECT_EQ(space.Decode(std::vector<double>{0.1, 0.1, 0.9}),
            Configuration({{"booster", Word("tree")}, {"depth", kFour}}));
  EXPECT_EQ(space.Decode(std::vector<double>{0.1, 0.9, 0.1}),
            Configuration({{"booster", Word("linear")}}));
}

TEST(SearchSpace, OrdersRangesAfterWhatTheyDependOn) {
  EXPECT_EQ(ChainedSpace().order(), (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(ChainedSpace().ParentOf(0), 2U);
  EXPECT_EQ(ChainedSpace().ParentOf(1), std::nullopt);
}

TEST(SearchSpace, EncodesInactiveCoordinatesAsTheMiddle) {
  const SearchSpace space = ChainedSpace();
  EXPECT_EQ(space.Encode(Configuration({{"booster", Word("linear")}})),
            (std::vector<double>{0.5, 0.75, 0.5}));
}

TEST(SearchSpace, ContainsOnlyWhatHasExactlyTheActiveParameters) {
  const SearchSpace space = ChainedSpace();
  EXPECT_TRUE(space.Contains(Configuration({{"booster", Word("linear")}})));
  EXPECT_TRUE(space.Contains(Configuration({{"booster", Word("tree")}, {"depth", kFour}})));
  EXPECT_FALSE(space.Contains(Configuration({{"booster", Word("tree")}})));
  EXPECT_FALSE(space.Contains(Configuration({{"booster", Word("linear")}, {"depth", kFour}})));
  EXPECT_FALSE(space.Contains(Configuration({{"booster", Word("tree")}, {"depth", kTwo}})));
  EXPECT_FALSE(space.Contains(Configuration({{"booster", Word("linear")}, {"eta", 0.1}})));
  EXPECT_FALSE(space.Contains(Configuration({{"booster", Word("tree")}, {"depth", kOne}})));
  EXPECT_FALSE(space.Contains(Configuration()));
}

TEST(SearchSpace, ProjectsForeignValuesToTheNearestOfItsOwn) {
  const SearchSpace space = ChainedSpace();
  EXPECT_EQ(space.Project({{"booster", Word("tree")}, {"depth", std::int64_t{99}}, {"eta", 0.1}}),
            Configuration({{"booster", Word("tree")}, {"depth", kFour}}));
  EXPECT_EQ(space.Project({{"depth", 2.2}}),
            Configuration({{"booster", Word("tree")}, {"depth", kTwo}, {"leaves", kTwo}}));
  EXPECT_EQ(space.Project({{"booster", Word("linear")}, {"depth", kTwo}}),
            Configuration({{"booster", Word("linear")}}));
}

TEST(SearchSpace, CountsConditionalParametersOnlyWhereTheyAreActive) {
  // linear; tree with depth 4; tree with depth 2 or 3 and 3 leaves each
  EXPECT_EQ(ChainedSpace().Count(), 1 + 1 + 2 * 3);
  EXPECT_EQ(SpaceOf({IntSpec("a", 1, 3), IntSpec("b", 1, 4)}).Count(), 12);
  EXPECT_EQ(SpaceOf({}).Count(), 1);
}

TEST(SearchSpace, HasNoCountWithoutEndOrAboveTwoToThe53) {
  EXPECT_EQ(SpaceOf({IntSpec("a", 1, 3), FloatSpec("b", 0, 1)}).Count(), std::nullopt);
  const double million = 1 << 20;
  EXPECT_EQ(SpaceOf({IntSpec("a", 1, million), IntSpec("b", 1, million), IntSpec("c", 1, 1 << 13)})
                .Count(),
            std::int64_t{1} << 53);
  EXPECT_EQ(SpaceOf({IntSpec("a", 1, million), IntSpec("b", 1, million), IntSpec("c", 0, 1 << 13)})
                .Count(),
            std::nullopt);
}

TEST(SearchSpaceProblems, AreNoneForAGoodSpace) {
  EXPECT_TRUE(SearchSpace::Problems(ChainedSpace().ranges()).empty());
}

TEST(SearchSpaceProblems, NameAParameterThatIsSearchedTwice) {
  EXPECT_EQ(ProblemsOf({IntSpec("a", 0, 1), FloatSpec("a", 0, 1)}),
            (Problems{{"a", "`a` is searched twice"}}));
}

TEST(SearchSpaceProblems, SuggestTheParameterThatWasMeant) {
  EXPECT_EQ(ProblemsOf({IntSpec("depth", 0, 1), When(IntSpec("a", 0, 1), "dpeth", {kOne})}),
            (Problems{{"a",
                       "the condition is on `dpeth`, which is not searched: did you mean "
                       "`depth`?"}}));
  EXPECT_EQ(ProblemsOf({When(IntSpec("a", 0, 1), "booster", {kOne})}),
            (Problems{{"a", "the condition is on `booster`, which is not searched"}}));
}

TEST(SearchSpaceProblems, FindConditionsThatLeadBack) {
  EXPECT_EQ(ProblemsOf({When(IntSpec("a", 0, 1), "a", {kOne})}),
            (Problems{{"a", "the condition is on the parameter itself"}}));
  EXPECT_EQ(
      ProblemsOf({When(IntSpec("a", 0, 1), "b", {kOne}), When(IntSpec("b", 0, 1), "c", {kOne}),
                  When(IntSpec("c", 0, 1), "a", {kOne}), When(IntSpec("d", 0, 1), "a", {kOne})}),
      (Problems{{"a", "the condition on `b` leads back to `a`"},
                {"b", "the condition on `c` leads back to `b`"},
                {"c", "the condition on `a` leads back to `c`"}}));
}

TEST(SearchSpaceProblems, FindConditionsThatNeverHold) {
  EXPECT_EQ(
      ProblemsOf({CategoricalSpec("b", {Word("x")}), When(IntSpec("a", 0, 1), "b", {Word("y")})}),
      (Problems{{"a", "the condition is on a value that `b` never has: `y`"}}));
  EXPECT_EQ(ProblemsOf({FloatSpec("b", 0, 1), When(IntSpec("a", 0, 1), "b", {0.5})}),
            (Problems{{"a", "the condition is on `b`, a float without `step`"}}));
}

}  // namespace
}  // namespace coppice::study
