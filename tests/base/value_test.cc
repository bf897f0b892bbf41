#include "base/json.h"
#include "base/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace coppice {
namespace {

TEST(Value, TextIsTheShortestThatReadsBack) {
  EXPECT_EQ(ToText(Value(std::int64_t{-3})), "-3");
  EXPECT_EQ(ToText(Value(0.1)), "0.1");
  EXPECT_EQ(ToText(Value(1e-7)), "1e-07");
  EXPECT_EQ(ToText(Value("lossguide")), "lossguide");
}

TEST(Value, KeepsWholeAndRealNumbersOfJsonApart) {
  EXPECT_EQ(ValueFromJson(Json::parse("6")), Value(std::int64_t{6}));
  EXPECT_EQ(ValueFromJson(Json::parse("6.0")), Value(6.0));
  EXPECT_EQ(ValueFromJson(Json::parse("-6")), Value(std::int64_t{-6}));
  EXPECT_EQ(ValueFromJson(Json::parse("\"six\"")), Value("six"));
}

TEST(Value, TakesABooleanAsOneOrZero) {
  EXPECT_EQ(ValueFromJson(Json(true)), Value(std::int64_t{1}));
  EXPECT_EQ(ValueFromJson(Json(false)), Value(std::int64_t{0}));
}

TEST(Value, KeepsTheSignOfWholeNumbersAboveTheRange) {
  EXPECT_EQ(ValueFromJson(Json::parse("9223372036854775807")),
            Value(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(ValueFromJson(Json::parse("9223372036854775808")), Value(0x1p63));
  EXPECT_EQ(ValueFromJson(Json::parse("18446744073709551615")), Value(0x1p64));
}

TEST(Value, GoesToJsonAndBack) {
  const Value values[] = {Value(std::int64_t{5}), Value(0.1), Value(5.0), Value("word")};
  for (const Value& value : values) {
    EXPECT_EQ(ValueFromJson(Json::parse(ToJson(value).dump())), value) << ToText(value);
  }
}

TEST(Value, AsDoubleTakesBothKindsOfNumber) {
  EXPECT_TRUE(IsNumber(Value(std::int64_t{5})));
  EXPECT_TRUE(IsNumber(Value(5.5)));
  EXPECT_FALSE(IsNumber(Value("5")));
  EXPECT_EQ(AsDouble(Value(std::int64_t{5})), 5.0);
  EXPECT_EQ(AsDouble(Value(5.5)), 5.5);
}

TEST(ValueDeathTest, AWordIsNoNumber) {
  EXPECT_DEATH(AsDouble(Value("five")), "a word is not a number");
}

}  // namespace
}  // namespace coppice
