#include "strategies/registry.h"

#include <gtest/gtest.h>

#include "tests/strategies/ranges.h"

namespace coppice::strategies {
namespace {

using study::FloatSpec;
using study::IntSpec;
using study::SpaceOf;
using study::Word;
using Problems = std::vector<std::pair<std::string, std::string>>;

const study::SearchSpace kInts = SpaceOf({IntSpec("a", 1, 3)});
const study::SearchSpace kFloats = SpaceOf({IntSpec("a", 1, 3), FloatSpec("b", 0, 1)});

TEST(Registry, KnowsItsKindsAndTheirOptions) {
  EXPECT_EQ(StrategyKinds(),
            (std::vector<std::string>{"bayesian", "grid", "hyperband", "asha", "random", "sobol"}));
  EXPECT_EQ(OptionNames("bayesian"), (std::vector<std::string>{"acquisition"}));
  EXPECT_EQ(OptionNames("grid"), (std::vector<std::string>{"levels"}));
  EXPECT_TRUE(OptionNames("random").empty());
  EXPECT_TRUE(OptionNames("sobol").empty());
}

TEST(Registry, KnowsWhoLooksAhead) {
  for (const std::string& kind : StrategyKinds()) {
    EXPECT_EQ(LooksAhead(kind), kind == "bayesian") << kind;
  }
}

TEST(Registry, FindsNothingWrongWithGoodOptions) {
  EXPECT_TRUE(ProblemsOf({"random", {}}, kFloats).empty());
  EXPECT_TRUE(ProblemsOf({"sobol", {}}, kFloats).empty());
  EXPECT_TRUE(ProblemsOf({"grid", {}}, kInts).empty());
  EXPECT_TRUE(ProblemsOf({"grid", {{"levels", std::int64_t{2}}}}, kFloats).empty());
}

TEST(Registry, SuggestsTheKindThatWasMeant) {
  EXPECT_EQ(ProblemsOf({"rnadom", {}}, kInts),
            (Problems{{"kind", "`rnadom` is not a strategy: did you mean `random`?"}}));
  EXPECT_EQ(
      ProblemsOf({"quantum", {}}, kInts),
      (Problems{{"kind",
                 "`quantum` is not a strategy: it is `bayesian`, `grid`, `hyperband`, `asha`, "
                 "`random` or `sobol`"}}));
}

TEST(Registry, SuggestsTheOptionThatWasMeant) {
  EXPECT_EQ(ProblemsOf({"grid", {{"level", std::int64_t{2}}}}, kInts),
            (Problems{{"level",
                       "`level` is not an option of the strategy `grid`: did you mean "
                       "`levels`?"}}));
  EXPECT_EQ(ProblemsOf({"random", {{"levels", std::int64_t{2}}}}, kInts),
            (Problems{{"levels",
                       "`levels` is not an option of the strategy `random`: it has "
                       "none"}}));
}

TEST(Registry, AsksForLevelsWhereAGridHasNoEnd) {
  EXPECT_EQ(
      ProblemsOf({"grid", {}}, kFloats),
      (Problems{{"levels", "a grid over `b`, a float without `step`, needs the option `levels`"}}));
}

TEST(Registry, RefusesLevelsThatAreNone) {
  for (const Value& levels :
       {Value(std::int64_t{1}), Value(2.5), Value(std::int64_t{-3}), Value(1e9), Word("many")}) {
    const Problems problems = ProblemsOf({"grid", {{"levels", levels}}}, kFloats);
    ASSERT_EQ(problems.size(), 1U) << coppice::ToText(levels);
    EXPECT_EQ(problems[0].first, "levels");
  }
}

TEST(Registry, KnowsTwoWaysToChooseAPoint) {
  EXPECT_TRUE(ProblemsOf({"bayesian", {}}, kFloats).empty());
  EXPECT_TRUE(ProblemsOf({"bayesian", {{"acquisition", Word("ucb")}}}, kFloats).empty());
  EXPECT_TRUE(ProblemsOf({"bayesian", {{"acquisition", Word("ei")}}}, kFloats).empty());
  EXPECT_TRUE(ProblemsOf({"bayesian", {}, true}, kFloats).empty());
  EXPECT_EQ(ProblemsOf({"random", {}, true}, kFloats).front().first, "kind");
  EXPECT_EQ(ProblemsOf({"bayesian", {{"acquisition", Word("pi")}}}, kFloats),
            (Problems{{"acquisition", "`acquisition` (`pi`) is not `ucb` or `ei`"}}));
}

TEST(Registry, RefusesAGridThatCannotBeNumbered) {
  const study::SearchSpace huge = SpaceOf({IntSpec("a", 1, 1e10), IntSpec("b", 1, 1e10)});
  EXPECT_EQ(ProblemsOf({"grid", {}}, huge),
            (Problems{{"kind", "the grid has more than 9007199254740992 points"}}));
}

TEST(Registry, RefusesMoreDimensionsThanSobolKnows) {
  std::vector<study::RangeSpec> specs;
  for (int i = 0; i < 64; ++i) specs.push_back(IntSpec("p" + std::to_string(i), 0, 1));
  EXPECT_TRUE(ProblemsOf({"sobol", {}}, SpaceOf(specs)).empty());
  specs.push_back(IntSpec("one_more", 0, 1));
  EXPECT_EQ(ProblemsOf({"sobol", {}}, SpaceOf(specs)),
            (Problems{{"kind",
                       "`sobol` knows 64 dimensions, and the space has 65; take "
                       "`random`"}}));
  EXPECT_TRUE(ProblemsOf({"random", {}}, SpaceOf(specs)).empty());
}

// 27 rounds: rungs at 3, 9 and 27, and brackets of 9, 5 and 3 trials.
TEST(BracketNotice, NamesTheTrialsThatTheFirstBracketNeeds) {
  EXPECT_EQ(BracketNotice({"hyperband", {}}, kInts, 27, 8),
            "the first bracket of hyperband begins with 9 trials, and `stop.trials` is 8: only a "
            "part of this bracket is run, with fewer to choose from at each rung; 9 trials run it "
            "whole, 17 all 3 brackets");
}

TEST(BracketNotice, CountsTheBracketsThatAreRunWhole) {
  EXPECT_EQ(BracketNotice({"hyperband", {}}, kInts, 27, 16),
            "the 3 brackets of hyperband begin with 9, 5, 3 trials, and `stop.trials` is 16: 2 of "
            "them are run whole; 17 trials run all");
}

TEST(BracketNotice, SaysNothingWhereAllBracketsBegin) {
  EXPECT_EQ(BracketNotice({"hyperband", {}}, kInts, 27, 17), std::nullopt);
  EXPECT_EQ(BracketNotice({"hyperband", {}}, kInts, 1, 1), std::nullopt) << "one rung, no bracket";
  EXPECT_EQ(BracketNotice({"asha", {}}, kInts, 27, 1), std::nullopt);
}

}  // namespace
}  // namespace coppice::strategies
