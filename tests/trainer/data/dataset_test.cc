#include "trainer/data/dataset.h"
#include "base/json.h"

#include <gtest/gtest.h>

#include "tests/trainer/data/data_files.h"

namespace coppice::trainer {
namespace {

Dataset Small() { return ReadText("y,a,b\n1,2,p\n2,,q\n"); }

TEST(Dataset, HashesEqualDataEqually) {
  EXPECT_EQ(Small().ContentHash(), Small().ContentHash());
  EXPECT_EQ(Small().ContentHash(), ReadText("y,a,b\r\n1.0, 2,\"p\"\n2,NA,q").ContentHash());
}

TEST(Dataset, HashesEveryChangeDifferently) {
  const std::string hash = Small().ContentHash();
  const auto changed = [&](auto change) {
    Dataset data = Small();
    change(data);
    return data.ContentHash() != hash;
  };
  EXPECT_TRUE(changed([](Dataset& data) { data.values[0][0] = 3; }));
  EXPECT_TRUE(changed([](Dataset& data) { data.values[0][1] = 0; }));
  EXPECT_TRUE(changed([](Dataset& data) { data.label[1] = 1; }));
  EXPECT_TRUE(changed([](Dataset& data) { data.weight = {1, 1}; }));
  EXPECT_TRUE(changed([](Dataset& data) { data.group = {0, 0}; }));
  EXPECT_TRUE(changed([](Dataset& data) { data.part[1] = DataPart::kTest; }));
  EXPECT_TRUE(changed([](Dataset& data) { data.schema.features[1].categories[0] = "r"; }));
  EXPECT_TRUE(changed([](Dataset& data) { std::swap(data.values[0], data.values[1]); }));
}

TEST(Dataset, CountsTheBytesOfItsColumns) {
  // Two features and the label of two floats each, and two parts.
  EXPECT_EQ(Small().Bytes(), 3 * 2 * sizeof(float) + 2 * sizeof(DataPart));
}

TEST(Schema, ReadsBackFromJson) {
  const Schema schema = Small().schema;
  EXPECT_EQ(SchemaFromJson(ToJson(schema)), schema);
  EXPECT_EQ(SchemaFromJson(Json::parse(ToJson(schema).dump())), schema);
}

TEST(Schema, ReadsBackEveryField) {
  Schema schema = Small().schema;
  schema.classes = {"no", "yes"};
  schema.has_header = false;
  schema.label_column = 3;
  schema.missing = {"-", ""};
  EXPECT_EQ(SchemaFromJson(ToJson(schema)), schema);
}

TEST(Schema, RefusesJsonOfAnotherShape) {
  const auto findings = [](auto change) {
    Json json = ToJson(Small().schema);
    change(json);
    return FindingsOf([&] { SchemaFromJson(json); });
  };
  const std::string hint = " [take the schema from a model that coppice wrote]";
  EXPECT_TRUE(Holds(findings([](Json& json) { json = 3; }),
                    "features: the schema's `features` is not there" + hint));
  EXPECT_TRUE(Holds(findings([](Json& json) { json.erase("classes"); }),
                    "classes: the schema's `classes` is not there" + hint));
  EXPECT_TRUE(
      Holds(findings([](Json& json) { json["features"][1]["kind"] = "text"; }),
            "features[1].kind: the schema's `features[1].kind` is not a kind of column" + hint));
  EXPECT_TRUE(Holds(findings([](Json& json) { json["missing"] = Json::array({1}); }),
                    "missing: the schema's `missing` is not a list of texts" + hint));
  EXPECT_TRUE(
      Holds(findings([](Json& json) { json["n_columns"] = -1; }),
            "n_columns: the schema's `n_columns` is not a whole number of at least 0" + hint));
  EXPECT_TRUE(Holds(findings([](Json& json) {
                      json["features"][1]["categories"] = std::vector<std::string>(256, "x");
                    }),
                    "features[1].categories: the schema's `features[1].categories` is not a "
                    "list of at most 255 texts" +
                        hint));
}

}  // namespace
}  // namespace coppice::trainer
