#include "trainer/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/random.h"
#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

// Class codes in order; classes are named a, b, ...
Dataset Classified(const std::vector<int>& classes) {
  Dataset data;
  data.n_rows = static_cast<RowIndex>(classes.size());
  data.part.assign(classes.size(), DataPart::kTrain);
  for (const int code : classes) data.label.push_back(static_cast<float>(code));
  const int most = *std::max_element(classes.begin(), classes.end());
  for (int i = 0; i <= most; ++i) {
    data.schema.classes.emplace_back(1, static_cast<char>('a' + i));
  }
  return data;
}

Dataset Numbers(std::size_t n) {
  Dataset data;
  data.n_rows = static_cast<RowIndex>(n);
  data.part.assign(n, DataPart::kTrain);
  data.label.assign(n, 1.5F);
  return data;
}

std::vector<int> Repeat(std::size_t n_first, std::size_t n_second) {
  std::vector<int> classes(n_first, 0);
  classes.resize(n_first + n_second, 1);
  return classes;
}

SplitSpec Cv(int folds, double test_fraction = 0) {
  SplitSpec spec;
  spec.folds = folds;
  spec.test_fraction = test_fraction;
  return spec;
}

std::vector<RowIndex> AllRows(std::size_t n) {
  std::vector<RowIndex> rows(n);
  std::iota(rows.begin(), rows.end(), RowIndex{0});
  return rows;
}

// Train, validation and test are ascending and disjoint; with cross-validation every row that is
// not test validates once and trains in all other folds.
void ExpectPartition(const Split& split, std::size_t n, bool cross_validation) {
  std::vector<RowIndex> validated;
  for (const Fold& fold : split.folds) {
    EXPECT_TRUE(std::is_sorted(fold.train.begin(), fold.train.end()));
    EXPECT_TRUE(std::is_sorted(fold.validation.begin(), fold.validation.end()));
    std::vector<RowIndex> rows = fold.train;
    rows.insert(rows.end(), fold.validation.begin(), fold.validation.end());
    rows.insert(rows.end(), split.test.begin(), split.test.end());
    std::sort(rows.begin(), rows.end());
    EXPECT_EQ(rows, AllRows(n));
    validated.insert(validated.end(), fold.validation.begin(), fold.validation.end());
  }
  if (!cross_validation) return;
  validated.insert(validated.end(), split.test.begin(), split.test.end());
  std::sort(validated.begin(), validated.end());
  EXPECT_EQ(validated, AllRows(n));
}

std::size_t CountClass(const Dataset& data, const std::vector<RowIndex>& rows, float code) {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [&](RowIndex row) { return data.label[row] == code; }));
}

TEST(Split, GivesEveryRowItsPlaceWhateverTheShape) {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    RandomStream random(3, {Purpose::kSynth, trial});
    const std::size_t n = 20 + random.Below(100);
    std::vector<int> classes(n);
    for (int& code : classes) code = static_cast<int>(random.Below(3));
    for (int i = 0; i < 9; ++i) classes[static_cast<std::size_t>(i)] = i % 3;
    Dataset data = Classified(classes);
    for (std::size_t i = 0; i < n; ++i) {
      data.group.push_back(static_cast<std::int32_t>(random.Below(n)));
    }
    SplitSpec spec = Cv(2 + static_cast<int>(random.Below(3)), random.Below(2) == 0 ? 0 : 0.2);
    spec.stratified = random.Below(2) == 0;
    spec.grouped = random.Below(4) == 0;
    if (random.Below(3) == 0) spec.kind = SplitKind::kHoldout;
    Split split;
    try {
      split = MakeSplit(data, spec, trial);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kData);
      continue;
    }
    ExpectPartition(split, n, spec.kind == SplitKind::kCrossValidation);
  }
}

