#include "tuner/preflight/id_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>

namespace coppice::tuner {
namespace {

bool IsLower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
bool IsAlpha(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// A word of its own at the end: "id", "user_id", "UserId", "userID"; not "paid" or "PAID".
bool IsCalledId(const std::string& name) {
  if (name.size() < 2) return false;
  const std::string end = name.substr(name.size() - 2);
  const char i = end[0];
  const char d = end[1];
  if ((i != 'i' && i != 'I') || (d != 'd' && d != 'D')) return false;
  if (name.size() == 2) return true;
  const char before = name[name.size() - 3];
  return !IsAlpha(before) || (IsLower(before) && i == 'I');
}

struct Values {
  std::size_t n = 0;     // not missing
  std::size_t once = 0;  // values that stand in one row only
  std::size_t different = 0;
  bool whole = true;
  bool exact = true;  // every one is small enough for a float to hold it to the unit
};

Values Count(const std::vector<float>& column) {
  constexpr float kLargestExact = 16777216;  // 2^24
  Values values;
  std::map<float, std::size_t> counts;
  for (const float value : column) {
    if (std::isnan(value)) continue;
    ++values.n;
    ++counts[value];
    values.whole = values.whole && value == std::floor(value);
    values.exact = values.exact && std::fabs(value) < kLargestExact;
  }
  values.different = counts.size();
  for (const auto& [value, count] : counts) values.once += count == 1 ? 1 : 0;
  return values;
}

// Each row's number is the one before it and one more.
bool CountsRows(const std::vector<float>& column) {
  for (std::size_t i = 1; i < column.size(); ++i) {
    if (!(column[i] == column[i - 1] + 1)) return false;
  }
  return true;
}

// Larger numbers share a float with their neighbours, so that they cannot be seen to differ.
std::optional<std::string> WhyNumber(const std::string& name, const Values& values) {
  if (!IsCalledId(name) || !values.whole) return std::nullopt;
  if (!values.exact) return "whole numbers too large to tell apart, called an id";
  if (values.once < values.n) return std::nullopt;
  return "whole numbers called an id, none of them twice";
}

// With more than kMaxCategories of them only so many texts have a code, the most frequent: if those
// stand in one row each, so do the others.
std::optional<std::string> WhyText(const trainer::FeatureSchema& feature, const Values& values,
                                   std::size_t n_rows) {
  if (20 * values.once < 19 * values.n) return std::nullopt;
  const bool full = feature.categories.size() == static_cast<std::size_t>(trainer::kMaxCategories);
  if (full) return fmt::format("its texts stand in one of {} rows each, or nearly so", n_rows);
  return fmt::format("{} different texts in {} rows", values.different, values.n);
}

}  // namespace

std::vector<IdColumn> FindIdColumns(const trainer::Dataset& table) {
  std::vector<IdColumn> ids;
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    const trainer::FeatureSchema& feature = table.schema.features[f];
    const bool is_number = feature.kind == trainer::ColumnKind::kNumeric;
    const bool counts_rows = is_number && CountsRows(table.values[f]);
    // Counting different numbers of a long column takes long.
    if (is_number && !counts_rows && !IsCalledId(feature.name)) continue;
    const Values values = Count(table.values[f]);
    if (values.n < kFewestRowsForIds) continue;
    auto why = is_number ? WhyNumber(feature.name, values) : WhyText(feature, values, table.n_rows);
    if (!why && counts_rows && values.whole && values.exact) why = "it counts the rows";
    if (why) ids.push_back({feature.name, *why});
  }
  return ids;
}

}  // namespace coppice::tuner
