// What the checks are made of: equal rows, one column's strength, copies of the label, samples.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "tests/tuner/preflight/tables.h"
#include "tuner/preflight/column_strength.h"
#include "tuner/preflight/equal_rows.h"
#include "tuner/preflight/sample.h"
#include "tuner/preflight/time_forecast.h"

namespace coppice::tuner {
namespace {

using testing::kSoundSpec;
using testing::SmallStudy;
using testing::SoundRows;
using testing::TableText;

trainer::Dataset Table(std::vector<float> label, std::vector<float> values) {
  trainer::Dataset table;
  table.n_rows = static_cast<trainer::RowIndex>(label.size());
  table.label = std::move(label);
  table.values.push_back(std::move(values));
  table.schema.features.emplace_back().name = "x";
  return table;
}

TEST(EqualRows, TellRowsByTheirValuesAndLabels) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto hashes = HashRows(Table({0, 0, 1, 0, 0}, {nan, nan, nan, 0.0F, -0.0F}));
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_NE(hashes[0], hashes[2]);  // another label
  EXPECT_NE(hashes[0], hashes[3]);  // not missing
  EXPECT_EQ(hashes[3], hashes[4]);  // one zero
  EXPECT_EQ(CountEqual(hashes, {1, 2, 4}, {0, 3}), 2U);
}

TEST(EqualRows, MindTheOrderOfColumns) {
  trainer::Dataset table = Table({0, 0}, {1, 2});
  table.values.push_back({2, 1});
  const auto hashes = HashRows(table);
  EXPECT_NE(hashes[0], hashes[1]);
}

// Two rows have the same label in 4 of 12 ordered pairs, the same value in 6 of 12.
TEST(EqualRows, HappenByChanceWhereThereAreFewValues) {
  const trainer::Dataset table = Table({0, 0, 1, 1}, {1, 1, 1, 2});
  EXPECT_NEAR(EqualByChance(table, 1), 1.0 / 6, 1e-15);
  EXPECT_NEAR(EqualByChance(table, 2), 11.0 / 36, 1e-15);
  EXPECT_EQ(EqualByChance(Table({0, 0, 1, 1}, {1, 2, 3, 4}), 1000), 0);
  EXPECT_EQ(EqualByChance(Table({1, 1}, {2, 2}), 1), 1);
}

TEST(LabelCopies, AreLinesThroughAllPoints) {
  EXPECT_EQ(FindLabelCopies(Table({1, 2, 3, 5}, {12, 14, 16, 20})).size(), 1U);
  EXPECT_TRUE(FindLabelCopies(Table({1, 2, 3, 5}, {12, 14, 16, 21})).empty());
  EXPECT_TRUE(FindLabelCopies(Table({1, 2, 3, 5}, {7, 7, 7, 7})).empty());
}

TEST(LabelCopies, HaveOneValueForEachClass) {
  const auto with_classes = [](std::vector<float> label, std::vector<float> values) {
    trainer::Dataset table = Table(std::move(label), std::move(values));
    table.schema.classes = {"a", "b", "c"};
    return FindLabelCopies(table).size();
  };
  EXPECT_EQ(with_classes({0, 1, 2, 1}, {5, 9, 7, 9}), 1U);
  EXPECT_EQ(with_classes({0, 1, 2, 1}, {5, 9, 7, 8}), 0U);  // two values of one class
  EXPECT_EQ(with_classes({0, 1, 2, 1}, {5, 9, 9, 9}), 0U);  // one value of two classes
}

TEST(LabelCopies, MayRenameTheFewNumbersOfALabel) {
  EXPECT_EQ(FindLabelCopies(Table({0, 1, 1, 0}, {5, 9, 9, 5})).size(), 1U);
  // Here each row has a number of its own, so that one stands for the other by chance.
  EXPECT_TRUE(FindLabelCopies(Table({0, 1, 2, 3}, {5, 9, 6, 7})).empty());
}

TEST(ColumnStrength, IsPerfectForAStepAndNothingForNoise) {
  std::vector<testing::Row> rows = SoundRows(400);
  for (testing::Row& row : rows) row.y = row.a > 0.5 ? 1 : 0;
  const SmallStudy study(kSoundSpec, {{"train.csv", TableText(rows)}});
  const auto strengths =
      ColumnStrengths(*study.data.table, *study.data.matrix, study.data.split.folds.front());
  ASSERT_EQ(strengths.size(), 2U);
  EXPECT_GT(strengths[0].score, 0.99);
  EXPECT_NEAR(strengths[1].score, 0.5, 0.15);
}

TEST(Sample, KeepsTheSharesOfClassesAndSomeRowsOfEach) {
  std::vector<testing::Row> rows = SoundRows(3000);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].y = i % 100 == 0 ? 1 : 0;
  const SmallStudy study(kSoundSpec, {{"train.csv", TableText(rows)}});
  std::vector<trainer::RowIndex> all(3000);
  std::iota(all.begin(), all.end(), trainer::RowIndex{0});
  const auto picked = PickRows(study.data, study.spec, all, 1000);
  double ones = 0;
  for (const trainer::RowIndex row : picked)
    ones += static_cast<double>(study.data.table->label[row]);
  EXPECT_EQ(picked.size(), 1000U);
  EXPECT_EQ(ones, 10);
  const auto few = PickRows(study.data, study.spec, all, 100);
  ones = 0;
  for (const trainer::RowIndex row : few) ones += static_cast<double>(study.data.table->label[row]);
  EXPECT_EQ(ones, 5);
}

