#include "trainer/data/number_field.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>

namespace coppice::trainer {
namespace {

const MissingTexts kUsual({"", "NA", "?", "-999"});

FieldMeaning MeaningOf(std::string_view text) {
  float value = 0;
  return ReadNumber(text, kUsual, &value);
}

float NumberOf(std::string_view text) {
  float value = 0;
  EXPECT_EQ(ReadNumber(text, kUsual, &value), FieldMeaning::kNumber) << text;
  return value;
}

TEST(ReadNumber, TakesEveryUsualWayToWriteANumber) {
  EXPECT_EQ(NumberOf("3"), 3.0F);
  EXPECT_EQ(NumberOf(" 3 "), 3.0F);
  EXPECT_EQ(NumberOf("+1.5"), 1.5F);
  EXPECT_EQ(NumberOf("-.25"), -0.25F);
  EXPECT_EQ(NumberOf("2."), 2.0F);
  EXPECT_EQ(NumberOf("1e-3"), 0.001F);
  EXPECT_EQ(NumberOf("1E2"), 100.0F);
}

TEST(ReadNumber, GivesTheNearestFloat) {
  // Halfway between two floats and a little more: rounding by way of double would fall back.
  EXPECT_EQ(NumberOf("1.00000005960464477539062500000000001"), std::nextafter(1.0F, 2.0F));
  EXPECT_EQ(NumberOf("1e-60"), 0.0F);
}

TEST(ReadNumber, DoesNotCareForTheLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  EXPECT_EQ(NumberOf("1.5"), 1.5F);
  std::setlocale(LC_ALL, before.c_str());
}

TEST(ReadNumber, TakesTheListedTextsAndEveryNanAsMissing) {
  for (const char* text : {"", "  ", "NA", " ?", "-999", "nan", "NaN", "-NAN"}) {
    EXPECT_EQ(MeaningOf(text), FieldMeaning::kMissing) << text;
  }
}

TEST(ReadNumber, TakesInfinityAndWhatFloatsCannotHoldAsInfinite) {
  for (const char* text : {"inf", "-inf", "Infinity", "1e39", "-1e400"}) {
    EXPECT_EQ(MeaningOf(text), FieldMeaning::kInfinite) << text;
  }
}

TEST(ReadNumber, TakesAllElseAsText) {
  for (const char* text : {"abc", "1,5", "3 4", "0x10", "1e", "+", "+-1", "--1", "5%", "1.2.3"}) {
    EXPECT_EQ(MeaningOf(text), FieldMeaning::kText) << text;
  }
}

TEST(ReadNumber, TakesAnEmptyFieldAsTextWhenItIsNotListed) {
  float value = 0;
  const MissingTexts none(std::vector<std::string>{});
  EXPECT_EQ(ReadNumber("", none, &value), FieldMeaning::kText);
}

}  // namespace
}  // namespace coppice::trainer
