// Trained models are monotone in the features that monotone_constraints names.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "trainer/boost/train_session.h"
#include "trainer/predict/predictor.h"

namespace coppice::trainer {
namespace {

constexpr int kFeatures = 4;  // the last one is categorical
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Rows without any order in them: neighbours in a feature pull the prediction both ways.
Dataset AnyTable(std::uint64_t seed, RowIndex n_rows) {
  RandomStream random(seed, {Purpose::kSynth});
  Dataset data;
  data.n_rows = n_rows;
  for (int f = 0; f < kFeatures; ++f) {
    const bool is_categorical = f == kFeatures - 1;
    FeatureSchema schema{"x" + std::to_string(f),
                         is_categorical ? ColumnKind::kCategorical : ColumnKind::kNumeric,
                         {}};
    if (is_categorical) schema.categories = {"a", "b", "c", "d", "e"};
    data.schema.features.push_back(schema);
    std::vector<float>& column = data.values.emplace_back();
    for (RowIndex row = 0; row < n_rows; ++row) {
      const auto value = static_cast<float>(random.Below(is_categorical ? 5 : 30));
      column.push_back(random.Below(8) == 0 ? kMissing : value);
    }
  }
  for (RowIndex row = 0; row < n_rows; ++row) {
    data.label.push_back(static_cast<float>(random.Below(5)));
  }
  return data;
}

TrainParams AnyParams() {
  TrainParams params;
  params.objective =
      *rc::gen::element<std::string>("reg:squarederror", "count:poisson", "reg:pseudohubererror");
  params.num_round = 8;
  params.eta = *rc::gen::element(0.3, 1.0);
  params.grow_policy = *rc::gen::element(GrowPolicy::kDepthwise, GrowPolicy::kLossguide);
  params.max_depth = *rc::gen::inRange(1, 8);
  params.max_leaves = *rc::gen::element(0, 12);
  params.min_child_weight = *rc::gen::element(0.0, 1.0, 5.0);
  params.lambda = *rc::gen::element(0.0, 1.0);
  params.alpha = *rc::gen::element(0.0, 2.0);
  if (*rc::gen::arbitrary<bool>()) params.max_delta_step = 0.5;
  params.subsample = *rc::gen::element(0.5, 1.0);
  params.colsample_bynode = *rc::gen::element(0.5, 1.0);
  for (int f = 0; f + 1 < kFeatures; ++f) {
    params.monotone_constraints.by_position.push_back(*rc::gen::element(-1.0, 0.0, 1.0));
  }
  params.monotone_constraints.by_position.push_back(0);
  return params;
}

Booster Train(const Dataset& data, const TrainParams& params) {
  std::vector<RowIndex> rows;
  for (RowIndex row = 0; row < data.n_rows; ++row) rows.push_back(row);
  const auto matrix = std::make_shared<const BinnedMatrix>(data, FindCuts(data, rows, 256));
  TrainSession session({matrix, data.label, {}, rows, {}}, params, {}, false, {});
  session.Advance(params.num_round, nullptr);
  return session.MakeBooster(data.schema, 0);
}

// Predictions for the row when feature f goes through the whole range.
std::vector<float> Sweep(const Booster& booster, const Dataset& data, RowIndex row, int f) {
  std::vector<float> range = {std::numeric_limits<float>::lowest()};
  for (float value = -1; value <= 31; value += 0.5F) range.push_back(value);
  range.push_back(std::numeric_limits<float>::max());
  std::vector<std::vector<float>> values;
  for (const auto& column : data.values) values.emplace_back(range.size(), column[row]);
  values[static_cast<std::size_t>(f)] = range;
  return PredictMargins(booster, values, static_cast<RowIndex>(range.size()));
}

RC_GTEST_PROP(MonotoneConstraints, HoldForEveryRowOverTheWholeRange, ()) {
  const auto seed = static_cast<std::uint64_t>(*rc::gen::inRange(0, 1 << 30));
  const Dataset data = AnyTable(seed, 150);
  const TrainParams params = AnyParams();
  const Booster booster = Train(data, params);
  for (int f = 0; f < kFeatures; ++f) {
    const double sign = params.monotone_constraints.by_position[static_cast<std::size_t>(f)];
    if (sign == 0) continue;
    for (RowIndex row = 0; row < data.n_rows; row += 7) {
      const std::vector<float> margins = Sweep(booster, data, row, f);
      const bool holds = sign > 0 ? std::is_sorted(margins.begin(), margins.end())
                                  : std::is_sorted(margins.rbegin(), margins.rend());
      RC_ASSERT(holds);
    }
  }
}

}  // namespace
}  // namespace coppice::trainer
