// Reading another file as a schema says, for prediction.

#include <gtest/gtest.h>

#include <limits>

#include "base/json.h"
#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

Dataset Read(const Schema& schema, const std::string& text, bool with_label,
             Notices* notices = nullptr) {
  DataFilesInMemory disk(Files{{"p.csv", text}});
  return ReadWithSchema("p.csv", schema, with_label, disk, notices);
}

std::vector<std::string> FindingsFor(const Schema& schema, const std::string& text,
                                     bool with_label) {
  return FindingsOf([&] { Read(schema, text, with_label); });
}

Schema WithHeader() {
  ReadOptions options;
  options.label_kind = LabelKind::kBinary;
  options.label = std::string("y");
  return ReadText("a,y,b\n1,no,red\n2,yes,blue\n", options).schema;
}

Schema WithoutHeader() {
  ReadOptions options;
  options.label = std::int64_t{1};
  options.ignore = {std::int64_t{2}};
  return ReadText("1,10,0,red\n2,20,0,blue\n", options).schema;
}

TEST(ReadWithSchema, FindsColumnsByNameInAnyOrder) {
  const Dataset data = Read(WithHeader(), "b,extra,a\nblue,7,5\nred,8,NA\n", false);
  EXPECT_TRUE(Same(data.values[0], {5, kNan}));
  EXPECT_TRUE(Same(data.values[1], {0, 1}));
  EXPECT_TRUE(data.label.empty());
  EXPECT_EQ(data.schema, WithHeader());
  EXPECT_EQ(data.n_rows, 2U);
}

TEST(ReadWithSchema, ReadsTheLabelWhenAsked) {
  const Dataset data = Read(WithHeader(), "y,b,a\nyes,red,1\nno,red,2\n", true);
  EXPECT_TRUE(Same(data.label, {1, 0}));
}

TEST(ReadWithSchema, ReadsGroupsAndBoundsAlongWithTheLabel) {
  ReadOptions options;
  options.label = std::string("from");
  options.label_upper = std::string("to");
  options.group = std::string("g");
  const Schema schema = ReadText("from,to,g,x\n1,2,a,3\n1,2,b,4\n", options).schema;
  const Dataset data = Read(schema, "g,x,to,from\nq,1,inf,5\np,2,7,6\nq,3,8,8\n", true);
  EXPECT_TRUE(Holds(data.group, 0, 1, 0));
  EXPECT_TRUE(Same(data.label, {5, 6, 8}));
  EXPECT_TRUE(Same(data.label_upper, {std::numeric_limits<float>::infinity(), 7, 8}));
  EXPECT_TRUE(Read(schema, "x\n1\n", false).group.empty());
  EXPECT_TRUE(Read(schema, "x,from,to\n1,2,3\n", true).group.empty());
  EXPECT_TRUE(Holds(FindingsFor(schema, "g,x,from\nq,1,5\n", true),
                    "p.csv: there is no column `to`, which is the upper bound of the label [the "
                    "columns are `g`, `x` or `from`]"));
  EXPECT_EQ(SchemaFromJson(ToJson(schema)), schema);
}

TEST(ReadWithSchema, ReadsGroupsByPlaceWhereThereIsNoHeader) {
  ReadOptions options;
  options.group = std::int64_t{1};
  const Schema schema = ReadText("1,7,0.5\n2,7,0.25\n3,8,0.75\n", options).schema;
  EXPECT_EQ(schema.group_column, 1);
  const Dataset data = Read(schema, "1,5,0.5\n2,4,0.25\n3,5,1\n", true);
  EXPECT_TRUE(Holds(data.group, 0, 1, 0));
}

TEST(ReadWithSchema, DoesNotLookAtTheLabelWhenNotAsked) {
  EXPECT_TRUE(Holds(FindingsFor(WithHeader(), "y,b,a\n?,red,1\nmaybe,red,2\n", false)));
}

TEST(ReadWithSchema, TakesUnknownCategoriesAsMissingWithANotice) {
  Notices notices;
  const Dataset data = Read(WithHeader(), "a,b\n1,green\n2,grey\n3,red\n", false, &notices);
  EXPECT_TRUE(Same(data.values[1], {kNan, kNan, 1}));
  EXPECT_TRUE(Holds(notices,
                    "`p.csv`: 2 categories of column `b` not in the training data, "
                    "read as missing: `green`, ..."));
}

TEST(ReadWithSchema, ListsManyAbsentColumnsAtOnce) {
  Schema schema = WithHeader();
  for (const char* name : {"c", "d", "e", "f", "g", "h"}) {
    schema.features.push_back(schema.features.front());
    schema.features.back().name = name;
  }
  EXPECT_TRUE(Holds(FindingsFor(schema, "a,b\n1,red\n", false),
                    "p.csv: there are no columns `c`, `d`, `e`, `f`, `g` or `h`: 6 of the model's "
                    "8 features [the columns are `a` or `b`]"));
}

