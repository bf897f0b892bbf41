#include "strategies/study/search_space.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "strategies/study/enumeration.h"

namespace coppice::study {
namespace {

using Parents = std::vector<std::optional<std::size_t>>;

std::optional<std::size_t> IndexOf(const std::vector<ParameterRange>& ranges,
                                   const std::string& name) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].name() == name) return i;
  }
  return std::nullopt;
}

// By range, the one that its condition is on; nullopt also where there is no such range.
Parents FindParents(const std::vector<ParameterRange>& ranges) {
  Parents parents(ranges.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].when()) parents[i] = IndexOf(ranges, ranges[i].when()->parameter);
  }
  return parents;
}

// Whether following the conditions from `range` leads back to it.
bool IsInCircle(const Parents& parents, std::size_t range) {
  std::optional<std::size_t> at = parents[range];
  for (std::size_t steps = 0; at && steps < parents.size(); ++steps) {
    if (*at == range) return true;
    at = parents[*at];
  }
  return false;
}

std::string DescribeUnknown(const std::vector<ParameterRange>& ranges, const Condition& when) {
  std::vector<std::string> names;
  for (const ParameterRange& range : ranges) names.push_back(range.name());
  const std::string suggestion = SuggestWord(when.parameter, names);
  return fmt::format("the condition is on `{}`, which is not searched{}{}", when.parameter,
                     suggestion.empty() ? "" : ": ", suggestion);
}

// What is wrong with the condition of one range; empty when nothing is.
std::vector<std::string> ConditionProblems(const std::vector<ParameterRange>& ranges,
                                           const Parents& parents, std::size_t range) {
  const Condition& when = *ranges[range].when();
  if (when.parameter == ranges[range].name()) return {"the condition is on the parameter itself"};
  if (!parents[range]) return {DescribeUnknown(ranges, when)};
  if (IsInCircle(parents, range)) {
    return {fmt::format("the condition on `{}` leads back to `{}`", when.parameter,
                        ranges[range].name())};
  }
  const ParameterRange& parent = ranges[*parents[range]];
  if (!parent.Count()) {
    return {fmt::format("the condition is on `{}`, a float without `step`", when.parameter)};
  }
  std::vector<std::string> problems;
  for (const Value& value : when.values) {
    if (parent.Contains(value)) continue;
    problems.push_back(fmt::format("the condition is on a value that `{}` never has: `{}`",
                                   when.parameter, coppice::ToText(value)));
  }
  return problems;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> SearchSpace::Problems(
    const std::vector<ParameterRange>& ranges) {
  std::vector<std::pair<std::string, std::string>> problems;
  const Parents parents = FindParents(ranges);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::string& name = ranges[i].name();
    if (IndexOf(ranges, name) != i) {
      problems.emplace_back(name, fmt::format("`{}` is searched twice", name));
    }
    if (!ranges[i].when()) continue;
    for (std::string& problem : ConditionProblems(ranges, parents, i)) {
      problems.emplace_back(name, std::move(problem));
    }
  }
  return problems;
}

SearchSpace::SearchSpace(std::vector<ParameterRange> ranges)
    : ranges_(std::move(ranges)), parents_(FindParents(ranges_)) {
  std::vector<bool> placed(ranges_.size(), false);
  while (order_.size() < ranges_.size()) {
    // The first range that is ready, so that the order is the spec's where conditions allow.
    std::size_t ready = 0;
    while (ready < ranges_.size() &&
           (placed[ready] || (parents_[ready] && !placed[*parents_[ready]]))) {
      ++ready;
    }
    COPPICE_CHECK(ready < ranges_.size(), "conditions run in no circle");
    placed[ready] = true;
    order_.push_back(ready);
  }
}

bool SearchSpace::IsActive(std::size_t range, const std::map<std::string, Value>& values) const {
  const std::optional<Condition>& when = ranges_[range].when();
  if (!when) return true;
  const auto parent = values.find(when->parameter);
  if (parent == values.end()) return false;
  return std::any_of(when->values.begin(), when->values.end(),
                     [&](const Value& value) { return SameValue(value, parent->second); });
}

Configuration SearchSpace::Decode(std::span<const double> point) const {
  COPPICE_CHECK(point.size() == ranges_.size(), "a point has one coordinate a range");
  std::map<std::string, Value> values;
  for (std::size_t i : order_) {
    if (IsActive(i, values)) values[ranges_[i].name()] = ranges_[i].Decode(point[i]);
  }
  return Configuration(std::move(values));
}

std::vector<double> SearchSpace::Encode(const Configuration& configuration) const {
  constexpr double kInactive = 0.5;
  std::vector<double> point(ranges_.size(), kInactive);
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const Value* value = configuration.Find(ranges_[i].name());
    if (value != nullptr) point[i] = ranges_[i].Encode(*value);
  }
  return point;
}

bool SearchSpace::Contains(const Configuration& configuration) const {
  std::size_t n_active = 0;
  for (std::size_t i : order_) {
    const Value* value = configuration.Find(ranges_[i].name());
    if (IsActive(i, configuration.values()) != (value != nullptr)) return false;
    if (value == nullptr) continue;
    if (!ranges_[i].Contains(*value)) return false;
    ++n_active;
  }
  return n_active == configuration.values().size();
}

Configuration SearchSpace::Project(const std::map<std::string, Value>& values) const {
  std::map<std::string, Value> projected;
  for (std::size_t i : order_) {
    if (!IsActive(i, projected)) continue;
    const ParameterRange& range = ranges_[i];
    const auto given = values.find(range.name());
    projected[range.name()] = given == values.end() ? range.Middle() : range.Nearest(given->second);
  }
  return Configuration(std::move(projected));
}

std::optional<std::int64_t> SearchSpace::Count() const {
  const std::optional<Enumeration> all = Enumeration::Of(*this, std::nullopt);
  if (!all) return std::nullopt;
  return all->size();
}

}  // namespace coppice::study