TEST(Split, KeepsClassSharesAndFoldSizesWithinOneRow) {
  const Dataset data = Classified(Repeat(61, 22));
  const Split split = MakeSplit(data, Cv(5), 7);
  ASSERT_EQ(split.folds.size(), 5U);
  for (const Fold& fold : split.folds) {
    const std::size_t n_first = CountClass(data, fold.validation, 0);
    const std::size_t n_second = CountClass(data, fold.validation, 1);
    EXPECT_TRUE(n_first == 12 || n_first == 13) << n_first;
    EXPECT_TRUE(n_second == 4 || n_second == 5) << n_second;
    EXPECT_TRUE(n_first + n_second == 16 || n_first + n_second == 17);
  }
}

TEST(Split, KeepsFoldSizesWithinOneRowWithManySmallClasses) {
  std::vector<int> classes;
  for (int code = 0; code < 7; ++code) classes.insert(classes.end(), 4, code);
  const Dataset data = Classified(classes);
  for (const Fold& fold : MakeSplit(data, Cv(3), 1).folds) {
    EXPECT_TRUE(fold.validation.size() == 9 || fold.validation.size() == 10);
  }
}

TEST(Split, TakesTheTestShareOfEachClass) {
  const Dataset data = Classified(Repeat(60, 15));
  const Split split = MakeSplit(data, Cv(3, 0.2), 7);
  EXPECT_EQ(CountClass(data, split.test, 0), 12U);
  EXPECT_EQ(CountClass(data, split.test, 1), 3U);
  ExpectPartition(split, 75, true);
}

TEST(Split, LeavesARareClassSomethingToTrainOn) {
  // 0.6 of eight rows is 5: 4.2 and 0.6 of the classes, of which the second is owed more.
  const Dataset data = Classified(Repeat(7, 1));
  SplitSpec spec;
  spec.kind = SplitKind::kHoldout;
  spec.validation_fraction = 0.6;
  spec.test_fraction = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(CountClass(data, MakeSplit(data, spec, seed).folds[0].train, 1), 1U);
  }
}

TEST(Split, IsFixedByTheSeedForEver) {
  const Dataset data = Classified({0, 0, 0, 0, 0, 0, 1, 1, 1, 1});
  const Split split = MakeSplit(data, Cv(2, 0.2), 7);
  EXPECT_TRUE(Holds(split.test, 4, 7));
  EXPECT_TRUE(Holds(split.folds[0].validation, 1, 3, 5, 9));
  EXPECT_NE(MakeSplit(Numbers(100), Cv(2), 7).folds[0].validation,
            MakeSplit(Numbers(100), Cv(2), 8).folds[0].validation);
}

TEST(Split, DrawsOtherFoldsOfTheSameRowsInEachDivision) {
  const Dataset data = Classified(Repeat(60, 15));
  const Split first = MakeSplit(data, Cv(3, 0.2), 7);
  std::set<std::vector<RowIndex>> validated = {first.folds[0].validation};
  for (std::uint64_t division = 1; division < 4; ++division) {
    const Split split = MakeSplit(data, Cv(3, 0.2), 7, division);
    ExpectPartition(split, 75, true);
    EXPECT_EQ(split.test, first.test);
    for (const Fold& fold : split.folds) {
      EXPECT_EQ(CountClass(data, fold.validation, 0), 16U);
      EXPECT_EQ(CountClass(data, fold.validation, 1), 4U);
    }
    EXPECT_TRUE(validated.insert(split.folds[0].validation).second) << division;
  }
}

TEST(Split, HoldsOutAnotherPartOfTheSameRowsInEachDivision) {
  SplitSpec spec;
  spec.kind = SplitKind::kHoldout;
  const Split first = MakeSplit(Numbers(100), spec, 7);
  const Split second = MakeSplit(Numbers(100), spec, 7, 1);
  ExpectPartition(second, 100, false);
  EXPECT_EQ(second.test, first.test);
  EXPECT_EQ(second.folds[0].validation.size(), first.folds[0].validation.size());
  EXPECT_NE(second.folds[0].validation, first.folds[0].validation);
}

