#include "tuner/preflight/id_columns.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <limits>

namespace coppice::tuner {
namespace {

using trainer::ColumnKind;

constexpr std::size_t kRows = 40;

// A table of one feature; text features have a category for each code.
trainer::Dataset Table(const std::string& name, ColumnKind kind, std::vector<float> values) {
  trainer::Dataset table;
  table.n_rows = static_cast<trainer::RowIndex>(values.size());
  trainer::FeatureSchema feature;
  feature.name = name;
  feature.kind = kind;
  if (kind == ColumnKind::kCategorical) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      feature.categories.push_back(fmt::format("text {}", i));
    }
  }
  table.schema.features.push_back(feature);
  table.values.push_back(std::move(values));
  return table;
}

std::vector<float> Counting(std::size_t n = kRows) {
  std::vector<float> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<float>(7 * i + 3));
  return values;
}

bool IsId(const std::string& name, ColumnKind kind, std::vector<float> values) {
  return !FindIdColumns(Table(name, kind, std::move(values))).empty();
}

TEST(IdColumns, AreWholeNumbersCalledAnId) {
  for (const char* name : {"id", "ID", "Id", "user_id", "user id", "UserId", "userID", "a-id"}) {
    EXPECT_TRUE(IsId(name, ColumnKind::kNumeric, Counting())) << name;
  }
}

TEST(IdColumns, AreNotWordsThatOnlyEndInTheseLetters) {
  for (const char* name : {"paid", "PAID", "grid", "d", "", "idea", "age"}) {
    EXPECT_FALSE(IsId(name, ColumnKind::kNumeric, Counting())) << name;
  }
}

TEST(IdColumns, HaveNoNumberTwiceAndNoFraction) {
  auto twice = Counting();
  twice[5] = twice[6];
  EXPECT_FALSE(IsId("id", ColumnKind::kNumeric, twice));
  auto fraction = Counting();
  fraction[5] = 0.5F;
  EXPECT_FALSE(IsId("id", ColumnKind::kNumeric, fraction));
}

TEST(IdColumns, MayHaveNumbersThatAFloatCannotTellApart) {
  EXPECT_TRUE(IsId("id", ColumnKind::kNumeric, std::vector<float>(kRows, 1e9F)));
}

TEST(IdColumns, CountTheRowsUnderAnyName) {
  std::vector<float> counts;
  for (std::size_t i = 0; i < kRows; ++i) counts.push_back(static_cast<float>(i + 5));
  EXPECT_TRUE(IsId("instant", ColumnKind::kNumeric, counts));
  counts[9] = counts[8];
  EXPECT_FALSE(IsId("instant", ColumnKind::kNumeric, counts));
}

TEST(IdColumns, AreTextsOfWhichNineteenInTwentyStandAlone) {
  auto texts = Counting();
  EXPECT_TRUE(IsId("name", ColumnKind::kCategorical, texts));
  texts[1] = texts[0];  // 38 of 40 stand alone
  EXPECT_TRUE(IsId("name", ColumnKind::kCategorical, texts));
  texts[2] = texts[0];  // 37 of 40
  EXPECT_FALSE(IsId("name", ColumnKind::kCategorical, texts));
}

TEST(IdColumns, DoNotCountMissingTexts) {
  auto texts = Counting();
  for (std::size_t i = 0; i < 20; ++i) texts[i] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(IsId("name", ColumnKind::kCategorical, texts));
  texts[20] = std::numeric_limits<float>::quiet_NaN();  // 19 are too few to say anything
  EXPECT_FALSE(IsId("name", ColumnKind::kCategorical, texts));
}

TEST(IdColumns, SayWhy) {
  const auto ids = FindIdColumns(Table("name", ColumnKind::kCategorical, Counting()));
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_EQ(ids[0].name, "name");
  EXPECT_EQ(ids[0].why, "40 different texts in 40 rows");
}

}  // namespace
}  // namespace coppice::tuner
