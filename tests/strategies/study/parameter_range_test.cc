#include "strategies/study/parameter_range.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/strategies/ranges.h"

namespace coppice::study {
namespace {

const std::int64_t kOne = 1;

std::vector<Value> AllValues(const ParameterRange& range) {
  std::vector<Value> values;
  for (std::int64_t i = 0; i < range.Count().value(); ++i) values.push_back(range.ValueAt(i));
  return values;
}

// The values that the interval has at `n` evenly spaced points, one after the other.
std::vector<Value> ValuesAlong(const ParameterRange& range, int n) {
  std::vector<Value> values;
  for (int i = 0; i < n; ++i) values.push_back(range.Decode((i + 0.5) / n));
  return values;
}

TEST(FloatRange, IsExactAtItsEnds) {
  for (Scale scale : {Scale::kLinear, Scale::kLog, Scale::kLog0, Scale::kReverseLog}) {
    const ParameterRange range(FloatSpec("a", 0.1, 0.7, scale));
    EXPECT_EQ(range.Decode(0), Value(0.1)) << ToText(scale);
    EXPECT_EQ(range.Decode(1), Value(0.7)) << ToText(scale);
    EXPECT_EQ(range.Encode(0.1), 0) << ToText(scale);
    EXPECT_EQ(range.Encode(0.7), 1) << ToText(scale);
  }
}

TEST(FloatRange, HasItsScalesMiddleInTheMiddle) {
  const auto middle = [](double min, double max, Scale scale) {
    return AsDouble(ParameterRange(FloatSpec("a", min, max, scale)).Decode(0.5));
  };
  EXPECT_EQ(middle(-1, 3, Scale::kLinear), 1);
  EXPECT_NEAR(middle(0.01, 1, Scale::kLog), 0.1, 1e-15);
  // Half of ln 1001 is reached where 1 + x / 0.1 is the root of 1001.
  EXPECT_NEAR(middle(0, 100, Scale::kLog0), 0.1 * (std::sqrt(1001.0) - 1), 1e-13);
  EXPECT_NEAR(middle(0, 0.99, Scale::kReverseLog), 0.9, 1e-14);
}

TEST(FloatRange, KeepsTheDigitsOfTinyValues) {
  const std::vector<RangeSpec> specs = {FloatSpec("a", 0, 100, Scale::kLog0),
                                        FloatSpec("a", 0, 0.99, Scale::kReverseLog),
                                        FloatSpec("a", 1e-300, 1e300, Scale::kLog)};
  for (const RangeSpec& spec : specs) {
    const ParameterRange range(spec);
    for (double value = 0.9; value > 1e-200; value *= 0.013) {
      EXPECT_NEAR(AsDouble(range.Decode(range.Encode(value))) / value, 1, 1e-12) << value;
    }
  }
}

TEST(FloatRange, WritesZeroWithoutASign) {
  const ParameterRange range(FloatSpec("a", -0.0, 1));
  EXPECT_FALSE(std::signbit(AsDouble(range.Decode(0))));
  EXPECT_FALSE(std::signbit(AsDouble(range.Nearest(-0.0))));
}

TEST(FloatRange, TakesPointsOutsideTheIntervalAsItsEnds) {
  const ParameterRange range(FloatSpec("a", 2, 5));
  EXPECT_EQ(range.Decode(-0.1), Value(2.0));
  EXPECT_EQ(range.Decode(1.1), Value(5.0));
  EXPECT_EQ(range.Decode(std::numeric_limits<double>::quiet_NaN()), Value(2.0));
}

TEST(FloatRange, HasNoCountUnlessItIsASingleValue) {
  EXPECT_EQ(ParameterRange(FloatSpec("a", 0, 1)).Count(), std::nullopt);
  const ParameterRange single(FloatSpec("a", 0.3, 0.3));
  EXPECT_EQ(single.Count(), 1);
  EXPECT_EQ(single.Decode(0.9), Value(0.3));
  EXPECT_EQ(single.Encode(0.3), 0.5);
}

TEST(FloatRange, ContainsItsBoundsAndWholeNumbersBetween) {
  const ParameterRange range(FloatSpec("a", 0.5, 2));
  EXPECT_TRUE(range.Contains(0.5));
  EXPECT_TRUE(range.Contains(2.0));
  EXPECT_TRUE(range.Contains(kOne));
  EXPECT_FALSE(range.Contains(std::nextafter(0.5, 0.0)));
  EXPECT_FALSE(range.Contains(std::nextafter(2.0, 3.0)));
  EXPECT_FALSE(range.Contains(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(range.Contains(Word("1")));
}

TEST(SteppedFloatRange, HasTheDecimalsThatAUserWrites) {
  const ParameterRange range(FloatSpec("a", 0.1, 0.75, Scale::kLinear, 0.1));
  EXPECT_EQ(AllValues(range), (std::vector<Value>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}));
  EXPECT_TRUE(range.Contains(0.3));
  EXPECT_FALSE(range.Contains(0.35));
  EXPECT_FALSE(range.Contains(0.75));
}

TEST(SteppedFloatRange, ReachesABoundThatItsStepsMissOnlyByRounding) {
  const ParameterRange range(FloatSpec("a", 0, 0.3, Scale::kLinear, 0.1));
  EXPECT_EQ(range.Count(), 4);
  EXPECT_EQ(range.ValueAt(3), Value(0.3));
}

TEST(SteppedFloatRange, GivesEachValueTheNearestPointsOnItsScale) {
  // 1, 4 and 7: ln 2 and ln of the root of 28 part them; the ends reach out ln 2 and ln(7/4)/2.
  const ParameterRange range(FloatSpec("a", 1, 7, Scale::kLog, 3));
  const double low = -std::log(2.0);
  const double high = std::log(7.0) + std::log(1.75) / 2;
  const auto at = [&](double x) { return range.Decode((std::log(x) - low) / (high - low)); };
  EXPECT_EQ(at(1.999), Value(1.0));
  EXPECT_EQ(at(2.001), Value(4.0));
  EXPECT_EQ(at(std::sqrt(28.0) - 0.001), Value(4.0));
  EXPECT_EQ(at(std::sqrt(28.0) + 0.001), Value(7.0));
  EXPECT_EQ(range.Decode(0), Value(1.0));
  EXPECT_EQ(range.Decode(1), Value(7.0));
}

TEST(IntRange, GivesEachValueAnEqualPartOfTheLinearScale) {
  const ParameterRange range(IntSpec("a", -1, 2));
  EXPECT_EQ(ValuesAlong(range, 8),
            (std::vector<Value>{std::int64_t{-1}, std::int64_t{-1}, std::int64_t{0},
                                std::int64_t{0}, kOne, kOne, std::int64_t{2}, std::int64_t{2}}));
  EXPECT_EQ(range.Decode(1), Value(std::int64_t{2}));
}

TEST(IntRange, CountsInItsSteps) {
  const ParameterRange range(IntSpec("a", 2, 11, Scale::kLinear, 4));
  EXPECT_EQ(AllValues(range),
            (std::vector<Value>{std::int64_t{2}, std::int64_t{6}, std::int64_t{10}}));
  EXPECT_FALSE(range.Contains(std::int64_t{11}));
  EXPECT_EQ(range.Nearest(std::int64_t{9}), Value(std::int64_t{10}));
  EXPECT_EQ(range.Nearest(std::int64_t{7}), Value(std::int64_t{6}));
}

TEST(IntRange, GivesSmallValuesMoreOfALogScale) {
  const ParameterRange range(IntSpec("a", 1, 100, Scale::kLog));
  int below_10 = 0;
  for (const Value& value : ValuesAlong(range, 1000)) below_10 += AsDouble(value) < 10 ? 1 : 0;
  // The parting of 9 and 10 is at the root of 90; the widened bounds are 1/root(2) and
  // 100 * root(100/99).
  const double low = -std::log(2.0) / 2;
  const double high = std::log(100.0) + std::log(100.0 / 99) / 2;
  EXPECT_NEAR(below_10, 1000 * (std::log(90.0) / 2 - low) / (high - low), 1);
}

TEST(IntRange, KnowsZeroOnTheLog0Scale) {
  const ParameterRange range(IntSpec("a", 0, 100, Scale::kLog0));
  EXPECT_EQ(range.Decode(0), Value(std::int64_t{0}));
  EXPECT_EQ(range.Decode(1), Value(std::int64_t{100}));
  // x0 is 1, not 0.1. In ln(1 + x) the ends are -ln(2)/2 and ln(101) + ln(101/100)/2; the middle
  // 2.137 is at x = 7.47.
  EXPECT_EQ(range.Decode(0.5), Value(std::int64_t{7}));
}

TEST(IntRange, TakesAWholeDoubleForTheIntThatItIs) {
  const ParameterRange range(IntSpec("a", 1, 9));
  EXPECT_TRUE(range.Contains(6.0));
  EXPECT_FALSE(range.Contains(6.5));
  EXPECT_EQ(range.Nearest(6.0), Value(std::int64_t{6}));
  EXPECT_EQ(range.Nearest(6.6), Value(std::int64_t{7}));
  EXPECT_EQ(range.Nearest(1e18), Value(std::int64_t{9}));
  EXPECT_EQ(range.Nearest(-std::numeric_limits<double>::infinity()), Value(kOne));
}

TEST(DiscreteRange, DecodesWhatItEncodes) {
  const std::vector<RangeSpec> specs = {IntSpec("a", -7, 90),
                                        IntSpec("a", 1, 1000, Scale::kLog),
                                        IntSpec("a", 5, 95, Scale::kLog, 3),
                                        IntSpec("a", 0, 3, Scale::kLog0),
                                        IntSpec("a", 0, 5000, Scale::kLog0),
                                        FloatSpec("a", 0.05, 1, Scale::kLinear, 0.05),
                                        FloatSpec("a", 1e-3, 1, Scale::kLog, 1e-3),
                                        FloatSpec("a", 0, 10, Scale::kLog0, 0.25),
                                        FloatSpec("a", 0, 0.999, Scale::kReverseLog, 0.001),
                                        CategoricalSpec("a", {Word("x"), Word("y"), kOne, 0.5})};
  for (const RangeSpec& spec : specs) {
    ASSERT_TRUE(ParameterRange::Problems(spec).empty());
    const ParameterRange range(spec);
    for (std::int64_t i = 0; i < range.Count().value(); ++i) {
      const Value value = range.ValueAt(i);
      EXPECT_EQ(range.Decode(range.Encode(value)), value);
      EXPECT_EQ(range.IndexOf(value), i);
      EXPECT_TRUE(range.Contains(value));
      EXPECT_EQ(range.Nearest(value), value);
    }
  }
}

TEST(DiscreteRange, TellsTheLargestIntsApart) {
  const ParameterRange linear(IntSpec("a", -1e12, 1e12));
  const ParameterRange log(IntSpec("a", 1, 1e12, Scale::kLog));
  for (std::int64_t down = 0; down < 100; ++down) {
    const Value value = std::int64_t{1'000'000'000'000} - down;
    EXPECT_EQ(linear.Decode(linear.Encode(value)), value);
    EXPECT_EQ(log.Decode(log.Encode(value)), value);
  }
}

TEST(CategoricalRange, GivesEachValueAnEqualPart) {
  const ParameterRange range(CategoricalSpec("a", {Word("x"), Word("y"), Word("z")}));
  EXPECT_EQ(ValuesAlong(range, 3), (std::vector<Value>{Word("x"), Word("y"), Word("z")}));
  EXPECT_EQ(range.Count(), 3);
}

TEST(CategoricalRange, KnowsItsNumbersWhateverTheirType) {
  const ParameterRange range(CategoricalSpec("a", {kOne, 2.5, std::int64_t{8}}));
  EXPECT_TRUE(range.Contains(1.0));
  EXPECT_EQ(range.Nearest(1.0), Value(kOne));
  EXPECT_EQ(range.Nearest(6.0), Value(std::int64_t{8}));
  EXPECT_FALSE(range.Contains(Word("1")));
  EXPECT_EQ(range.Nearest(Word("1")), Value(kOne));
}

TEST(CategoricalRange, TakesTheFirstWordForAnUnknownOne) {
  const ParameterRange range(CategoricalSpec("a", {Word("x"), Word("y"), Word("z")}));
  EXPECT_EQ(range.Nearest(Word("q")), Value(Word("x")));
  EXPECT_EQ(range.Nearest(3.0), Value(Word("x")));
}

TEST(ParameterRange, HasAMiddleForWhatIsNotGiven) {
  EXPECT_EQ(ParameterRange(IntSpec("a", 1, 9)).Middle(), Value(std::int64_t{5}));
  RangeSpec spec = CategoricalSpec("a", {Word("x"), Word("y"), Word("z")});
  EXPECT_EQ(ParameterRange(spec).Middle(), Value(Word("x")));
  spec.ordered = true;
  EXPECT_EQ(ParameterRange(spec).Middle(), Value(Word("y")));
  EXPECT_EQ(ParameterRange(FloatSpec("a", 0, 4)).Nearest(Word("x")), Value(2.0));
}

TEST(ParameterRange, ResolvesAutoByTheRatioOfItsBounds) {
  const auto scale = [](double min, double max) {
    return ParameterRange(FloatSpec("a", min, max, Scale::kAuto)).scale();
  };
  EXPECT_EQ(scale(0.01, 1), Scale::kLog);
  EXPECT_EQ(scale(0.0101, 1), Scale::kLinear);
  EXPECT_EQ(scale(0, 1), Scale::kLinear);
  EXPECT_EQ(scale(-1, 1000), Scale::kLinear);
  EXPECT_EQ(ParameterRange(CategoricalSpec("a", {kOne})).scale(), Scale::kLinear);
}

TEST(SameValue, ComparesNumbersByTheirSizeAndNotWithWords) {
  EXPECT_TRUE(SameValue(kOne, 1.0));
  EXPECT_FALSE(SameValue(kOne, 1.5));
  EXPECT_FALSE(SameValue(kOne, Word("1")));
  EXPECT_TRUE(SameValue(Word("a"), Word("a")));
}

struct WrongRange {
  RangeSpec spec;
  std::string field;
  std::string sentence;
};

class RangeProblems : public ::testing::TestWithParam<WrongRange> {};

TEST_P(RangeProblems, NameTheFieldAndTheLiteral) {
  const auto problems = ParameterRange::Problems(GetParam().spec);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].first, GetParam().field);
  EXPECT_EQ(problems[0].second, GetParam().sentence);
}

RangeSpec Ordered(RangeSpec spec) {
  spec.ordered = true;
  return spec;
}

RangeSpec WithValues(RangeSpec spec) {
  spec.values = {kOne};
  return spec;
}

RangeSpec WithStep(RangeSpec spec, double step) {
  spec.step = step;
  return spec;
}

RangeSpec WithScale(RangeSpec spec, Scale scale) {
  spec.scale = scale;
  return spec;
}

INSTANTIATE_TEST_SUITE_P(
    Each, RangeProblems,
    ::testing::Values(
        WrongRange{FloatSpec("", 0, 1), "name", "a range has no name"},
        WrongRange{FloatSpec("a", 5, 2), "min", "`min` (5) is above `max` (2)"},
        WrongRange{FloatSpec("a", 0, INFINITY), "max",
                   "`max` (inf) is not between -1e+300 and 1e+300"},
        WrongRange{FloatSpec("a", NAN, 1), "min", "`min` (nan) is not between -1e+300 and 1e+300"},
        WrongRange{IntSpec("a", 0, 2.5), "max", "`max` (2.5) is not a whole number"},
        WrongRange{IntSpec("a", 0, 1e13), "max",
                   "`max` (10000000000000) is not between -1000000000000 and 1000000000000"},
        WrongRange{FloatSpec("a", 0, 1, Scale::kLog), "min",
                   "`min` (0) must be above 0 on the scale `log`"},
        WrongRange{FloatSpec("a", -1, 1, Scale::kLog0), "min",
                   "`min` (-1) must not be below 0 on the scale `log0`"},
        WrongRange{FloatSpec("a", 0, 0, Scale::kLog0), "max",
                   "`max` (0) must be above 0 on the scale `log0`"},
        WrongRange{FloatSpec("a", -0.5, 0.5, Scale::kReverseLog), "min",
                   "`min` (-0.5) must not be below 0 on the scale `reverse_log`"},
        WrongRange{FloatSpec("a", 0, 1, Scale::kReverseLog), "max",
                   "`max` (1) must be below 1 on the scale `reverse_log`"},
        WrongRange{FloatSpec("a", 0, 1, Scale::kLinear, 0), "step", "`step` (0) is not above 0"},
        WrongRange{FloatSpec("a", 0, 1, Scale::kLinear, NAN), "step",
                   "`step` (nan) is not above 0"},
        WrongRange{IntSpec("a", 0, 9, Scale::kLinear, 1.5), "step",
                   "`step` (1.5) of an int range is not a whole number"},
        WrongRange{FloatSpec("a", 0, 1, Scale::kLinear, 2), "step",
                   "`step` (2) is larger than `max` - `min`"},
        WrongRange{FloatSpec("a", 0, 1, Scale::kLinear, 1e-13), "step",
                   "`step` (1e-13) is too fine for values as large as 1"},
        WrongRange{CategoricalSpec("a", {}), "values", "`values` is empty"},
        WrongRange{CategoricalSpec("a", {Word("x"), Word("y"), Word("x")}), "values",
                   "`x` is listed twice"},
        WrongRange{CategoricalSpec("a", {kOne, Word("1")}), "values", "`1` is listed twice"},
        WrongRange{CategoricalSpec("a", {double{INFINITY}}), "values",
                   "`inf` is not a finite number"},
        WrongRange{WithStep(CategoricalSpec("a", {kOne}), 1), "step",
                   "a categorical range has no `step`"},
        WrongRange{WithScale(CategoricalSpec("a", {kOne}), Scale::kLog), "scale",
                   "a categorical range has no `scale`"},
        WrongRange{WithValues(IntSpec("a", 0, 1)), "values",
                   "only a categorical range has `values`"},
        WrongRange{Ordered(IntSpec("a", 0, 1)), "ordered",
                   "only a categorical range may be `ordered`"},
        WrongRange{When(IntSpec("a", 0, 1), "", {kOne}), "when", "`when` names no parameter"},
        WrongRange{When(IntSpec("a", 0, 1), "b", {}), "when", "`when` lists no value of `b`"}));

TEST(RangeProblems, AreAllReportedAtOnce) {
  EXPECT_EQ(ParameterRange::Problems(IntSpec("", 0, 1, Scale::kLog, 0.5)).size(), 3U);
}

}  // namespace
}  // namespace coppice::study