TEST(Split, KeepsGroupsTogetherInEveryDivision) {
  Dataset data = Numbers(100);
  for (std::int32_t row = 0; row < 100; ++row) data.group.push_back(row % 20);
  SplitSpec spec = Cv(4, 0.2);
  spec.grouped = true;
  const Split first = MakeSplit(data, spec, 7);
  const Split second = MakeSplit(data, spec, 7, 1);
  ExpectPartition(second, 100, true);
  EXPECT_EQ(second.test, first.test);
  EXPECT_NE(second.folds[0].validation, first.folds[0].validation);
  std::set<std::int32_t> seen;
  std::size_t n_groups = 0;
  for (const Fold& fold : second.folds) {
    std::set<std::int32_t> own;
    for (const RowIndex row : fold.validation) own.insert(data.group[row]);
    n_groups += own.size();
    seen.insert(own.begin(), own.end());
  }
  EXPECT_EQ(n_groups, seen.size());
}

TEST(Split, DealsGroupsOfDifferentSizesToOtherFoldsInEachDivision) {
  // Groups of 8 .. 15 rows.
  Dataset data = Numbers(92);
  for (std::int32_t group = 0; group < 8; ++group)
    data.group.insert(data.group.end(), 8 + group, group);
  SplitSpec spec = Cv(2);
  spec.grouped = true;
  const auto half = [&](std::uint64_t division) {
    const Split split = MakeSplit(data, spec, 7, division);
    ExpectPartition(split, 92, true);
    return std::min(split.folds[0].validation, split.folds[1].validation);
  };
  EXPECT_NE(half(1), half(0));
  EXPECT_NE(half(2), half(1));
  EXPECT_NEAR(static_cast<double>(half(1).size()), 46, 6);
}

TEST(Split, HasNoOtherDivisionByTimeOrFromFiles) {
  SplitSpec spec;
  EXPECT_TRUE(HasOtherDivisions(spec));
  spec.kind = SplitKind::kHoldout;
  EXPECT_TRUE(HasOtherDivisions(spec));
  spec.by_time = true;
  EXPECT_FALSE(HasOtherDivisions(spec));
  spec.by_time = false;
  spec.kind = SplitKind::kFiles;
  EXPECT_FALSE(HasOtherDivisions(spec));
}

TEST(Split, ShufflesRows) {
  const Split split = MakeSplit(Numbers(100), Cv(2), 7);
  EXPECT_NE(split.folds[0].validation, AllRows(50));
}

TEST(Split, HoldsOutTheFractionOfWhatIsNotTest) {
  SplitSpec spec;
  spec.kind = SplitKind::kHoldout;
  spec.validation_fraction = 0.25;
  spec.test_fraction = 0.2;
  const Split split = MakeSplit(Numbers(100), spec, 7);
  EXPECT_EQ(split.test.size(), 20U);
  ASSERT_EQ(split.folds.size(), 1U);
  EXPECT_EQ(split.folds[0].validation.size(), 20U);
  ExpectPartition(split, 100, false);
}

TEST(Split, KeepsGroupsTogetherAndFoldsNearlyEven) {
  std::vector<int> classes(120);
  for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = i % 4 == 0 ? 1 : 0;
  Dataset data = Classified(classes);
  for (std::int32_t row = 0; row < 120; ++row) data.group.push_back(row % 20);
  SplitSpec spec = Cv(4, 0.2);
  spec.grouped = true;
  const Split split = MakeSplit(data, spec, 7);
  ExpectPartition(split, 120, true);
  EXPECT_EQ(split.test.size(), 24U);
  std::vector<std::set<std::int32_t>> groups(1);
  for (const RowIndex row : split.test) groups[0].insert(data.group[row]);
  for (const Fold& fold : split.folds) {
    EXPECT_EQ(fold.validation.size(), 24U);
    auto& own = groups.emplace_back();
    for (const RowIndex row : fold.validation) own.insert(data.group[row]);
  }
  std::size_t n_groups = 0;
  std::set<std::int32_t> all;
  for (const auto& own : groups) {
    n_groups += own.size();
    all.insert(own.begin(), own.end());
  }
  EXPECT_EQ(n_groups, 20U);
  EXPECT_EQ(all.size(), 20U);
}

