#pragma once
// One point of the search space: the values of the active parameters, by name. A parameter whose
// condition does not hold is absent, never null.

#include <map>
#include <string>

#include "base/json_fwd.h"
#include "base/value.h"

namespace coppice::study {

// Immutable but for assignment. Ordered by name, so that equal configurations have equal texts.
class Configuration {
 public:
  Configuration() = default;
  explicit Configuration(std::map<std::string, Value> values) : values_(std::move(values)) {}

  const std::map<std::string, Value>& values() const { return values_; }
  bool empty() const { return values_.empty(); }
  // Null when the parameter is absent.
  const Value* Find(const std::string& name) const;

  // "eta=0.1 max_depth=6": the identity used to avoid duplicate trials.
  std::string CanonicalText() const;
  Json ToJson() const;
  // `json` is an object of numbers, booleans and strings.
  static Configuration FromJson(const Json& json);

  bool operator==(const Configuration& other) const = default;

 private:
  std::map<std::string, Value> values_;
};

}  // namespace coppice::study
