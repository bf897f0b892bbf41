// Models that are broken in every way that we thought of, and in 2,000 that nobody did.

#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/random.h"
#include "tests/trainer/model_io/models.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

struct Damage {
  const char* name;
  std::function<void(Json& learner, Json& model, Json& tree)> apply;
  const char* path;     // of the Error
  const char* message;  // a part of it
};

std::ostream& operator<<(std::ostream& out, const Damage& damage) { return out << damage.name; }

// The arrays' rules; the hand-made tree is 0 -> (1, 2), 2 -> (3, 4), node 2 categorical.
const Damage kTreeDamages[] = {
    {"ChildBeyondTheNodes", [](Json&, Json&, Json& t) { t["left_children"][0] = 5; },
     "trees[1].left_children[0]", "`5` is not a node"},
    {"ChildBelowZero", [](Json&, Json&, Json& t) { t["right_children"][2] = -2; },
     "trees[1].right_children[2]", "`-2` is not a node"},
    {"OnlyOneChild", [](Json&, Json&, Json& t) { t["left_children"][1] = 3; },
     "trees[1].right_children[1]", "`-1` is not a node"},
    {"CycleToTheRoot", [](Json&, Json&, Json& t) { t["left_children"][2] = 0; },
     "trees[1].left_children[2]", "`0` is not a node"},
    {"CycleBelowTheRoot",
     [](Json&, Json&, Json& t) {
       t["left_children"][2] = 2;
       t["parents"][2] = 2;
     },
     "trees[1].parents[2]", "`2` is not the node"},
    {"NodeOfTwoParents", [](Json&, Json&, Json& t) { t["left_children"][2] = 4; },
     "trees[1].right_children[2]", "reached twice"},
    {"ParentThatIsAnother", [](Json&, Json&, Json& t) { t["parents"][3] = 1; },
     "trees[1].parents[3]", "`1` is not the node"},
    {"RootWithAParent", [](Json&, Json&, Json& t) { t["parents"][0] = 1; }, "trees[1].parents[0]",
     "the root has `1`"},
    {"FeatureBeyondTheFeatures", [](Json&, Json&, Json& t) { t["split_indices"][0] = 2; },
     "trees[1].split_indices[0]", "feature `2`"},
    {"FeatureBelowZero", [](Json&, Json&, Json& t) { t["split_indices"][0] = -1; },
     "trees[1].split_indices[0]", "feature `-1`"},
    {"NumericSplitOfACategoricalFeature", [](Json&, Json&, Json& t) { t["split_indices"][0] = 1; },
     "trees[1].split_type[0]", "`colour`, which is categorical"},
    {"ThresholdThatIsNoNumber",
     [](Json&, Json&, Json& t) { t["split_conditions"][0] = "NaN-here"; },
     "trees[1].split_conditions[0]", "not a number"},
    {"LeafThatIsInfinite", [](Json&, Json&, Json& t) { t["split_conditions"][1] = 1e39; },
     "trees[1].split_conditions[1]", "not a finite number"},
    {"ShortArray", [](Json&, Json&, Json& t) { t["sum_hessian"].erase(4); }, "trees[1].sum_hessian",
     "4 items, and the tree 5 nodes"},
    {"LongArray", [](Json&, Json&, Json& t) { t["default_left"].push_back(0); },
     "trees[1].default_left", "6 items, and the tree 5 nodes"},
    {"MissingArray", [](Json&, Json&, Json& t) { t.erase("loss_changes"); },
     "trees[1].loss_changes", "0 items, and the tree 5 nodes"},
    {"NoNodes", [](Json&, Json&, Json& t) { t.erase("left_children"); }, "trees[1]",
     "no `left_children`"},
    {"AnotherNumberOfNodes", [](Json&, Json&, Json& t) { t["tree_param"]["num_nodes"] = "7"; },
     "trees[1].tree_param.num_nodes", "7 items"},
    {"VectorLeaves", [](Json&, Json&, Json& t) { t["tree_param"]["size_leaf_vector"] = "3"; },
     "trees[1]", "not supported yet"},
    {"FlagOfTwo", [](Json&, Json&, Json& t) { t["default_left"][0] = 2; }, "trees[1].default_left",
     "`2` is not 0 or 1"},
    {"CategoriesBeyondTheEnd", [](Json&, Json&, Json& t) { t["categories_sizes"][0] = 3; },
     "trees[1].categories_segments[0]", "outside of the 2 categories"},
    {"CategoriesBeforeTheBegin", [](Json&, Json&, Json& t) { t["categories_segments"][0] = -1; },
     "trees[1].categories_segments[0]", "outside"},
    {"CategoryRangeThatOverflows",
     [](Json&, Json&, Json& t) {
       t["categories_segments"][0] = 2147483647;
       t["categories_sizes"][0] = 2147483647;
     },
     "trees[1].categories_segments[0]", "outside"},
    {"CategoriesThatDescend",
     [](Json&, Json&, Json& t) {
       t["categories"] = {2, 0};
     },
     "trees[1].categories[1]", "above the one before"},
    {"CategoryCodeTooLarge",
     [](Json&, Json&, Json& t) {
       t["categories"] = {0, 255};
     },
     "trees[1].categories[1]", "`255` is not a code"},
    {"CategoryNodeBeyondTheNodes", [](Json&, Json&, Json& t) { t["categories_nodes"][0] = 9; },
     "trees[1].categories_nodes[0]", "`9`"},
    {"CategoryNodeThatIsNumeric", [](Json&, Json&, Json& t) { t["categories_nodes"][0] = 0; },
     "trees[1].categories_nodes[0]", "`0`"},
    {"CategoricalNodeWithoutASet",
     [](Json&, Json&, Json& t) {
       for (const char* key : {"categories_nodes", "categories_segments", "categories_sizes"}) {
         t[key] = Json::array();
       }
     },
     "trees[1].split_type[2]", "no set of categories"},
    {"CategoryListsOfTwoLengths", [](Json&, Json&, Json& t) { t["categories_sizes"].push_back(0); },
     "trees[1]", "differ in length"},
    {"TreeIdTwice", [](Json&, Json&, Json& t) { t["id"] = 0; }, "trees[1]", "tree id `0`"},
    {"TreeIdBeyondTheTrees", [](Json&, Json&, Json& t) { t["id"] = 6; }, "trees[1]", "tree id `6`"},
};