TEST(Split, BalancesClassesOverGroups) {
  // Eight groups of one class, four of the other; a group has ten rows.
  std::vector<int> classes;
  for (int group = 0; group < 12; ++group) classes.insert(classes.end(), 10, group < 8 ? 0 : 1);
  Dataset data = Classified(classes);
  for (std::int32_t row = 0; row < 120; ++row) data.group.push_back(row / 10);
  SplitSpec spec = Cv(4);
  spec.grouped = true;
  for (const Fold& fold : MakeSplit(data, spec, 7).folds) {
    EXPECT_EQ(CountClass(data, fold.validation, 0), 20U);
    EXPECT_EQ(CountClass(data, fold.validation, 1), 10U);
  }
}

TEST(Split, LeavesNoFoldEmptyWithFewGroups) {
  Dataset data = Numbers(100);
  data.group.assign(100, 0);
  for (std::size_t i = 0; i < 4; ++i) data.group[i] = static_cast<std::int32_t>(i) + 1;
  SplitSpec spec = Cv(5);
  spec.grouped = true;
  for (const Fold& fold : MakeSplit(data, spec, 7).folds) {
    EXPECT_FALSE(fold.validation.empty());
    EXPECT_FALSE(fold.train.empty());
  }
}

TEST(Split, TrainsOnThePastAndTestsOnTheLatest) {
  SplitSpec spec = Cv(3, 0.2);
  spec.by_time = true;
  const Split split = MakeSplit(Numbers(10), spec, 7);
  EXPECT_TRUE(Holds(split.test, 8, 9));
  ASSERT_EQ(split.folds.size(), 3U);
  EXPECT_TRUE(Holds(split.folds[0].train, 0, 1));
  EXPECT_TRUE(Holds(split.folds[0].validation, 2, 3));
  EXPECT_TRUE(Holds(split.folds[1].train, 0, 1, 2, 3));
  EXPECT_TRUE(Holds(split.folds[2].validation, 6, 7));
  EXPECT_EQ(split.TrainingRows(), AllRows(6));
}

TEST(Split, HoldsOutTheLatestByTime) {
  SplitSpec spec;
  spec.kind = SplitKind::kHoldout;
  spec.by_time = true;
  spec.test_fraction = 0;
  const Split split = MakeSplit(Numbers(10), spec, 7);
  EXPECT_TRUE(Holds(split.folds[0].validation, 8, 9));
}

TEST(Split, TakesFilesAsTheyAre) {
  Dataset data = Numbers(6);
  data.part[3] = data.part[4] = DataPart::kValidation;
  data.part[5] = DataPart::kTest;
  SplitSpec spec;
  spec.kind = SplitKind::kFiles;
  const Split split = MakeSplit(data, spec, 7);
  ASSERT_EQ(split.folds.size(), 1U);
  EXPECT_TRUE(Holds(split.folds[0].train, 0, 1, 2));
  EXPECT_TRUE(Holds(split.folds[0].validation, 3, 4));
  EXPECT_TRUE(Holds(split.test, 5));
  EXPECT_TRUE(Holds(MakeSplit(Numbers(3), spec, 7).test));
}

TEST(Split, TakesTestFilesInPlaceOfATestFraction) {
  Dataset data = Numbers(12);
  data.part[11] = DataPart::kTest;
  const Split split = MakeSplit(data, Cv(2, 0.5), 7);
  EXPECT_TRUE(Holds(split.test, 11));
  EXPECT_EQ(split.TrainingRows(), AllRows(11));
}

// The rows that each fold of a division validates on, whatever the order of the folds.
std::set<std::vector<RowIndex>> ValidatedBy(const Split& split) {
  std::set<std::vector<RowIndex>> parts;
  for (const Fold& fold : split.folds) parts.insert(fold.validation);
  return parts;
}

std::vector<RowIndex> ValidatedByFold(const Split& split, std::size_t fold) {
  return split.folds.at(fold).validation;
}

