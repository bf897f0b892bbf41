// A Booster to XGBoost's model file, in one pass over its arrays. Keys stand in the order in which
// XGBoost writes them.

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "base/error.h"
#include "base/json.h"
#include "trainer/model_io/model_file.h"
#include "trainer/model_io/model_sink.h"
#include "trainer/model_io/names.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/model_io/xgboost_tree.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {
namespace {

// The format quotes its counts.
void WriteCount(ModelSink& out, std::string_view key, std::size_t count) {
  out.Key(key);
  out.Text(fmt::format("{}", count));
}

void WriteTexts(ModelSink& out, const std::map<std::string, std::string>& texts) {
  out.Open();
  for (const auto& [key, text] : texts) {
    out.Key(key);
    out.Text(text);
  }
  out.Close();
}

void WriteTextList(ModelSink& out, std::string_view key, const std::vector<std::string>& texts) {
  out.Key(key);
  out.OpenList(texts.size());
  for (const std::string& text : texts) out.Text(text);
  out.CloseList();
}

// XGBoost's UBJSON has these lists without a type.
void WriteIntList(ModelSink& out, std::string_view key, const std::vector<std::int32_t>& values) {
  out.Key(key);
  out.OpenList(values.size());
  for (const std::int32_t value : values) out.Int(value);
  out.CloseList();
}

void WriteCategories(ModelSink& out, const Tree& tree) {
  std::vector<std::int32_t> nodes;
  std::vector<std::int32_t> begins;
  std::vector<std::int32_t> sizes;
  for (std::size_t i = 0; i < tree.left.size(); ++i) {
    if (tree.is_categorical[i] == 0) continue;
    nodes.push_back(static_cast<std::int32_t>(i));
    begins.push_back(tree.category_begin[i]);
    sizes.push_back(tree.category_size[i]);
  }
  out.Key("categories");
  out.Ints(tree.categories);
  out.Key("categories_nodes");
  out.Ints(nodes);
  out.Key("categories_segments");
  out.LongInts(begins);
  out.Key("categories_sizes");
  out.LongInts(sizes);
}

void WriteTree(ModelSink& out, const Tree& tree, std::size_t id, std::size_t n_features) {
  std::vector<std::int32_t> parents = tree.parent;
  if (!parents.empty()) parents[0] = kRootParent;
  const auto ints = [&](std::string_view key, const std::vector<std::int32_t>& values) {
    out.Key(key);
    out.Ints(values);
  };
  const auto floats = [&](std::string_view key, const std::vector<float>& values) {
    out.Key(key);
    out.Floats(values);
  };
  const auto flags = [&](std::string_view key, const std::vector<std::uint8_t>& values) {
    out.Key(key);
    out.Bytes(values);
  };
  out.Open();
  floats("base_weights", tree.base_weight);
  WriteCategories(out, tree);
  flags("default_left", tree.default_left);
  out.Key("id");
  out.Int(static_cast<std::int64_t>(id));
  ints("left_children", tree.left);
  floats("loss_changes", tree.loss_change);
  ints("parents", parents);
  ints("right_children", tree.right);
  floats("split_conditions", tree.threshold);
  ints("split_indices", tree.feature);
  flags("split_type", tree.is_categorical);
  floats("sum_hessian", tree.sum_hessian);
  out.Key("tree_param");
  out.Open();
  out.Key("num_deleted");
  out.Text("0");
  WriteCount(out, "num_feature", n_features);
  WriteCount(out, "num_nodes", tree.left.size());
  out.Key("size_leaf_vector");
  out.Text("1");
  out.Close();
  out.Close();
}

// Categories travel as codes: with texts here, XGBoost would refuse a table whose column has
// another type of category.
void WriteNoCategoryTexts(ModelSink& out) {
  out.Key("cats");
  out.Open();
  out.Key("enc");
  out.OpenList(0);
  out.CloseList();
  out.Key("feature_segments");
  out.Ints({});
  out.Key("sorted_idx");
  out.Ints({});
  out.Close();
}

void WriteTreeModel(ModelSink& out, const Booster& booster) {
  const auto per_round = static_cast<std::size_t>(booster.trees_per_round());
  std::vector<std::int32_t> round_begins;
  std::vector<std::int32_t> tree_info;
  for (std::size_t i = 0; i < booster.trees.size(); ++i) {
    tree_info.push_back(booster.OutputOf(static_cast<int>(i)));
    if (i % per_round == 0) round_begins.push_back(static_cast<std::int32_t>(i));
  }
  round_begins.push_back(static_cast<std::int32_t>(booster.trees.size()));

  out.Open();
  WriteNoCategoryTexts(out);
  out.Key("gbtree_model_param");
  out.Open();
  WriteCount(out, "num_parallel_tree", static_cast<std::size_t>(booster.parallel_trees));
  WriteCount(out, "num_trees", booster.trees.size());
  out.Close();
  WriteIntList(out, "iteration_indptr", round_begins);
  WriteIntList(out, "tree_info", tree_info);
  out.Key("trees");
  out.OpenList(booster.trees.size());
  for (std::size_t i = 0; i < booster.trees.size(); ++i) {
    WriteTree(out, booster.trees[i], i, booster.schema.features.size());
  }
  out.CloseList();
  out.Close();
}

void WriteLinearModel(ModelSink& out, const Booster& booster) {
  out.Open();
  out.Key("boosted_rounds");
  out.Int(booster.linear_rounds);
  out.Key("weights");
  out.Floats(booster.linear_weights);
  out.Close();
}

// A model of trees under its name.
void WriteGbtree(ModelSink& out, const Booster& booster) {
  out.Open();
  out.Key("model");
  WriteTreeModel(out, booster);
  out.Key("name");
  out.Text("gbtree");
  out.Close();
}

void WriteGradientBooster(ModelSink& out, const Booster& booster) {
  if (booster.is_linear()) {
    out.Open();
    out.Key("model");
    WriteLinearModel(out, booster);
    out.Key("name");
    out.Text("gblinear");
    out.Close();
  } else if (booster.tree_weights.empty()) {
    WriteGbtree(out, booster);
  } else {
    // The weights stand beside the trees and not among them, where versions before 3.1 would not
    // see them.
    out.Open();
    out.Key("gbtree");
    WriteGbtree(out, booster);
    out.Key("name");
    out.Text("dart");
    out.Key("weight_drop");
    out.OpenList(booster.tree_weights.size());
    for (const float weight : booster.tree_weights) out.Float(weight);
    out.CloseList();
    out.Close();
  }
}

std::string SchemaText(const Schema& schema) {
  try {
    return ToJson(schema).dump();
  } catch (const Json::type_error&) {
    throw Error(ErrorKind::kData, "a column's name, class or category is not UTF-8 text", {},
                "convert the data file to UTF-8 and train again");
  }
}

void WriteAttributes(ModelSink& out, const Booster& booster) {
  std::map<std::string, std::string> attributes = booster.attributes;
  if (booster.best_round > 0) {
    attributes[kBestRoundAttribute] = fmt::format("{}", booster.best_round - 1);
  }
  attributes[kSchemaAttribute] = SchemaText(booster.schema);
  WriteTexts(out, attributes);
}

// One number stands alone: versions before 3.1 take a list for 0.5. Never more than 9 digits, as
// they misread the tenth.
std::string BaseScoreText(const std::vector<float>& scores) {
  std::string text;
  for (const float score : scores) {
    char digits[24];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, score, std::chars_format::scientific).ptr;
    if (!text.empty()) text += ',';
    text.append(digits, end);
  }
  return scores.size() > 1 ? "[" + text + "]" : text;
}

