#include "tuner/report/search_importance.h"

#include <gtest/gtest.h>

#include <cmath>

namespace coppice::tuner {
namespace {

using study::ParameterRange;
using study::RangeKind;
using study::RangeSpec;
using study::Scale;

ParameterRange Range(const std::string& name, RangeKind kind, double min, double max, Scale scale) {
  RangeSpec spec;
  spec.name = name;
  spec.kind = kind;
  spec.min = min;
  spec.max = max;
  spec.scale = scale;
  return ParameterRange(spec);
}

Spec SpecWith(std::vector<ParameterRange> ranges) {
  Spec spec;
  spec.name = "small";
  spec.goal = study::Goal::kMinimize;
  spec.search = std::move(ranges);
  return spec;
}

// `n` trials, the best first, whose parameter goes from `first` to `last` in equal steps of its
// logarithm.
results::Leaderboard Ladder(const std::string& name, int n, double first, double last) {
  results::Leaderboard board;
  for (int i = 0; i < n; ++i) {
    results::LeaderboardRow row;
    row.trial = study::TrialId{i};
    row.score = i;
    const double value = first * std::pow(last / first, static_cast<double>(i) / (n - 1));
    row.configuration = study::Configuration({{name, value}});
    board.rows.push_back(row);
  }
  return board;
}

TEST(AdviceOnRanges, NamesTheEndWhereTheBestTrialsLie) {
  const Spec spec = SpecWith({Range("eta", RangeKind::kFloat, 0.001, 0.1, Scale::kLog)});
  // Steps of 1/100 of the range: the best five lie within 5 % of its lower end.
  const auto advice = AdviceOnRanges(spec, Ladder("eta", 101, 0.001, 0.1));
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_EQ(advice[0].parameter, "eta");
  EXPECT_FALSE(advice[0].is_upper);
  EXPECT_EQ(advice[0].text, "5 of the best 5 trials lie in the lowest 5 % of `eta` (0.001 to 0.1)");
  EXPECT_EQ(advice[0].hint,
            "widen it, as with `coppice resume small --set search.eta.min=0.000333 --trials +20`");
  const auto upper = AdviceOnRanges(spec, Ladder("eta", 101, 0.1, 0.001));
  ASSERT_EQ(upper.size(), 1U);
  EXPECT_TRUE(upper[0].is_upper);
  EXPECT_EQ(upper[0].hint,
            "widen it, as with `coppice resume small --set search.eta.max=0.3 --trials +20`");
}

// Of 40 trials `b` is 1 in the worse half; in the better half `a` orders them.
TEST(SearchImportance, OfTheGoodRegionPassesOverWhatTellsTheBadOnes) {
  results::Leaderboard board;
  for (int i = 0; i < 40; ++i) {
    results::LeaderboardRow row;
    row.trial = study::TrialId{i};
    row.score = i;
    const double a = i < 20 ? i / 20.0 : (i * 7 % 20) / 20.0;
    row.configuration = study::Configuration({{"a", a}, {"b", i < 20 ? 0.0 : 1.0}});
    board.rows.push_back(row);
  }
  const Spec spec = SpecWith({Range("a", RangeKind::kFloat, 0, 1, Scale::kLinear),
                              Range("b", RangeKind::kFloat, 0, 1, Scale::kLinear)});
  const auto all = SearchImportance(spec, board);
  const auto good = SearchImportance(spec, board, 0.5);
  EXPECT_GT(all[1].share, 0) << "both tell something of all trials";
  EXPECT_EQ(good[0].name, "a");
  EXPECT_EQ(good[0].share, 1);
  EXPECT_TRUE(SearchImportance(spec, board, 0.2).empty()) << "eight trials";
}

TEST(AdviceOnRanges, SaysNothingOfAnEndThatTheParameterHasToo) {
  // A share of the rows is 1 at most.
  const Spec spec = SpecWith({Range("subsample", RangeKind::kFloat, 0.5, 1, Scale::kLinear)});
  EXPECT_TRUE(AdviceOnRanges(spec, Ladder("subsample", 101, 1, 0.5)).empty());
}

TEST(AdviceOnRanges, SaysNothingOfFewTrialsOrOfTheMiddle) {
  const Spec spec = SpecWith({Range("eta", RangeKind::kFloat, 0.001, 0.1, Scale::kLog)});
  EXPECT_TRUE(AdviceOnRanges(spec, Ladder("eta", 19, 0.001, 0.00101)).empty());
  EXPECT_EQ(AdviceOnRanges(spec, Ladder("eta", 20, 0.001, 0.00101)).size(), 1U);
  EXPECT_TRUE(AdviceOnRanges(spec, Ladder("eta", 101, 0.01, 0.1)).empty());
}

}  // namespace
}  // namespace coppice::tuner