TEST(Split, RepeatsAreFurtherDivisionsOfTheSameRows) {
  const Dataset data = Classified(Repeat(61, 22));
  SplitSpec spec = Cv(4, 0.2);
  spec.repeats = 3;
  const Split all = MakeSplit(data, spec, 7);
  ASSERT_EQ(all.folds.size(), 12U);
  spec.repeats = 1;
  std::set<std::set<std::vector<RowIndex>>> divisions;
  for (std::uint64_t r = 0; r < 3; ++r) {
    const Split one = MakeSplit(data, spec, 7, r);
    ExpectPartition(one, 83, true);
    EXPECT_EQ(one.test, all.test);
    ASSERT_EQ(one.folds.size(), 4U);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(ValidatedByFold(one, k), ValidatedByFold(all, r * 4 + k));
      EXPECT_EQ(one.folds[k].train, all.folds[r * 4 + k].train);
      // A quarter of the 18 that are not test.
      const std::size_t n_second = CountClass(data, one.folds[k].validation, 1);
      EXPECT_TRUE(n_second == 4 || n_second == 5) << n_second;
    }
    divisions.insert(ValidatedBy(one));
  }
  EXPECT_EQ(divisions.size(), 3U);
  EXPECT_EQ(ValidatedByFold(MakeSplit(data, spec, 7), 0), ValidatedByFold(all, 0));
}

TEST(Split, DealsGroupsOutOtherwiseInEachRepeat) {
  // Sizes 1 to 15.
  Dataset data = Numbers(120);
  for (std::int32_t group = 0; group < 15; ++group) {
    data.group.insert(data.group.end(), static_cast<std::size_t>(group) + 1, group);
  }
  SplitSpec spec = Cv(3);
  spec.grouped = true;
  spec.repeats = 4;
  const Split split = MakeSplit(data, spec, 7);
  ASSERT_EQ(split.folds.size(), 12U);
  std::set<std::set<std::vector<RowIndex>>> divisions;
  for (std::size_t r = 0; r < 4; ++r) {
    Split one;
    for (std::size_t k = 0; k < 3; ++k) {
      one.folds.push_back(split.folds[r * 3 + k]);
      std::set<std::int32_t> trains;
      for (const RowIndex row : one.folds[k].train) trains.insert(data.group[row]);
      for (const RowIndex row : one.folds[k].validation) {
        EXPECT_FALSE(trains.contains(data.group[row]));
      }
      EXPECT_GE(one.folds[k].validation.size(), 36U);
      EXPECT_LE(one.folds[k].validation.size(), 44U);
    }
    ExpectPartition(one, 120, true);
    divisions.insert(ValidatedBy(one));
  }
  EXPECT_EQ(divisions.size(), 4U);
}

TEST(Split, CountsItsFoldsAndNamesThem) {
  SplitSpec spec = Cv(5);
  EXPECT_EQ(spec.total_folds(), 5);
  EXPECT_EQ(FoldName(spec, 4), "fold 5");
  spec.repeats = 3;
  EXPECT_EQ(spec.total_folds(), 15);
  EXPECT_EQ(FoldName(spec, 0), "fold 1 of repeat 1");
  EXPECT_EQ(FoldName(spec, 14), "fold 5 of repeat 3");
  // Of five parts one validates and four train.
  EXPECT_EQ(spec.overlap(), 0.25);
  spec.kind = SplitKind::kHoldout;
  spec.repeats = 1;
  EXPECT_EQ(spec.total_folds(), 1);
  EXPECT_EQ(spec.overlap(), 0);
}

TEST(Split, AllowsAClassWithFewerRowsThanFolds) {
  const Dataset data = Classified(Repeat(20, 2));
  EXPECT_EQ(MakeSplit(data, Cv(5), 7).folds.size(), 5U);
}