void WriteModelParam(ModelSink& out, const Booster& booster) {
  out.Open();
  out.Key("base_score");
  out.Text(BaseScoreText(booster.base_score));
  out.Key("boost_from_average");
  out.Text("1");
  const auto n_outputs = static_cast<std::size_t>(booster.n_outputs);
  const bool classes = PredictionOf(booster.objective) == PredictionKind::kProbabilities;
  WriteCount(out, "num_class", classes && n_outputs > 1 ? n_outputs : 0);
  WriteCount(out, "num_feature", booster.schema.features.size());
  WriteCount(out, "num_target", classes ? 1 : n_outputs);
  out.Close();
}

void WriteObjective(ModelSink& out, const Booster& booster) {
  const std::string_view group = ObjectiveParamGroup(booster.objective);
  // Version 1.7 does not load a model without them.
  std::map<std::string, std::string> params = booster.objective_params;
  if (group == "softmax_multiclass_param") {
    params.emplace("num_class", fmt::format("{}", booster.n_outputs));
  } else if (group == "reg_loss_param") {
    params.emplace("scale_pos_weight", "1");
  }
  const auto write_group = [&] {
    out.Key(group);
    WriteTexts(out, params);
  };
  // By the alphabet.
  constexpr std::string_view kName = "name";
  out.Open();
  if (!group.empty() && group < kName) write_group();
  out.Key(kName);
  out.Text(booster.objective);
  if (group > kName) write_group();
  out.Close();
}

void WriteLearner(ModelSink& out, const Booster& booster) {
  std::vector<std::string> names;
  std::vector<std::string> types;
  for (const FeatureSchema& feature : booster.schema.features) {
    names.push_back(feature.name);
    types.emplace_back(feature.kind == ColumnKind::kCategorical ? "c" : "float");
  }
  out.Open();
  out.Key("attributes");
  WriteAttributes(out, booster);
  WriteTextList(out, "feature_names", names);
  WriteTextList(out, "feature_types", types);
  out.Key("gradient_booster");
  WriteGradientBooster(out, booster);
  out.Key("learner_model_param");
  WriteModelParam(out, booster);
  out.Key("objective");
  WriteObjective(out, booster);
  out.Close();
}

std::string Written(const Booster& booster, std::unique_ptr<ModelSink> out) {
  out->Open();
  out->Key("learner");
  WriteLearner(*out, booster);
  WriteIntList(*out, "version", {3, 2, 0});
  out->Close();
  return out->Take();
}

}  // namespace

std::string ToXgboostJson(const Booster& booster) { return Written(booster, MakeJsonSink()); }

std::string ToXgboostUbjson(const Booster& booster) { return Written(booster, MakeUbjsonSink()); }

std::string ToModelFile(const Booster& booster, std::string_view file) {
  return file.ends_with(".ubj") ? ToXgboostUbjson(booster) : ToXgboostJson(booster);
}

}  // namespace coppice::trainer
