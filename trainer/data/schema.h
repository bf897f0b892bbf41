#pragma once
// What the columns of a table mean: enough to read another file of the same shape the same way, so
// it travels inside a model.

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace coppice::trainer {

enum class ColumnKind { kNumeric, kCategorical };

struct FeatureSchema {
  std::string name;
  ColumnKind kind = ColumnKind::kNumeric;
  // kCategorical: the text of each code, 0 upward. Codes follow the order of the texts; with more
  // than kMaxCategories of them they follow frequency (ties by text) and the rest have no code.
  std::vector<std::string> categories;

  bool operator==(const FeatureSchema&) const = default;
};

// A bin is one byte and missing takes one value of it.
inline constexpr int kMaxCategories = 255;

struct Schema {
  std::vector<FeatureSchema> features;
  std::string label;                 // its column's name; "" when there was no header
  bool has_header = true;            // of the file it was made from
  std::vector<std::string> classes;  // the text of class 0, 1, ...; empty for a number
  std::vector<std::string> missing;  // texts that mean "not known"

  bool operator==(const Schema&) const = default;
};

Json ToJson(const Schema& schema);
// Throws Error (kData) when `json` is not what ToJson writes.
Schema SchemaFromJson(const Json& json);

}  // namespace coppice::trainer
