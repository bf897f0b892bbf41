#include "base/text.h"

#include <gtest/gtest.h>

namespace coppice {
namespace {

TEST(EditDistance, CountsInsertDeleteReplaceAndSwap) {
  EXPECT_EQ(EditDistance("eta", "eta"), 0);
  EXPECT_EQ(EditDistance("etaa", "eta"), 1);
  EXPECT_EQ(EditDistance("ea", "eta"), 1);
  EXPECT_EQ(EditDistance("eto", "eta"), 1);
  EXPECT_EQ(EditDistance("eat", "eta"), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
}

TEST(EditDistance, IgnoresCaseAndTakesEmptyWords) {
  EXPECT_EQ(EditDistance("ETA", "eta"), 0);
  EXPECT_EQ(EditDistance("", "eta"), 3);
  EXPECT_EQ(EditDistance("eta", ""), 3);
  EXPECT_EQ(EditDistance("", ""), 0);
}

const std::vector<std::string> kWords = {"eta", "gamma", "max_depth", "max_leaves"};

TEST(NearestWord, FindsATypingMistake) {
  EXPECT_EQ(NearestWord("max_dpeth", kWords), "max_depth");
  EXPECT_EQ(NearestWord("gama", kWords), "gamma");
}

TEST(NearestWord, DoesNotGuessWhenNothingIsNear) {
  EXPECT_EQ(NearestWord("verbosity", kWords), "");
  EXPECT_EQ(NearestWord("xyz", kWords), "");
  EXPECT_EQ(NearestWord("eta", {}), "");
}

TEST(SuggestWord, AsksOnlyWhenThereIsANearWord) {
  EXPECT_EQ(SuggestWord("etaa", kWords), "did you mean `eta`?");
  EXPECT_EQ(SuggestWord("verbosity", kWords), "");
}

TEST(ListWords, JoinsWithCommasAndOr) {
  EXPECT_EQ(ListWords({}), "");
  EXPECT_EQ(ListWords(std::vector<std::string>{"a"}), "`a`");
  EXPECT_EQ(ListWords(std::vector<std::string>{"a", "b"}), "`a` or `b`");
  EXPECT_EQ(ListWords(std::vector<std::string>{"a", "b", "c"}), "`a`, `b` or `c`");
}

TEST(ListWords, CountsWhatItDoesNotShow) {
  EXPECT_EQ(ListWords(kWords, 2), "`eta`, `gamma` and 2 more");
}

TEST(FormatSeconds, ChangesUnitAtAHundredSecondsAndAnHour) {
  EXPECT_EQ(FormatSeconds(0), "0.0 s");
  EXPECT_EQ(FormatSeconds(14.24), "14.2 s");
  EXPECT_EQ(FormatSeconds(99.94), "99.9 s");
  EXPECT_EQ(FormatSeconds(99.96), "1 min 40 s");
  EXPECT_EQ(FormatSeconds(185), "3 min 5 s");
  EXPECT_EQ(FormatSeconds(3599.4), "59 min 59 s");
  EXPECT_EQ(FormatSeconds(3599.6), "1 h 0 min");
  EXPECT_EQ(FormatSeconds(7860), "2 h 11 min");
}

TEST(FormatBytes, ShowsTwoDigitsAtLeast) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(312), "312 B");
  EXPECT_EQ(FormatBytes(4100), "4.1 KB");
  EXPECT_EQ(FormatBytes(18e6), "18 MB");
  EXPECT_EQ(FormatBytes(999.6), "1.0 KB");
  EXPECT_EQ(FormatBytes(9960), "10 KB");
  EXPECT_EQ(FormatBytes(5e15), "5000 TB");
}

TEST(ParseDouble, TakesAWholeTextAndOnlyThat) {
  double value = 0;
  EXPECT_TRUE(ParseDouble("1.5e3", &value));
  EXPECT_EQ(value, 1500);
  EXPECT_TRUE(ParseDouble("-0.25", &value));
  EXPECT_EQ(value, -0.25);
  EXPECT_FALSE(ParseDouble("1.5 ", &value));
  EXPECT_FALSE(ParseDouble("1,5", &value));
  EXPECT_FALSE(ParseDouble("", &value));
  EXPECT_FALSE(ParseDouble("word", &value));
}

TEST(ParseDouble, RefusesWhatIsNotFinite) {
  double value = 0;
  EXPECT_FALSE(ParseDouble("nan", &value));
  EXPECT_FALSE(ParseDouble("inf", &value));
  EXPECT_FALSE(ParseDouble("1e999", &value));
}

}  // namespace
}  // namespace coppice
