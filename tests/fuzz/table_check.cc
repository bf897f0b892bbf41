#include "tests/fuzz/table_check.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "base/error.h"
#include "base/json.h"
#include "tests/fuzz/refusal.h"
#include "tests/trainer/data/data_files_in_memory.h"
#include "trainer/bins/binned_matrix.h"
#include "trainer/bins/quantile_cuts.h"

namespace coppice::fuzz {
namespace {

using trainer::Dataset;
using trainer::FeatureSchema;

// Wider tables are read, but not binned: one would take longer than all other inputs.
constexpr std::size_t kMostFeatures = 2000;

// Whether it is 0 .. n - 1.
bool IsCode(float value, std::size_t n) {
  return value >= 0 && value < static_cast<float>(n) && value == std::floor(value);
}

bool IsOfRows(std::size_t size, const Dataset& data) { return size == 0 || size == data.n_rows; }

void CheckShapes(const Dataset& data) {
  COPPICE_CHECK(data.n_rows > 0, "a table has rows");
  COPPICE_CHECK(!data.values.empty(), "a table has features");
  COPPICE_CHECK(data.values.size() == data.schema.features.size(), "one column a feature");
  for (const auto& column : data.values) {
    COPPICE_CHECK(column.size() == data.n_rows, "one value a row");
  }
  COPPICE_CHECK(data.label.size() == data.n_rows, "one label a row");
  COPPICE_CHECK(data.part.size() == data.n_rows, "each row is of a file");
  COPPICE_CHECK(IsOfRows(data.label_upper.size(), data) && IsOfRows(data.weight.size(), data) &&
                    IsOfRows(data.group.size(), data),
                "a column of rows has them all or is not there");
}

void CheckValues(const Dataset& data) {
  for (std::size_t f = 0; f < data.values.size(); ++f) {
    const FeatureSchema& feature = data.schema.features[f];
    const bool is_numeric = feature.kind == trainer::ColumnKind::kNumeric;
    for (const float value : data.values[f]) {
      if (std::isnan(value)) continue;
      COPPICE_CHECK(is_numeric ? std::isfinite(value) : IsCode(value, feature.categories.size()),
                    "a value is a number, or the code of a category");
    }
  }
  const std::size_t n_classes = data.schema.classes.size();
  for (const float label : data.label) {
    COPPICE_CHECK(n_classes == 0 ? std::isfinite(label) : IsCode(label, n_classes),
                  "a label is a number, or the code of a class");
  }
  for (const float weight : data.weight) {
    COPPICE_CHECK(std::isfinite(weight) && weight >= 0, "a weight is a number from 0");
  }
  for (std::size_t row = 0; row < data.label_upper.size(); ++row) {
    COPPICE_CHECK(data.label_upper[row] >= data.label[row], "an upper bound is not below");
  }
  std::int32_t n_groups = 0;
  for (const std::int32_t group : data.group) {
    COPPICE_CHECK(group >= 0 && group <= n_groups, "groups count up as they appear");
    n_groups = std::max(n_groups, group + 1);
  }
}

bool AreSame(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool both_missing = std::isnan(a[i]) && std::isnan(b[i]);
    if (!both_missing && std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i])) {
      return false;
    }
  }
  return true;
}

void CheckReadsAgain(const Dataset& data, const std::string& name, FileSystem& disk) {
  const trainer::Schema schema = trainer::SchemaFromJson(trainer::ToJson(data.schema));
  COPPICE_CHECK(schema == data.schema, "a schema survives its JSON");
  const Dataset again = trainer::ReadWithSchema(name, schema, /*with_label=*/true, disk, nullptr);
  COPPICE_CHECK(again.n_rows == data.n_rows && again.values.size() == data.values.size(),
                "a file has the shape that it had");
  for (std::size_t f = 0; f < data.values.size(); ++f) {
    COPPICE_CHECK(AreSame(again.values[f], data.values[f]), "a column has the values that it had");
  }
  COPPICE_CHECK(AreSame(again.label, data.label), "rows have the labels that they had");
}

void CheckBins(const Dataset& data) {
  if (data.values.size() > kMostFeatures) return;
  std::vector<trainer::RowIndex> rows(data.n_rows);
  std::iota(rows.begin(), rows.end(), 0U);
  const trainer::BinnedMatrix matrix(data, trainer::FindCuts(data, rows, 16));
  COPPICE_CHECK(matrix.n_rows() == data.n_rows, "all rows have bins");
}

}  // namespace

Outcome TryTable(std::string_view bytes, const std::string& name,
                 const std::vector<trainer::ReadOptions>& ways) {
  trainer::DataFilesInMemory disk(trainer::Files{{name, std::string(bytes)}});
  Outcome outcome = Outcome::kRefused;
  for (const trainer::ReadOptions& options : ways) {
    Dataset data;
    trainer::Notices notices;
    try {
      data = trainer::ReadDataset({{name}, {}, {}}, options, disk, &notices);
    } catch (const Error& error) {
      CheckRefusal(error, ErrorKind::kData);
      continue;
    }
    outcome = Outcome::kRead;
    CheckShapes(data);
    CheckValues(data);
    CheckReadsAgain(data, name, disk);
    CheckBins(data);
  }
  return outcome;
}

}  // namespace coppice::fuzz
