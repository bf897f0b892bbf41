#include "trainer/feature_params.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/json.h"

namespace coppice::trainer {
namespace {

// "(1,-1,)" to "[1,-1]"; anything else stays.
std::string WithBrackets(std::string text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_space));
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return text;
  text.pop_back();
  while (!text.empty() && is_space(text.back())) text.pop_back();
  if (text.back() == ',') text.pop_back();
  text.front() = '[';
  return text + ']';
}

Json ParseOrDiscard(const std::string& text) {
  return Json::parse(WithBrackets(text), nullptr, /*allow_exceptions=*/false);
}

// Whole numbers without a fraction, as they are written.
Json NumberJson(double number) {
  constexpr double kLargest = 1LL << 53;
  const bool is_whole = number == std::floor(number) && std::abs(number) <= kLargest;
  return is_whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// Whether all elements of a list are such; false for what is no list.
template <typename Predicate>
bool IsListOf(const Json& json, const Predicate& predicate) {
  return json.is_array() && std::all_of(json.begin(), json.end(), predicate);
}

bool IsNumber(const Json& json) { return json.is_number(); }
bool IsName(const Json& json) { return json.is_string(); }
bool IsPosition(const Json& json) {
  return json.is_number_unsigned() &&
         json.get<std::uint64_t>() <=
             static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
}

}  // namespace

std::optional<FeatureNumbers> FeatureNumbersFromText(const std::string& text) {
  const Json json = ParseOrDiscard(text);
  FeatureNumbers numbers;
  if (IsListOf(json, IsNumber)) {
    numbers.by_position = json.get<std::vector<double>>();
    return numbers;
  }
  if (!json.is_object()) return std::nullopt;
  for (const auto& [name, number] : json.items()) {
    if (!number.is_number()) return std::nullopt;
    numbers.by_name.emplace(name, number.get<double>());
  }
  return numbers;
}

std::optional<FeatureGroups> FeatureGroupsFromText(const std::string& text) {
  const Json json = ParseOrDiscard(text);
  if (!json.is_array() || json.empty()) return std::nullopt;
  const auto all_of = [&](const auto& predicate) {
    return IsListOf(
        json, [&](const Json& group) { return IsListOf(group, predicate) && !group.empty(); });
  };
  FeatureGroups groups;
  if (all_of(IsPosition)) {
    groups.by_position = json.get<std::vector<std::vector<int>>>();
  } else if (all_of(IsName)) {
    groups.by_name = json.get<std::vector<std::vector<std::string>>>();
  } else {
    return std::nullopt;
  }
  return groups;
}

std::string TextOf(const FeatureNumbers& numbers) {
  Json json = numbers.by_name.empty() ? Json::array() : Json::object();
  for (const double number : numbers.by_position) json.push_back(NumberJson(number));
  for (const auto& [name, number] : numbers.by_name) json[name] = NumberJson(number);
  return json.dump();
}

std::string TextOf(const FeatureGroups& groups) {
  return groups.by_name.empty() ? Json(groups.by_position).dump() : Json(groups.by_name).dump();
}

}  // namespace coppice::trainer
