#pragma once
// Predictions of many rows. A program that only predicts links this and model_io, no training.

#include <span>
#include <vector>

#include "trainer/boost/booster.h"
#include "trainer/data/dataset.h"

namespace coppice::trainer {

// Rounds [begin, end); end 0 means booster.rounds_used().
struct RoundRange {
  int begin = 0;
  int end = 0;
};

// Margins [n_rows, n_outputs], row-major: base margin plus the leaves, summed in the order of the
// trees in single precision (as XGBoost does). `values` is column-major as in Dataset: values[f] is
// [n_rows]. Rows are spread over the threads of the caller's arena; the result does not depend on
// them. Thread-safe.
std::vector<float> PredictMargins(const Booster& booster,
                                  std::span<const std::vector<float>> values, RowIndex n_rows,
                                  RoundRange rounds = {});

// What the objective makes of margins: probabilities, class codes (multi:softmax: [n_rows]),
// or the margins themselves.
std::vector<float> PredictValues(const Booster& booster, std::span<const std::vector<float>> values,
                                 RowIndex n_rows, RoundRange rounds = {});

// What each feature adds to the margin of each row, [n_rows, n_outputs, n_features + 1]: exact
// Shapley values (trainer/predict/tree_shap.h), the last column of an output the margin of a row of
// which nothing is known. They sum to the margin. Throws Error (kData) when the model has no
// covers.
std::vector<float> PredictContributions(const Booster& booster,
                                        std::span<const std::vector<float>> values, RowIndex n_rows,
                                        RoundRange rounds = {});

// Leaf numbers [n_rows, n_trees of the range], row-major. Throws Error (kUsage) for a linear model.
std::vector<std::int32_t> PredictLeaves(const Booster& booster,
                                        std::span<const std::vector<float>> values, RowIndex n_rows,
                                        RoundRange rounds = {});

}  // namespace coppice::trainer
