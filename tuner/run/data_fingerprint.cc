#include "tuner/run/data_fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

namespace coppice::tuner {
namespace {

template <typename T>
std::string ShortHash(const std::vector<T>& items) {
  if (items.empty()) return {};
  ContentHash hash;
  hash.AddSpan(std::span<const T>(items));
  return hash.Hex().substr(0, 8);
}

std::string HashOfSplit(const trainer::Split& split) {
  ContentHash hash;
  for (const trainer::Fold& fold : split.folds) {
    hash.AddSpan<trainer::RowIndex>(fold.train);
    hash.AddSpan<trainer::RowIndex>(fold.validation);
  }
  hash.AddSpan<trainer::RowIndex>(split.test);
  return hash.Hex().substr(0, 8);
}

// What a column holds: its kind, and the texts of its codes.
std::string HashOfMeaning(const std::vector<std::string>& texts) {
  ContentHash hash;
  for (const std::string& text : texts) hash.Add(text);
  return texts.empty() ? std::string() : hash.Hex().substr(0, 8);
}

// A column of the JSON.
struct Column {
  std::string name;
  std::string meaning;
  std::string values;
};

std::vector<Column> ColumnsOf(const Json& json) {
  std::vector<Column> columns;
  for (const Json& column : json.value("columns", Json::array())) {
    if (!column.is_array() || column.size() != 3) continue;
    columns.push_back(
        {column[0].get<std::string>(), column[1].get<std::string>(), column[2].get<std::string>()});
  }
  return columns;
}

// Nothing of an older record, or one that is no such text.
Json PartsIn(const std::string& fingerprint) {
  const std::size_t blank = fingerprint.find(' ');
  if (blank == std::string::npos) return Json();
  return Json::parse(fingerprint.substr(blank + 1), nullptr, /*allow_exceptions=*/false);
}

using ByName = std::map<std::string, const Column*>;

ByName IndexOf(const std::vector<Column>& columns) {
  ByName index;
  for (const Column& column : columns) index[column.name] = &column;
  return index;
}

// "the columns `a` and `b` are gone"; nothing for no names.
void Say(const std::vector<std::string>& names, const std::string& one, const std::string& many,
         std::vector<std::string>* words) {
  constexpr std::size_t kMostNamed = 5;
  if (names.empty()) return;
  words->push_back(names.size() == 1
                       ? fmt::format("the column `{}` {}", names.front(), one)
                       : fmt::format("the columns {} {}", ListWords(names, kMostNamed), many));
}

void CompareColumns(const std::vector<Column>& then, const std::vector<Column>& now, bool values,
                    std::vector<std::string>* words) {
  const ByName before = IndexOf(then);
  const ByName after = IndexOf(now);
  std::vector<std::string> gone;
  std::vector<std::string> fresh;
  std::vector<std::string> other_meaning;
  std::vector<std::string> other_values;
  for (const Column& column : then) {
    const auto found = after.find(column.name);
    if (found == after.end()) {
      gone.push_back(column.name);
    } else if (found->second->meaning != column.meaning) {
      other_meaning.push_back(column.name);
    } else if (values && found->second->values != column.values) {
      other_values.push_back(column.name);
    }
  }
  for (const Column& column : now) {
    if (!before.contains(column.name)) fresh.push_back(column.name);
  }
  Say(gone, "is gone", "are gone", words);
  Say(fresh, "is new", "are new", words);
  Say(other_meaning, "has other categories", "have other categories", words);
  Say(other_values, "has other values", "have other values", words);
  const bool same_set = gone.empty() && fresh.empty();
  if (same_set && !std::equal(then.begin(), then.end(), now.begin(), now.end(),
                              [](const auto& a, const auto& b) { return a.name == b.name; })) {
    words->emplace_back("the columns stand in another order");
  }
}

}  // namespace

std::string FingerprintOf(const StudyData& data) {
  const trainer::Dataset& table = *data.table;
  Json json = {{"rows", table.n_rows},
               {"label", ShortHash(table.label) + ShortHash(table.label_upper)},
               {"classes", HashOfMeaning(table.schema.classes)},
               {"weight", ShortHash(table.weight)},
               {"group", ShortHash(table.group)},
               {"files", ShortHash(table.part)},
               {"split", HashOfSplit(data.split)}};
  json["columns"] = Json::array();
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    const trainer::FeatureSchema& feature = table.schema.features[f];
    const bool has_texts = feature.kind == trainer::ColumnKind::kCategorical;
    const std::string meaning =
        has_texts ? "texts " + HashOfMeaning(feature.categories) : "numbers";
    json["columns"].push_back({feature.name, meaning, ShortHash(table.values[f])});
  }
  return data.hash + " " + json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string HashIn(const std::string& fingerprint) {
  return fingerprint.substr(0, fingerprint.find(' '));
}

std::optional<std::size_t> RowsIn(const std::string& fingerprint) {
  const Json parts = PartsIn(fingerprint);
  const auto rows = parts.is_object() ? parts.find("rows") : parts.end();
  if (rows == parts.end() || !rows->is_number_unsigned()) return std::nullopt;
  return rows->get<std::size_t>();
}

std::vector<std::string> WhatChanged(const std::string& then, const std::string& now) {
  std::vector<std::string> words;
  const Json before = PartsIn(then);
  const Json after = PartsIn(now);
  if (!before.is_object() || !after.is_object()) return words;
  const auto differs = [&](const char* part) { return before.value(part, Json()) != after[part]; };
  const bool same_rows = !differs("rows");
  if (!same_rows) {
    words.push_back(fmt::format("{} rows then, {} now", before.value("rows", Json()).dump(),
                                after["rows"].dump()));
  }
  CompareColumns(ColumnsOf(before), ColumnsOf(after), same_rows, &words);
  if (differs("classes")) words.emplace_back("the label has other classes");
  if (same_rows) {
    if (differs("label")) words.emplace_back("other labels");
    if (differs("weight")) words.emplace_back("other weights");
    if (differs("group")) words.emplace_back("other groups");
    if (differs("files")) words.emplace_back("rows stand in other files");
  }
  if (words.empty() && differs("split")) words.emplace_back("the rows are split otherwise");
  return words;
}

}  // namespace coppice::tuner
