#include "trainer/data/dataset_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/text.h"

namespace coppice::trainer {
namespace {

std::size_t TrainRows(const Dataset& data) {
  return static_cast<std::size_t>(std::count(data.part.begin(), data.part.end(), DataPart::kTrain));
}

enum class Dullness { kNone, kConstant, kEmpty };

// A value that is sometimes missing tells something, even if it is always the same.
Dullness DullnessOf(std::span<const float> column) {
  if (column.empty()) return Dullness::kNone;
  const float first = column[0];
  if (std::isnan(first)) {
    const bool all =
        std::all_of(column.begin(), column.end(), [](float v) { return std::isnan(v); });
    return all ? Dullness::kEmpty : Dullness::kNone;
  }
  const bool same = std::all_of(column.begin(), column.end(), [&](float v) { return v == first; });
  return same ? Dullness::kConstant : Dullness::kNone;
}

}  // namespace

void AddRows(Dataset& data, std::size_t n, DataPart part) {
  if (n > std::numeric_limits<RowIndex>::max() - data.n_rows) {
    throw Error(ErrorKind::kData, "the data has more than 4294967295 rows", {},
                "train on a sample of it");
  }
  data.n_rows += static_cast<RowIndex>(n);
  data.part.resize(data.n_rows, part);
}

void CheckWeightValues(std::span<const float> weights, const RowPlace& place,
                       FindingList& findings) {
  std::vector<std::size_t> below;
  for (std::size_t row = 0; row < weights.size(); ++row) {
    if (weights[row] < 0) below.push_back(row);
  }
  if (below.empty()) return;
  findings.AddMany(
      fmt::format("weight `{}` is below 0", weights[below.front()]), below.size(), below.size(),
      [&](std::size_t i) { return place(below[i]); },
      "a weight says how often a row counts: 0 or more");
}

void NumberGroups(Dataset& data) {
  std::vector<std::int32_t> id_of;  // by code; -1: not seen in this part
  std::int32_t next = 0;
  for (std::size_t row = 0; row < data.group.size(); ++row) {
    if (row > 0 && data.part[row] != data.part[row - 1]) id_of.clear();
    const auto code = static_cast<std::size_t>(data.group[row]);
    if (code >= id_of.size()) id_of.resize(code + 1, -1);
    if (id_of[code] < 0) id_of[code] = next++;
    data.group[row] = id_of[code];
  }
}

void CheckLabelEnds(std::span<const float> lower, std::span<const float> upper,
                    const RowPlace& place, FindingList& findings) {
  std::vector<std::size_t> below;
  for (std::size_t row = 0; row < lower.size(); ++row) {
    if (upper[row] < lower[row]) below.push_back(row);
  }
  if (below.empty()) return;
  findings.AddMany(
      fmt::format("the label's upper bound `{}` is below its lower bound `{}`",
                  upper[below.front()], lower[below.front()]),
      below.size(), below.size(), [&](std::size_t i) { return place(below[i]); },
      "the label lies between the two");
}

void CheckSomeWeight(const Dataset& data) {
  if (data.weight.empty()) return;
  const auto end = data.weight.begin() + static_cast<std::ptrdiff_t>(TrainRows(data));
  if (std::any_of(data.weight.begin(), end, [](float weight) { return weight > 0; })) return;
  throw Error(ErrorKind::kData, "the weight is 0 in every row", {},
              "give some row a weight above 0, or leave out `data.weight`");
}

void NoteDullColumns(const Dataset& data, Notices* notices) {
  if (notices == nullptr) return;
  const std::size_t n_train = TrainRows(data);
  std::vector<std::string> empty;
  std::vector<std::string> constant;
  for (std::size_t f = 0; f < data.n_features(); ++f) {
    const Dullness dullness = DullnessOf(std::span(data.values[f]).first(n_train));
    if (dullness == Dullness::kEmpty) empty.push_back(data.schema.features[f].name);
    if (dullness == Dullness::kConstant) constant.push_back(data.schema.features[f].name);
  }
  const auto note = [&](const std::vector<std::string>& names, const char* what) {
    if (names.size() == 1) {
      notices->push_back(fmt::format("column `{}` {}", names[0], what));
    } else if (!names.empty()) {
      std::string list;
      for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 6); ++i) {
        list += fmt::format("{}`{}`", i > 0 ? ", " : "", names[i]);
      }
      notices->push_back(fmt::format("{} columns: each {}: {}{}", names.size(), what, list,
                                     names.size() > 6 ? ", ..." : ""));
    }
  };
  note(constant, "holds one value only");
  note(empty, "holds no value");
}

}  // namespace coppice::trainer
