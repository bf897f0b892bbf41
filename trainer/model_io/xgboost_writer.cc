// A Booster to XGBoost's JSON, in one pass over its arrays. Keys stand in the order in which
// XGBoost writes them.

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "trainer/model_io/names.h"
#include "trainer/model_io/xgboost_json.h"
#include "trainer/model_io/xgboost_tree.h"
#include "trainer/objective/objective.h"

namespace coppice::trainer {
namespace {

// Appends JSON to a text; the caller writes the punctuation between values.
class Writer {
 public:
  std::string Take() { return std::move(out_); }

  void Raw(std::string_view text) { out_ += text; }

  void Text(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  void Int(std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out_.append(digits, end);
  }

  // The fewest digits (never more than 9) that read back as the same float, always with an
  // exponent: XGBoost takes a number without point and exponent for a whole one and refuses it.
  void Float(float value) {
    if (!std::isfinite(value)) {
      out_ += std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
      return;
    }
    char digits[24];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    out_.append(digits, end);
  }

  void Array(std::string_view key, const auto& values) {
    Raw("\"");
    Raw(key);
    Raw("\":[");
    bool first = true;
    for (const auto& value : values) {
      if (!first) out_ += ',';
      first = false;
      Item(value);
    }
    Raw("],");
  }

  // The count as a quoted number.
  void Count(std::string_view key, std::size_t count) {
    fmt::format_to(std::back_inserter(out_), "\"{}\":\"{}\",", key, count);
  }

  void Texts(const std::map<std::string, std::string>& texts) {
    out_ += '{';
    for (auto it = texts.begin(); it != texts.end(); ++it) {
      if (it != texts.begin()) out_ += ',';
      Text(it->first);
      out_ += ':';
      Text(it->second);
    }
    out_ += '}';
  }

 private:
  void Item(const std::string& value) { Text(value); }
  void Item(float value) { Float(value); }
  void Item(std::int32_t value) { Int(value); }
  void Item(std::uint8_t value) { out_ += static_cast<char>('0' + value); }

  std::string out_;
};

void WriteTree(Writer& out, const Tree& tree, std::size_t id, std::size_t n_features) {
  std::vector<std::int32_t> category_nodes;
  std::vector<std::int32_t> category_begins;
  std::vector<std::int32_t> category_sizes;
  for (std::size_t i = 0; i < tree.left.size(); ++i) {
    if (tree.is_categorical[i] == 0) continue;
    category_nodes.push_back(static_cast<std::int32_t>(i));
    category_begins.push_back(tree.category_begin[i]);
    category_sizes.push_back(tree.category_size[i]);
  }
  std::vector<std::int32_t> parents = tree.parent;
  if (!parents.empty()) parents[0] = kRootParent;

  out.Raw("{");
  out.Array("base_weights", tree.base_weight);
  out.Array("categories", tree.categories);
  out.Array("categories_nodes", category_nodes);
  out.Array("categories_segments", category_begins);
  out.Array("categories_sizes", category_sizes);
  out.Array("default_left", tree.default_left);
  out.Raw("\"id\":");
  out.Int(static_cast<std::int64_t>(id));
  out.Raw(",");
  out.Array("left_children", tree.left);
  out.Array("loss_changes", tree.loss_change);
  out.Array("parents", parents);
  out.Array("right_children", tree.right);
  out.Array("split_conditions", tree.threshold);
  out.Array("split_indices", tree.feature);
  out.Array("split_type", tree.is_categorical);
  out.Array("sum_hessian", tree.sum_hessian);
  out.Raw("\"tree_param\":{\"num_deleted\":\"0\",");
  out.Count("num_feature", n_features);
  out.Count("num_nodes", tree.left.size());
  out.Raw("\"size_leaf_vector\":\"1\"}}");
}

void WriteModel(Writer& out, const Booster& booster) {
  const auto n_outputs = static_cast<std::size_t>(booster.n_outputs);
  std::vector<std::int32_t> round_begins;
  std::vector<std::int32_t> tree_info;
  for (std::size_t i = 0; i < booster.trees.size(); ++i) {
    tree_info.push_back(static_cast<std::int32_t>(i % n_outputs));
    if (i % n_outputs == 0) round_begins.push_back(static_cast<std::int32_t>(i));
  }
  round_begins.push_back(static_cast<std::int32_t>(booster.trees.size()));

  // Categories travel as codes: with texts here, XGBoost would refuse a table whose column has
  // another type of category.
  out.Raw("{\"cats\":{\"enc\":[],\"feature_segments\":[],\"sorted_idx\":[]},");
  out.Raw("\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"");
  out.Int(static_cast<std::int64_t>(booster.trees.size()));
  out.Raw("\"},");
  out.Array("iteration_indptr", round_begins);
  out.Array("tree_info", tree_info);
  out.Raw("\"trees\":[");
  for (std::size_t i = 0; i < booster.trees.size(); ++i) {
    if (i > 0) out.Raw(",");
    WriteTree(out, booster.trees[i], i, booster.schema.features.size());
  }
  out.Raw("]}");
}

std::string SchemaText(const Schema& schema) {
  try {
    return ToJson(schema).dump();
  } catch (const Json::type_error&) {
    throw Error(ErrorKind::kData, "a column's name, class or category is not UTF-8 text", {},
                "convert the data file to UTF-8 and train again");
  }
}

void WriteAttributes(Writer& out, const Booster& booster) {
  std::map<std::string, std::string> attributes = booster.attributes;
  if (booster.best_round > 0) {
    attributes[kBestRoundAttribute] = fmt::format("{}", booster.best_round - 1);
  }
  attributes[kSchemaAttribute] = SchemaText(booster.schema);
  out.Texts(attributes);
}

void WriteModelParam(Writer& out, const Booster& booster) {
  // One number stands alone: versions before 3.1 take a list for 0.5.
  out.Raw("{\"base_score\":\"");
  const bool list = booster.base_score.size() > 1;
  for (std::size_t k = 0; k < booster.base_score.size(); ++k) {
    out.Raw(k > 0 ? "," : list ? "[" : "");
    out.Float(booster.base_score[k]);
  }
  out.Raw(list ? "]\"," : "\",");
  out.Raw("\"boost_from_average\":\"1\",");
  out.Count("num_class", booster.n_outputs > 1 ? static_cast<std::size_t>(booster.n_outputs) : 0);
  out.Count("num_feature", booster.schema.features.size());
  out.Raw("\"num_target\":\"1\"}");
}

void WriteObjective(Writer& out, const Booster& booster) {
  const std::string_view group = ObjectiveParamGroup(booster.objective);
  // Version 1.7 does not load a model without them.
  std::map<std::string, std::string> params = booster.objective_params;
  if (group == "softmax_multiclass_param") {
    params.emplace("num_class", fmt::format("{}", booster.n_outputs));
  } else if (group == "reg_loss_param") {
    params.emplace("scale_pos_weight", "1");
  }
  out.Raw("{\"name\":");
  out.Text(booster.objective);
  if (!group.empty()) {
    out.Raw(",\"");
    out.Raw(group);
    out.Raw("\":");
    out.Texts(params);
  }
  out.Raw("}");
}

}  // namespace

std::string ToXgboostJson(const Booster& booster) {
  std::vector<std::string> names;
  std::vector<std::string> types;
  for (const FeatureSchema& feature : booster.schema.features) {
    names.push_back(feature.name);
    types.emplace_back(feature.kind == ColumnKind::kCategorical ? "c" : "float");
  }
  Writer out;
  out.Raw("{\"learner\":{\"attributes\":");
  WriteAttributes(out, booster);
  out.Raw(",");
  out.Array("feature_names", names);
  out.Array("feature_types", types);
  out.Raw("\"gradient_booster\":{\"model\":");
  WriteModel(out, booster);
  out.Raw(",\"name\":\"gbtree\"},\"learner_model_param\":");
  WriteModelParam(out, booster);
  out.Raw(",\"objective\":");
  WriteObjective(out, booster);
  out.Raw("},\"version\":[3,2,0]}\n");
  return out.Take();
}

}  // namespace coppice::trainer
