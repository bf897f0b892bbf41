#include "trainer/model_io/xgboost_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <limits>

#include "base/error.h"
#include "base/json.h"
#include "tests/trainer/model_io/models.h"

namespace coppice::trainer {
namespace {

Booster RoundTrip(const Booster& booster) {
  return BoosterFromXgboostJson(ToXgboostJson(booster), "model.json");
}

Json Written(const Booster& booster) { return Json::parse(ToXgboostJson(booster)); }

Booster OneOutput() {
  Booster booster = HandMadeBooster();
  booster.objective = "binary:logistic";
  booster.objective_params = {{"scale_pos_weight", "2"}};
  booster.n_outputs = 1;
  booster.base_score = {0.7f};
  return booster;
}

TEST(XgboostJson, ReadsBackWhatItWrites) {
  EXPECT_EQ(RoundTrip(HandMadeBooster()), HandMadeBooster());
  EXPECT_EQ(RoundTrip(OneOutput()), OneOutput());
  EXPECT_EQ(ToXgboostJson(RoundTrip(OneOutput())), ToXgboostJson(OneOutput()));
}

TEST(XgboostJson, ReadsBackAModelWithoutTrees) {
  Booster booster = OneOutput();
  booster.trees.clear();
  booster.best_round = 0;
  EXPECT_EQ(RoundTrip(booster), booster);
}

TEST(XgboostJson, KeepsEveryBitOfEveryFloat) {
  // One leaf, and many nodes that pruning cut off: room for bit patterns of all exponents.
  Tree tree;
  std::uint32_t bits = 1;
  for (std::size_t i = 0; i < 20000; ++i) {
    tree.AddNode(i == 0 ? Tree::kNone : 0);
    bits = bits * 1664525u + 1013904223u;
    const bool finite = (bits & 0x7F800000u) != 0x7F800000u;
    tree.sum_hessian[i] = std::bit_cast<float>(finite ? bits : bits ^ 0x00800000u);
  }
  Booster booster = OneOutput();
  booster.trees = {tree};
  const Tree back = RoundTrip(booster).trees[0];
  for (std::size_t i = 0; i < 20000; ++i) {
    ASSERT_EQ(std::bit_cast<std::uint32_t>(back.sum_hessian[i]),
              std::bit_cast<std::uint32_t>(tree.sum_hessian[i]));
  }
}

TEST(XgboostJson, KeepsThresholdsAtInfinity) {
  Booster booster = OneOutput();
  booster.trees[0].threshold[0] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(RoundTrip(booster), booster);
}

TEST(XgboostJson, WritesOneBaseScoreAloneAndSeveralAsAList) {
  EXPECT_EQ(Written(OneOutput())["learner"]["learner_model_param"]["base_score"], "7e-01");
  EXPECT_EQ(Written(HandMadeBooster())["learner"]["learner_model_param"]["base_score"],
            "[1e-01,-1.2345678e+07,1e-30]");
}

TEST(XgboostJson, WritesEveryFloatWithAnExponentAndAtMostNineDigits) {
  const std::string text = ToXgboostJson(HandMadeBooster());
  for (const std::string array : {"base_weights", "split_conditions", "sum_hessian"}) {
    const std::size_t begin = text.find("\"" + array + "\":[") + array.size() + 4;
    std::string list = text.substr(begin, text.find(']', begin) - begin) + ",";
    while (!list.empty()) {
      const std::string item = list.substr(0, list.find(','));
      list.erase(0, item.size() + 1);
      const std::string digits = item.substr(0, item.find('e'));
      EXPECT_NE(item.find('e'), std::string::npos) << item;
      EXPECT_LE(std::count_if(digits.begin(), digits.end(),
                              [](unsigned char c) { return std::isdigit(c) != 0; }),
                9)
          << item;
    }
  }
}

TEST(XgboostJson, WritesWhatXgboostNeeds) {
  const Json learner = Written(HandMadeBooster())["learner"];
  EXPECT_EQ(learner["attributes"]["best_iteration"], "0");
  EXPECT_EQ(learner["feature_types"], Json({"float", "c"}));
  EXPECT_EQ(learner["learner_model_param"]["num_class"], "3");
  EXPECT_EQ(learner["learner_model_param"]["num_feature"], "2");
  EXPECT_EQ(learner["objective"]["softmax_multiclass_param"]["num_class"], "3");
  const Json& model = learner["gradient_booster"]["model"];
  EXPECT_EQ(model["tree_info"], Json({0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(model["iteration_indptr"], Json({0, 3, 6}));
  EXPECT_EQ(model["trees"][4]["id"], 4);
  EXPECT_EQ(model["trees"][0]["parents"][0], 2147483647);
  EXPECT_EQ(model["trees"][0]["categories_nodes"], Json({2}));
  EXPECT_EQ(Written(OneOutput())["learner"]["learner_model_param"]["num_class"], "0");
  EXPECT_EQ(Written(OneOutput())["learner"]["objective"]["reg_loss_param"]["scale_pos_weight"],
            "2");
}

TEST(XgboostJson, RefusesToWriteANameThatIsNotUtf8) {
  Booster booster = OneOutput();
  booster.schema.features[0].name = "gr\xFC\xDF";
  EXPECT_THROW(ToXgboostJson(booster), Error);
}

TEST(XgboostJson, ReadsBothFormsOfBaseScore) {
  const std::string text = ToXgboostJson(OneOutput());
  const auto read = [&](const std::string& score) {
    return BoosterFromXgboostJson(
               Replaced(text, "\"base_score\":\"7e-01\"", "\"base_score\":\"" + score + "\""),
               "m.json")
        .base_score;
  };
  EXPECT_EQ(read("[2.5E-1]"), std::vector<float>{0.25f});
  EXPECT_EQ(read("5.603562925E-01"), std::vector<float>{0.5603562925f});
  EXPECT_THROW(read("[1E-1,2E-1]"), Error);
  EXPECT_THROW(read("half"), Error);
  EXPECT_THROW(read("[]"), Error);
  EXPECT_THROW(read(""), Error);
}

TEST(XgboostJson, MakesASchemaFromXgboostsOwnWords) {
  Booster booster = OneOutput();
  const std::string text =
      Replaced(ToXgboostJson(booster), "\"coppice.schema\"", "\"someone.else\"");
  const Schema schema = BoosterFromXgboostJson(text, "m.json").schema;
  ASSERT_EQ(schema.features.size(), 2u);
  EXPECT_EQ(schema.features[0].name, "width, \"cm\"");
  EXPECT_EQ(schema.features[1].kind, ColumnKind::kCategorical);
  EXPECT_EQ(schema.features[1].categories[7], "7");
  EXPECT_TRUE(schema.has_header);
}

TEST(XgboostJson, TakesCategoriesFromXgboostsContainer) {
  const std::string text = Replaced(
      Replaced(ToXgboostJson(OneOutput()), "\"coppice.schema\"", "\"someone.else\""), "\"enc\":[]",
      R"("enc":[{"offsets":[],"values":[]},{"offsets":[0,2,5],)"
      R"("values":[97,98,-61,-68,99]}])");
  const Schema schema = BoosterFromXgboostJson(text, "m.json").schema;
  EXPECT_EQ(schema.features[1].categories, (std::vector<std::string>{"ab",
                                                                     "\xC3\xBC"
                                                                     "c"}));
}

TEST(XgboostJson, TakesWholeNumbersAsCategories) {
  const std::string text = Replaced(
      Replaced(ToXgboostJson(OneOutput()), "\"coppice.schema\"", "\"someone.else\""), "\"enc\":[]",
      R"("enc":[{"offsets":[],"values":[]},{"type":15,"values":[10,-20,70000]}])");
  const Schema schema = BoosterFromXgboostJson(text, "m.json").schema;
  EXPECT_EQ(schema.features[1].categories, (std::vector<std::string>{"10", "-20", "70000"}));
}

TEST(XgboostJson, ReadsOldModelsWithoutWhatCameLater) {
  Booster booster = OneOutput();
  for (Tree& tree : booster.trees) {
    tree = Tree();
    tree.AddNode(Tree::kNone);
  }
  booster.schema.features[1] = {"colour", ColumnKind::kNumeric, {}};
  Json json = Written(booster);
  Json& learner = json["learner"];
  learner["attributes"].erase("coppice.schema");
  learner.erase("feature_names");
  learner.erase("feature_types");
  learner["learner_model_param"].erase("num_target");
  Json& model = learner["gradient_booster"]["model"];
  model.erase("iteration_indptr");
  model.erase("cats");
  model["gbtree_model_param"].erase("num_parallel_tree");
  for (Json& tree : model["trees"]) {
    tree.erase("split_type");
    tree["default_left"] = {false};
    for (const char* key :
         {"categories", "categories_nodes", "categories_segments", "categories_sizes"}) {
      tree.erase(key);
    }
  }
  const Booster read = BoosterFromXgboostJson(json.dump(), "m.json");
  EXPECT_EQ(read.trees, booster.trees);
  EXPECT_EQ(read.schema.features[1].name, "f1");
  EXPECT_FALSE(read.schema.has_header);
}

TEST(XgboostJson, KeepsABestRoundThatIsNotAmongItsRoundsAsAText) {
  const Booster booster = BoosterFromXgboostJson(
      Replaced(ToXgboostJson(OneOutput()), "\"best_iteration\":\"0\"", "\"best_iteration\":\"99\""),
      "m.json");
  EXPECT_EQ(booster.best_round, 0);
  EXPECT_EQ(booster.attributes.at("best_iteration"), "99");
}

}  // namespace
}  // namespace coppice::trainer
