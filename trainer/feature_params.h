#pragma once
// Values of parameters that speak of single features, by position or by name. A spec is read before
// any table, so names stay names until ResolveFeatures (trainer/resolve_features.h) has the
// columns.
//
// As a Value such a parameter is a text: JSON, or what XGBoost writes for lists of numbers,
// "(1,-1,0)".

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coppice::trainer {

// A number a feature: [1, 0, -1] or {"age": 1}. One of the two members is empty, or both are, which
// says nothing of any feature.
struct FeatureNumbers {
  std::vector<double> by_position;
  std::map<std::string, double> by_name;

  bool empty() const { return by_position.empty() && by_name.empty(); }
  bool operator==(const FeatureNumbers&) const = default;
};

// Groups of features: [[0, 2], [1]] or [["age", "fare"], ["sex"]]. One of the two members is empty,
// or both are; no group is.
struct FeatureGroups {
  std::vector<std::vector<int>> by_position;
  std::vector<std::vector<std::string>> by_name;

  bool empty() const { return by_position.empty() && by_name.empty(); }
  bool operator==(const FeatureGroups&) const = default;
};

// Nothing when the text is none of these. Numbers of any size are taken; positions are from 0.
std::optional<FeatureNumbers> FeatureNumbersFromText(const std::string& text);
// At least one group.
std::optional<FeatureGroups> FeatureGroupsFromText(const std::string& text);

// JSON that reads back as the same.
std::string TextOf(const FeatureNumbers& numbers);
std::string TextOf(const FeatureGroups& groups);

}  // namespace coppice::trainer
