#pragma once
// A metric's value for a test's rows.

#include <string_view>
#include <vector>

#include "trainer/metric/metric.h"

namespace coppice::trainer {

using Floats = std::vector<float>;

inline double Score(std::string_view metric, const Floats& predictions, const Floats& label,
                    const Floats& weight = {}, int n_outputs = 1) {
  return MakeMetric(metric)->Evaluate(predictions, label, weight, n_outputs);
}

}  // namespace coppice::trainer