TEST(Sample, NeverMixesTrainingAndValidationRows) {
  const SmallStudy study(kSoundSpec, {{"train.csv", TableText(SoundRows())}});
  const StudyData sample = SampleOf(study.data, study.spec, 2, 50);
  ASSERT_EQ(sample.split.folds.size(), 2U);
  for (const trainer::Fold& fold : sample.split.folds) {
    EXPECT_NEAR(static_cast<double>(fold.train.size()), 50, 2);
    for (const trainer::RowIndex row : fold.validation) {
      EXPECT_FALSE(std::binary_search(fold.train.begin(), fold.train.end(), row));
    }
  }
}

TEST(Sample, TakesRowsOffForAFoldThatHasNoneToBeScoredOn) {
  const SmallStudy study(kSoundSpec, {{"train.csv", TableText(SoundRows())}},
                         {{"split", R"({"kind": "files"})"}, {"search", "{}"}});
  const StudyData sample = SampleOf(study.data, study.spec, 1, 1000);
  const trainer::Fold& fold = sample.split.folds.front();
  EXPECT_NEAR(static_cast<double>(fold.validation.size()), 60, 2);
  EXPECT_EQ(fold.train.size() + fold.validation.size(), 300U);
}

TEST(Corners, AreShallowAndFastOrDeepAndSlow) {
  const SmallStudy study(kSoundSpec, {{"train.csv", TableText(SoundRows())}});
  EXPECT_EQ(CheapCorner(study.spec).CanonicalText(), "eta=0.5 max_depth=2");
  EXPECT_EQ(DearCorner(study.spec).CanonicalText(), "eta=0.05 max_depth=5");
}

TEST(TrialsOf, AreThoseOfAGridWhereItIsSmaller) {
  const std::string few = R"({"max_depth": {"type": "int", "min": 2, "max": 4}})";
  const auto trials = [&](const std::string& kind, const std::string& limit) {
    const SmallStudy study(kSoundSpec, {{"train.csv", TableText(SoundRows())}},
                           {{"search", few}, {"strategy.kind", kind}, {"stop.trials", limit}});
    return TrialsOf(study.spec);
  };
  EXPECT_EQ(trials("grid", "40"), 3);
  EXPECT_EQ(trials("grid", "2"), 2);
  EXPECT_EQ(trials("random", "40"), 40);
}

}  // namespace
}  // namespace coppice::tuner