TEST(Split, RefusesAFoldThatTrainsWithoutAClass) {
  EXPECT_TRUE(
      Holds(FindingsOf([] { MakeSplit(Classified(Repeat(20, 1)), Cv(5), 7); }),
            "the training rows of fold 1 have none of class `b` [the class has too few rows "
            "or groups: leave it out or join it to another]"));
}

TEST(Split, RefusesAClassThatComesTooLate) {
  SplitSpec spec = Cv(3);
  spec.by_time = true;
  EXPECT_TRUE(Holds(FindingsOf([&] { MakeSplit(Classified(Repeat(10, 10)), spec, 7); }),
                    "the training rows of fold 1 have none of class `b` [the class appears only "
                    "later: take fewer folds, or no `by_time`]"));
}

TEST(Split, RefusesTooFewRowsOrGroups) {
  EXPECT_TRUE(Holds(FindingsOf([] { MakeSplit(Numbers(4), Cv(5), 7); }),
                    "4 rows are too few for 5 folds [take fewer folds]"));
  EXPECT_TRUE(Holds(FindingsOf([] { MakeSplit(Numbers(1), Cv(5, 0.2), 7); }),
                    "1 row cannot be split [give more rows, or take nothing off for tests]"));
  SplitSpec by_time = Cv(5);
  by_time.by_time = true;
  EXPECT_TRUE(Holds(FindingsOf([&] { MakeSplit(Numbers(5), by_time, 7); }),
                    "5 rows are too few for 5 folds by time, which need 6 [take fewer folds]"));
  SplitSpec grouped = Cv(5);
  grouped.grouped = true;
  EXPECT_TRUE(Holds(FindingsOf([&] { MakeSplit(Numbers(50), grouped, 7); }),
                    "a grouped split needs groups, and the data has none [name their column in "
                    "`data.group`]"));
  Dataset data = Numbers(50);
  for (std::int32_t row = 0; row < 50; ++row) data.group.push_back(row % 4);
  EXPECT_TRUE(Holds(FindingsOf([&] { MakeSplit(data, grouped, 7); }),
                    "4 groups cannot be split 5 ways [take fewer folds, or give more groups]"));
}

TEST(Split, RefusesASpecThatContradictsItselfOrTheData) {
  const auto findings = [](const Dataset& data, const SplitSpec& spec) {
    return FindingsOf([&] { MakeSplit(data, spec, 7); }, ErrorKind::kSpec);
  };
  EXPECT_TRUE(
      Holds(findings(Numbers(9), Cv(1)), "split.folds: `1` folds are too few [take 2 or more]"));
  EXPECT_TRUE(Holds(findings(Numbers(9), Cv(2, 1.0)),
                    "split.test_fraction: `1` is no fraction of the rows [take 0 or more, below "
                    "1]"));
  SplitSpec holdout;
  holdout.kind = SplitKind::kHoldout;
  holdout.validation_fraction = 0;
  EXPECT_TRUE(Holds(findings(Numbers(9), holdout),
                    "split.validation_fraction: `0` is no fraction of the rows [take a number "
                    "above 0 and below 1]"));
  SplitSpec both = Cv(2);
  both.grouped = both.by_time = true;
  EXPECT_TRUE(Holds(findings(Numbers(9), both),
                    "split: a split is grouped or by time, not both [leave out one of the "
                    "two]"));
  SplitSpec never = Cv(2);
  never.repeats = 0;
  EXPECT_TRUE(Holds(findings(Numbers(9), never),
                    "split.repeats: `0` repeats are too few [take 1 or more]"));
  SplitSpec again = Cv(2);
  again.by_time = true;
  again.repeats = 2;
  EXPECT_TRUE(Holds(findings(Numbers(9), again),
                    "split.repeats: a split by time is not repeated [leave it out]"));
  Dataset with_validation = Numbers(9);
  with_validation.part[8] = DataPart::kValidation;
  EXPECT_TRUE(Holds(findings(with_validation, Cv(2)),
                    "split.kind: there is a validation file, but the split makes its own "
                    "validation rows [take `files`, or leave out `data.validation`]"));
}

}  // namespace
}  // namespace coppice::trainer