TEST(ReadWithSchema, RefusesAnAbsentColumnATextAndAnUnknownClass) {
  EXPECT_TRUE(Holds(FindingsFor(WithHeader(), "a,c\n1,2\n", true),
                    "p.csv: there is no column `b`, a feature of the model [did you mean `a`?]",
                    "p.csv: there is no column `y`, which is the label [did you mean `a`?]"));
  EXPECT_TRUE(Holds(FindingsFor(WithHeader(), "a,b\nx,red\n1,red\n", false),
                    "p.csv:2:1: `x` in column `a` is not a number, and the column is numeric in "
                    "the training data [correct it, or list it in `data.missing`]"));
  EXPECT_TRUE(Holds(FindingsFor(WithHeader(), "a,b,y\n1,red,maybe\n", true),
                    "p.csv:2:7: label `maybe` (1 row) is no class of the training data: `no` or "
                    "`yes` [correct the label or leave the row out]"));
}

TEST(ReadWithSchema, TakesColumnsByPositionWithoutAHeader) {
  const Dataset data = Read(WithoutHeader(), "5,50,0,red\n6,60,0,blue\n", true);
  EXPECT_TRUE(Same(data.label, {50, 60}));
  EXPECT_TRUE(Same(data.values[0], {5, 6}));
  EXPECT_TRUE(Same(data.values[1], {1, 0}));
}

TEST(ReadWithSchema, AllowsTheLabelColumnToBeLeftOutWithoutAHeader) {
  const Dataset data = Read(WithoutHeader(), "5,0,red\n6,0,blue\n", false);
  EXPECT_TRUE(Same(data.values[0], {5, 6}));
  EXPECT_TRUE(Same(data.values[1], {1, 0}));
  EXPECT_TRUE(Holds(FindingsFor(WithoutHeader(), "5,0,red\n", true),
                    "p.csv: `p.csv` has no label column [evaluation compares predictions with "
                    "labels]"));
}

TEST(ReadWithSchema, TakesFeaturesInOrderWhenThereAreOnlyFeatures) {
  const Dataset data = Read(WithoutHeader(), "5,red\n6,blue\n", false);
  EXPECT_TRUE(Same(data.values[0], {5, 6}));
  EXPECT_TRUE(Same(data.values[1], {1, 0}));
}

TEST(ReadWithSchema, RefusesAnotherNumberOfColumnsWithoutAHeader) {
  EXPECT_TRUE(Holds(FindingsFor(WithoutHeader(), "5,6,7,8,9\n", false),
                    "p.csv: `p.csv` has 5 columns and no header, the model's data had 4 [give "
                    "it the same columns (the label may be left out), or a header]"));
}

TEST(ReadWithSchema, ReadsRowsWithoutAHeaderForAModelThatHadOne) {
  const Dataset data = Read(WithHeader(), "5,no,red\n6,yes,blue\n", true);
  EXPECT_TRUE(Same(data.values[0], {5, 6}));
  EXPECT_TRUE(Same(data.label, {0, 1}));
}

TEST(ReadWithSchema, TakesFeaturesOfAModelThatKnowsNoPlacesInOrder) {
  Schema foreign;
  foreign.features.resize(2);
  foreign.features[0].name = "f0";
  foreign.features[1].name = "f1";
  foreign.has_header = false;
  EXPECT_TRUE(Same(Read(foreign, "1,2\n3,4\n", false).values[1], {2, 4}));
  const Dataset labelled = Read(foreign, "9,1,2\n8,3,4\n", true);
  EXPECT_TRUE(Same(labelled.label, {9, 8}));
  EXPECT_TRUE(Same(labelled.values[0], {1, 3}));
}

Dataset ReadLabelled(const Schema& schema, const std::string& text, const ColumnRef& label) {
  DataFilesInMemory disk(Files{{"p.csv", text}});
  return ReadWithSchema("p.csv", schema, true, disk, nullptr, label);
}

// As a model of XGBoost's own has it: features and nothing else.
Schema OfAForeignModel() {
  Schema schema;
  for (const char* name : {"a", "b"}) schema.features.emplace_back().name = name;
  return schema;
}

TEST(ReadWithSchema, TakesTheLabelThatIsNamed) {
  for (const ColumnRef& label : {ColumnRef(std::string("y")), ColumnRef(std::int64_t{1})}) {
    const Dataset data = ReadLabelled(OfAForeignModel(), "b,y,a\n1,7,3\n2,8,4\n", label);
    EXPECT_TRUE(Same(data.label, {7, 8}));
    EXPECT_TRUE(Same(data.values[0], {3, 4}));
  }
}

TEST(ReadWithSchema, TakesTheOtherColumnsForFeaturesWhereThereIsNoHeader) {
  Schema schema = OfAForeignModel();
  schema.has_header = false;
  const Dataset data = ReadLabelled(schema, "1,7,3\n2,8,4\n", std::int64_t{1});
  EXPECT_TRUE(Same(data.label, {7, 8}));
  EXPECT_TRUE(Same(data.values[0], {1, 2}));
  EXPECT_TRUE(Same(data.values[1], {3, 4}));
}

TEST(ReadWithSchema, AsksForTheLabelThatTheModelDoesNotName) {
  EXPECT_EQ(FindingsFor(OfAForeignModel(), "b,y,a\n1,7,3\n2,8,4\n", true),
            (std::vector<std::string>{
                "p.csv: the model does not say which column of `p.csv` is the label [name it with "
                "`--label COLUMN`]"}));
}

}  // namespace
}  // namespace coppice::trainer
