#pragma once
// A table in memory: typed columns, label, weights, groups. Read once, never changed.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/data/schema.h"

namespace coppice::trainer {

using RowIndex = std::uint32_t;

// Which file of the spec a row came from.
enum class DataPart { kTrain, kValidation, kTest };

// Immutable after reading. Shapes: values[f] is [n_rows]; label, label_upper, weight, group are
// [n_rows] or empty. A value is NaN where it is missing; a categorical value is its code
// (schema.h).
struct Dataset {
  Schema schema;
  RowIndex n_rows = 0;
  std::vector<std::vector<float>> values;  // [n_features][n_rows]
  std::vector<float> label;                // class code where schema.classes is not empty
  std::vector<float> weight;               // empty: all 1
  // Where a label is only known to lie between two numbers: label is the lower one, this the upper
  // one, maybe infinite. Empty: labels are exact.
  std::vector<float> label_upper;
  // Dense ids in order of first appearance; the parts have no id in common. Empty: none.
  std::vector<std::int32_t> group;
  std::vector<DataPart> part;  // [n_rows]; rows of one part stand together

  std::size_t n_features() const { return values.size(); }
  // Of the values, labels, weight, group, part and schema: equal data, equal hash.
  std::string ContentHash() const;
  std::size_t Bytes() const;
};

}  // namespace coppice::trainer
