#include "trainer/data/schema.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"

namespace coppice::trainer {
namespace {

[[noreturn]] void Fail(const std::string& path, const std::string& wanted) {
  throw Error(ErrorKind::kData, fmt::format("the schema's `{}` is not {}", path, wanted),
              {{}, 0, 0, path}, "take the schema from a model that coppice wrote");
}

const Json& Member(const Json& json, const std::string& path, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || found == json.end()) Fail(path + key, "there");
  return *found;
}

std::string TextAt(const Json& json, const std::string& path, const char* key) {
  const Json& value = Member(json, path, key);
  if (!value.is_string()) Fail(path + key, "a text");
  return value.get<std::string>();
}

int WholeAt(const Json& json, const std::string& path, const char* key, int min) {
  const Json& value = Member(json, path, key);
  const bool fits = value.is_number_integer() && value.get<std::int64_t>() >= min &&
                    value.get<std::int64_t>() <= INT32_MAX;
  if (!fits) Fail(path + key, fmt::format("a whole number of at least {}", min));
  return value.get<int>();
}

std::vector<std::string> TextsAt(const Json& json, const std::string& path, const char* key) {
  const Json& value = Member(json, path, key);
  if (!value.is_array()) Fail(path + key, "a list of texts");
  std::vector<std::string> texts;
  for (const Json& item : value) {
    if (!item.is_string()) Fail(path + key, "a list of texts");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

FeatureSchema FeatureFromJson(const Json& json, const std::string& path) {
  FeatureSchema feature;
  feature.name = TextAt(json, path, "name");
  const std::string kind = TextAt(json, path, "kind");
  if (kind != "numeric" && kind != "categorical") Fail(path + "kind", "a kind of column");
  feature.column = WholeAt(json, path, "column", -1);
  if (kind == "numeric") return feature;
  feature.kind = ColumnKind::kCategorical;
  feature.categories = TextsAt(json, path, "categories");
  if (feature.categories.size() > static_cast<std::size_t>(kMaxCategories)) {
    Fail(path + "categories", fmt::format("a list of at most {} texts", kMaxCategories));
  }
  return feature;
}

}  // namespace

Json ToJson(const Schema& schema) {
  Json features = Json::array();
  for (const FeatureSchema& feature : schema.features) {
    const bool categorical = feature.kind == ColumnKind::kCategorical;
    Json item = {{"name", feature.name},
                 {"kind", categorical ? "categorical" : "numeric"},
                 {"column", feature.column}};
    if (categorical) item["categories"] = feature.categories;
    features.push_back(std::move(item));
  }
  Json json = {{"features", std::move(features)},
               {"label", schema.label},
               {"label_column", schema.label_column},
               {"n_columns", schema.n_columns},
               {"has_header", schema.has_header},
               {"classes", schema.classes},
               {"missing", schema.missing}};
  // Most data have neither.
  if (schema.group_column >= 0) {
    json["group"] = schema.group;
    json["group_column"] = schema.group_column;
  }
  if (schema.label_upper_column >= 0) {
    json["label_upper"] = schema.label_upper;
    json["label_upper_column"] = schema.label_upper_column;
  }
  return json;
}

Schema SchemaFromJson(const Json& json) {
  Schema schema;
  const Json& features = Member(json, "", "features");
  if (!features.is_array()) Fail("features", "a list");
  for (std::size_t i = 0; i < features.size(); ++i) {
    schema.features.push_back(FeatureFromJson(features[i], fmt::format("features[{}].", i)));
  }
  schema.label = TextAt(json, "", "label");
  schema.label_column = WholeAt(json, "", "label_column", -1);
  schema.n_columns = WholeAt(json, "", "n_columns", 0);
  const Json& has_header = Member(json, "", "has_header");
  if (!has_header.is_boolean()) Fail("has_header", "true or false");
  schema.has_header = has_header.get<bool>();
  schema.classes = TextsAt(json, "", "classes");
  schema.missing = TextsAt(json, "", "missing");
  if (json.contains("group_column")) {
    schema.group = TextAt(json, "", "group");
    schema.group_column = WholeAt(json, "", "group_column", 0);
  }
  if (json.contains("label_upper_column")) {
    schema.label_upper = TextAt(json, "", "label_upper");
    schema.label_upper_column = WholeAt(json, "", "label_upper_column", 0);
  }
  return schema;
}

}  // namespace coppice::trainer
