#pragma once
// How much a model leans on each feature, as XGBoost's get_score says it.

#include <string>
#include <vector>

#include "trainer/boost/booster.h"

namespace coppice::trainer {

// Sums over the splits of all rounds; gain and cover are means over them. All 0: no tree asks for
// the feature.
struct FeatureImportance {
  std::size_t feature = 0;  // in the schema
  double weight = 0;        // number of splits; of a linear model the weight of output 0
  double gain = 0;
  double total_gain = 0;
  double cover = 0;
  double total_cover = 0;
};

// Features that are used, by falling total gain (linear models: by falling size of the weight),
// ties in the order of the schema. A linear model has no gains and no covers.
std::vector<FeatureImportance> ImportanceOf(const Booster& booster);

}  // namespace coppice::trainer
