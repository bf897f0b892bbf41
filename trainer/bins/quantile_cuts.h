#pragma once
// Where a numeric feature is cut into bins: weighted quantiles, as XGBoost's `hist` has them
// (Chen and Guestrin 2016, section 3.3), here exact.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/dataset.h"

namespace coppice::trainer {

// The cuts of one feature. Numeric: bin(x) = number of cuts <= x, at most n - 1, with n =
// cuts.size(); the last cut lies above every value. So a split behind bin b is x < cuts[b].
// Categorical: the bin is the code.
struct FeatureCuts {
  ColumnKind kind = ColumnKind::kNumeric;
  std::vector<float> cuts;   // ascending; numeric only
  int n_categories = 0;      // categorical only
  bool has_missing = false;  // in any row of the data

  int n_bins() const {
    return kind == ColumnKind::kNumeric ? static_cast<int>(cuts.size()) : n_categories;
  }
  // `value` is not NaN.
  std::uint8_t BinOf(float value) const;
};

inline constexpr int kBinsPerFeature = 256;  // at most, missing included

struct QuantileCuts {
  std::vector<FeatureCuts> features;
};

// From the values at `rows` (the rows that train), with the data's weights. At most `max_bin` bins
// a feature, max_bin in [2, 256]; at most 255 where a value of any row is missing, since missing
// needs a code.
QuantileCuts FindCuts(const Dataset& data, std::span<const RowIndex> rows, int max_bin);

}  // namespace coppice::trainer