const Damage kModelDamages[] = {
    {"TreeInfoOfAnotherOutput", [](Json&, Json& m, Json&) { m["tree_info"][4] = 2; }, "model",
     "`tree_info[4]` is `2`"},
    {"TreeInfoTooShort", [](Json&, Json& m, Json&) { m["tree_info"].erase(5); }, "model",
     "`tree_info` has 5 items"},
    {"AnotherNumberOfTrees",
     [](Json&, Json& m, Json&) { m["gbtree_model_param"]["num_trees"] = "9"; }, "model",
     "`num_trees` is `9`"},
    {"HalfARound",
     [](Json&, Json& m, Json&) {
       m["trees"].erase(5);
       m["tree_info"].erase(5);
       m["gbtree_model_param"]["num_trees"] = "5";
     },
     "model", "5 trees are not whole rounds of 3"},
    {"RoundsCutElsewhere", [](Json&, Json& m, Json&) { m["iteration_indptr"][1] = 2; }, "model",
     "`iteration_indptr`"},
    {"ParallelTrees",
     [](Json&, Json& m, Json&) { m["gbtree_model_param"]["num_parallel_tree"] = "2"; }, "model",
     "tree 1 of a round belongs to output 0"},
    {"CountThatIsNoNumber",
     [](Json&, Json& m, Json&) { m["gbtree_model_param"]["num_trees"] = "six"; }, "num_trees",
     "`six` is not a whole number"},
    {"Dart", [](Json& l, Json&, Json&) { l["gradient_booster"]["name"] = "dart"; },
     "gradient_booster", "`weight_drop` has 0 items, and the model 6 trees"},
    {"Linear",
     [](Json& l, Json&, Json&) {
       l["gradient_booster"] = {{"model", {{"weights", {0.5}}}}, {"name", "gblinear"}};
     },
     "model", "`weights` has 1 items instead of 9"},
    {"OtherBooster", [](Json& l, Json&, Json&) { l["gradient_booster"]["name"] = "gbforest"; },
     "gradient_booster", "booster `gbforest` is not known"},
    {"ParallelTreesBeyondAll",
     [](Json&, Json& m, Json&) { m["gbtree_model_param"]["num_parallel_tree"] = "2000000000"; },
     "model", "`num_parallel_tree` `2000000000` is not from 1 to"},
    {"UnknownObjective", [](Json& l, Json&, Json&) { l["objective"]["name"] = "rank:nothing"; },
     "objective", "objective `rank:nothing` is not known"},
    {"ClassesForOneOutput",
     [](Json& l, Json&, Json&) { l["objective"]["name"] = "reg:squarederror"; },
     "learner_model_param", "`num_class` `3` does not fit"},
    {"TooManyClasses",
     [](Json& l, Json&, Json&) { l["learner_model_param"]["num_class"] = "2147483647"; },
     "learner_model_param", "does not fit"},
    {"TooManyFeatures",
     [](Json& l, Json&, Json&) { l["learner_model_param"]["num_feature"] = "2147483647"; },
     "learner_model_param", "`num_feature` `2147483647`"},
    {"SeveralTargets", [](Json& l, Json&, Json&) { l["learner_model_param"]["num_target"] = "2"; },
     "learner_model_param", "`num_target` `2` does not fit `multi:softprob`"},
    {"BaseScoresOfAnotherNumber",
     [](Json& l, Json&, Json&) { l["learner_model_param"]["base_score"] = "[1E0,2E0]"; },
     "base_score", "2 numbers"},
    {"NamesOfAnotherNumber", [](Json& l, Json&, Json&) { l["feature_names"].erase(0); },
     "feature_names", "1 names stand for 2 features"},
    {"TypesOfAnotherNumber", [](Json& l, Json&, Json&) { l["feature_types"].push_back("c"); },
     "feature_types", "3 types stand for 2 features"},
    {"SchemaOfOtherFeatures", [](Json& l, Json&, Json&) { l["feature_names"][0] = "height"; },
     "coppice.schema", "does not describe"},
    {"EncodingsOfAnotherNumber",
     [](Json&, Json& m, Json&) {
       m["cats"]["enc"] = {{{"values", {1}}}};
     },
     "cats", "1 encodings stand for 2 features"},
    {"EncodingBeyondItsText",
     [](Json&, Json& m, Json&) {
       m["cats"]["enc"] = {{{"offsets", {0, 4}}, {"values", {97}}}};
     },
     "cats.enc[0]", "offset `4` is outside"},
    {"NoBooster", [](Json& l, Json&, Json&) { l.erase("gradient_booster"); }, "learner",
     "no `gradient_booster`"},
    {"NoModel", [](Json& l, Json&, Json&) { l["gradient_booster"].erase("model"); },
     "gradient_booster", "no `model`"},
    {"NoParameters", [](Json& l, Json&, Json&) { l.erase("learner_model_param"); }, "learner",
     "no `learner_model_param`"},
};

