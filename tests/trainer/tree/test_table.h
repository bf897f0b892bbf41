#pragma once
// A made-up table with missing values and a category, for tests of training.

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.h"
#include "trainer/bins/binned_matrix.h"

namespace coppice::trainer {

struct TestTable {
  Dataset data;
  std::vector<RowIndex> rows;
  std::shared_ptr<const BinnedMatrix> matrix;
};

// n_features columns: every third has missing values, every fifth (from 4) is categorical with 12
// codes. The label is 0 or 1 and depends on the first three columns.
inline TestTable MakeTestTable(RowIndex n_rows, int n_features, std::uint64_t seed) {
  TestTable table;
  Dataset& data = table.data;
  data.n_rows = n_rows;
  RandomStream random(seed, {Purpose::kSynth});
  for (int f = 0; f < n_features; ++f) {
    const bool categorical = f % 5 == 4;
    FeatureSchema schema{
        "x" + std::to_string(f), categorical ? ColumnKind::kCategorical : ColumnKind::kNumeric, {}};
    if (categorical) {
      for (int code = 0; code < 12; ++code) schema.categories.push_back("c" + std::to_string(code));
    }
    std::vector<float> column;
    for (RowIndex row = 0; row < n_rows; ++row) {
      const bool missing = f % 3 == 2 && random.Below(6) == 0;
      const auto value = static_cast<float>(categorical ? static_cast<double>(random.Below(12))
                                                        : std::round(100 * random.Uniform()) / 10);
      column.push_back(missing ? std::numeric_limits<float>::quiet_NaN() : value);
    }
    data.values.push_back(std::move(column));
    data.schema.features.push_back(std::move(schema));
  }
  for (RowIndex row = 0; row < n_rows; ++row) {
    double score = data.values[0][row] - 5;
    if (n_features > 2) score += std::isnan(data.values[2][row]) ? 3 : -1;
    if (n_features > 4) score += std::fmod(data.values[4][row], 3) == 0 ? 2 : -1;
    data.label.push_back(score + 2 * random.Uniform() > 1 ? 1.0F : 0.0F);
  }
  data.part.assign(n_rows, DataPart::kTrain);
  table.rows.resize(n_rows);
  std::iota(table.rows.begin(), table.rows.end(), 0);
  table.matrix = std::make_shared<const BinnedMatrix>(data, FindCuts(data, table.rows, 256));
  return table;
}

}  // namespace coppice::trainer
