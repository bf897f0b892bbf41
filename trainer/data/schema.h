#pragma once
// What the columns of a table mean: enough to read another file of the same shape the same way, so
// it travels inside a model.

#include <cstdint>
#include <string>
#include <vector>

#include "base/json_fwd.h"

namespace coppice::trainer {

enum class ColumnKind { kNumeric, kCategorical };

struct FeatureSchema {
  std::string name;
  ColumnKind kind = ColumnKind::kNumeric;
  // kCategorical: the text of each code, 0 upward. Codes follow the order of the texts; with more
  // than kMaxCategories of them they follow frequency (ties by text) and the rest have no code.
  std::vector<std::string> categories;
  // 0-based place in the file that the schema was made from, for files without a header; -1: not
  // known, features then stand in the order of the schema.
  int column = -1;

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
  int label_column = -1;             // as FeatureSchema::column
  int n_columns = 0;                 // of that file; 0: not known
  std::string group;                 // as label, of the groups; "" too when there are none
  int group_column = -1;
  std::string label_upper;  // where `label` is the lower bound: the upper one's column
  int label_upper_column = -1;

  bool operator==(const Schema&) const = default;
};

Json ToJson(const Schema& schema);
// Throws Error (kData) when `json` is not what ToJson writes.
Schema SchemaFromJson(const Json& json);

}  // namespace coppice::trainer