class BrokenModel : public ::testing::TestWithParam<Damage> {};

TEST_P(BrokenModel, IsRefusedWithItsPlace) {
  Json json = Json::parse(ToXgboostJson(HandMadeBooster()));
  Json& model = json["learner"]["gradient_booster"]["model"];
  GetParam().apply(json["learner"], model, model["trees"][1]);
  std::string text = json.dump();
  // JSON of the package cannot hold it.
  if (text.find("\"NaN-here\"") != std::string::npos) text = Replaced(text, "\"NaN-here\"", "NaN");
  try {
    BoosterFromXgboostJson(text, "broken.json");
    FAIL() << "the model was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    const Finding& finding = error.findings().front();
    EXPECT_EQ(finding.place.file, "broken.json");
    EXPECT_GE(finding.place.line, 1);
    EXPECT_TRUE(finding.place.path.ends_with(GetParam().path)) << finding.place.path;
    EXPECT_NE(finding.message.find(GetParam().message), std::string::npos) << finding.message;
  }
}

std::string NameOf(const ::testing::TestParamInfo<Damage>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Tree, BrokenModel, ::testing::ValuesIn(kTreeDamages), NameOf);
INSTANTIATE_TEST_SUITE_P(Model, BrokenModel, ::testing::ValuesIn(kModelDamages), NameOf);

TEST(BrokenModel, IsRefusedWhenItsSchemaIsNotOne) {
  const std::string text =
      Replaced(ToXgboostJson(HandMadeBooster()), R"({\"features\")", R"({\"futures\")");
  EXPECT_THROW(BoosterFromXgboostJson(text, "m.json"), Error);
}

TEST(BrokenModel, IsRefusedWhereverItIsCutOff) {
  const std::string text = ToXgboostJson(HandMadeBooster());
  // The last two characters are the closing brace and the end of the line.
  for (std::size_t length = 0; length + 1 < text.size(); length += 7) {
    EXPECT_THROW(BoosterFromXgboostJson(text.substr(0, length), "m.json"), Error) << length;
  }
}

TEST(BrokenModel, NeverCrashesTheReaderOrThePredictor) {
  RealFileSystem disk;
  RandomStream random(7, {Purpose::kSynth});
  for (const std::string name : {"categorical", "softprob"}) {
    const std::string path =
        std::string(COPPICE_SOURCE_DIR) + "/tests/golden/" + name + ".model.json";
    const std::string golden = disk.Read(path);
    const std::string own = ToXgboostJson(BoosterFromXgboostJson(golden, path));
    int taken = 0;
    for (int i = 0; i < 2000; ++i) {
      std::string text = i % 2 == 0 ? golden : own;
      for (std::uint64_t k = 0; k <= random.Below(3); ++k) {
        const std::size_t at = random.Below(text.size());
        const char other = random.Below(2) == 0 ? static_cast<char>(random.Below(256))
                                                : "0123456789-[]{},:\"eE."[random.Below(21)];
        if (random.Below(4) == 0) {
          text.erase(at, 1 + random.Below(30));
        } else {
          text[at] = other;
        }
        if (text.empty()) text = "x";
      }
      try {
        const Booster booster = BoosterFromXgboostJson(text, path);
        const std::vector<std::vector<float>> values(booster.schema.features.size(),
                                                     std::vector<float>(3, 1.0f));
        EXPECT_EQ(PredictMargins(booster, values, 3).size(),
                  3 * static_cast<std::size_t>(booster.n_outputs));
        ++taken;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kData);
      }
    }
    // Damage to a digit is often still a model; if none were taken, nothing was tested.
    EXPECT_GT(taken, 100);
    EXPECT_LT(taken, 1900);
  }
}

}  // namespace
}  // namespace coppice::trainer
