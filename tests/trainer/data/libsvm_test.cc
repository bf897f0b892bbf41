#include <gtest/gtest.h>

#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

Dataset ReadSvm(const std::string& text, const ReadOptions& options = {},
                Notices* notices = nullptr) {
  return ReadText(text, options, notices, "t.svm");
}

std::vector<std::string> FindingsOfSvm(const std::string& text, const ReadOptions& options = {}) {
  return FindingsOfText(text, options, "t.svm");
}

TEST(Libsvm, TakesWhatIsAbsentAsMissing) {
  const Dataset data = ReadSvm("1 1:0.5 3:2\r\n\n-2.5\t3:1e1 # the rest is a comment 1:9\n");
  EXPECT_TRUE(Holds(NamesOf(data), "f1", "f2", "f3"));
  EXPECT_TRUE(Same(data.label, {1, -2.5}));
  EXPECT_TRUE(Same(data.values[0], {0.5, kNan}));
  EXPECT_TRUE(Same(data.values[1], {kNan, kNan}));
  EXPECT_TRUE(Same(data.values[2], {2, 10}));
}

TEST(Libsvm, CountsFromZeroWhereZeroOccurs) {
  const Dataset data = ReadSvm("1 1:5\n2 0:6\n");
  EXPECT_TRUE(Holds(NamesOf(data), "f0", "f1"));
  EXPECT_TRUE(Same(data.values[0], {kNan, 6}));
}

TEST(Libsvm, TakesIndexesInAnyOrder) {
  const Dataset data = ReadSvm("1 2:5 1:4\n2 1:6\n");
  EXPECT_TRUE(Same(data.values[0], {4, 6}));
  EXPECT_TRUE(Same(data.values[1], {5, kNan}));
}

TEST(Libsvm, TakesQidAsGroup) {
  EXPECT_TRUE(Holds(ReadSvm("1 qid:9 1:2\n0 qid:3 1:2\n2 qid:9 1:3\n").group, 0, 1, 0));
}

TEST(Libsvm, MapsClasses) {
  ReadOptions options;
  options.label_kind = LabelKind::kBinary;
  const Dataset data = ReadSvm("-1 1:2\n+1 1:3\n", options);
  EXPECT_TRUE(Holds(data.schema.classes, "-1", "1"));
  EXPECT_TRUE(Same(data.label, {0, 1}));
}

TEST(Libsvm, LeavesIgnoredFeaturesOut) {
  ReadOptions options;
  options.ignore = {std::string("f2"), std::int64_t{3}};
  EXPECT_TRUE(Holds(NamesOf(ReadSvm("1 1:2 2:3 3:4 4:5\n2 1:1\n", options)), "f1", "f4"));
  options.ignore = {std::string("f5")};
  EXPECT_TRUE(Holds(FindingsOfSvm("1 1:2 4:5\n2 1:1\n", options),
                    "t.svm: `data.ignore` names `f5`, which is no feature of `t.svm` [features are "
                    "`f0` to `f4`]"));
}

TEST(Libsvm, LeavesOtherFilesNewFeaturesOutWithANotice) {
  DataFilesInMemory disk(Files{{"t.svm", "1 1:2\n2 1:3\n"}, {"e.svm", "3 1:4 7:1\n"}});
  Notices notices;
  const Dataset data = ReadDataset({{"t.svm"}, {}, {"e.svm"}}, {}, disk, &notices);
  EXPECT_TRUE(Same(data.values[0], {2, 3, 4}));
  EXPECT_TRUE(Holds(notices, "`e.svm`: 1 feature not in the training data left out: `f7`"));
}

TEST(Libsvm, NamesEveryBrokenWordWithItsPlace) {
  EXPECT_TRUE(Holds(
      FindingsOfSvm("x 1:2\n1 -3:4\n1 2:\n1 2\n1 2:inf\n1 2000000:1\n1 4:1 4:2\n1 a:2\n"),
      "t.svm:1:1: label `x` is not a finite number [a row is `label index:value ...`]",
      "t.svm:2:3: `-3:4` is no `index:value` [the index is a whole number, 0 or more]",
      "t.svm:3:5: `` of feature 2 is not a finite number [leave the feature out of the row "
      "where it is not known]",
      "t.svm:4:3: `2` is no `index:value` [the index is a whole number, 0 or more]",
      "t.svm:5:5: `inf` of feature 2 is not a finite number [leave the feature out of the row "
      "where it is not known]",
      "t.svm:6:3: index 2000000 is too large [indexes go to 1000000: number the features "
      "without gaps]",
      "t.svm:7:1: feature 4 stands twice in this row [give each index once a row]",
      "t.svm:8:3: `a:2` is no `index:value` [the index is a whole number, 0 or more]"));
}

TEST(Libsvm, WantsAQidInEveryRowOrNone) {
  EXPECT_TRUE(Holds(FindingsOfSvm("1 qid:1 1:2\n2 1:3\n"),
                    "t.svm:1:1: 1 of 2 rows have a `qid` [give every row one, or none]"));
}

TEST(Libsvm, RefusesOptionsThatDoNotApply) {
  ReadOptions options;
  options.label = std::string("y");
  options.weight = std::int64_t{1};
  options.group = std::string("g");
  options.categorical = {std::string("f1")};
  const std::string tail = "` does not apply to LibSVM files [";
  EXPECT_TRUE(Holds(FindingsOfSvm("1 1:2\n2 1:3\n", options),
                    "t.svm: `data.label" + tail +
                        "the label is the first word of each line: leave the option out]",
                    "t.svm: `data.weight" + tail + "use CSV for weights]",
                    "t.svm: `data.group" + tail + "write `qid:N` behind each label]",
                    "t.svm: `data.categorical" + tail + "use CSV for categories]"));
  ReadOptions first;
  first.label = std::int64_t{0};
  EXPECT_TRUE(Holds(FindingsOfSvm("1 1:2\n2 1:3\n", first)));
}

TEST(Libsvm, RefusesRowsWithoutFeaturesAndFilesWithoutRows) {
  EXPECT_TRUE(Holds(FindingsOfSvm("1\n2\n"),
                    "t.svm: no row of `t.svm` has a feature [a row is `label index:value "
                    "...`]"));
  EXPECT_TRUE(Holds(FindingsOfSvm("# nothing\n"),
                    "t.svm:1:1: the file has no rows [a row is `label index:value ...`]"));
}

TEST(Libsvm, ReadsBySchemaWithAndWithoutLabel) {
  const Dataset train = ReadSvm("1 1:2 2:3\n2 1:3\n");
  DataFilesInMemory disk(Files{{"e.svm", "7 2:5 9:1\n8 1:4\n"}, {"p.svm", "2:5\n1:4\n"}});
  const Dataset labelled = ReadWithSchema("e.svm", train.schema, true, disk, nullptr);
  EXPECT_TRUE(Same(labelled.label, {7, 8}));
  EXPECT_TRUE(Same(labelled.values[0], {kNan, 4}));
  EXPECT_TRUE(Same(labelled.values[1], {5, kNan}));
  const Dataset plain = ReadWithSchema("p.svm", train.schema, false, disk, nullptr);
  EXPECT_TRUE(Same(plain.values[1], {5, kNan}));
}

}  // namespace
}  // namespace coppice::trainer
