#pragma once
// Where parameters that speak of single features meet the columns of a table.

#include <vector>

#include "base/error.h"
#include "trainer/data/schema.h"
#include "trainer/params.h"

namespace coppice::trainer {

// Turns names into positions: afterwards such a parameter of `params` is empty or by position, with
// a number for every feature. Who is not named has no monotone constraint and the weight 1. What
// does not fit the features is added to `findings`, and the parameter is then emptied.
void ResolveFeatures(const std::vector<FeatureSchema>& features, TrainParams* params,
                     Findings* findings);

}  // namespace coppice::trainer
