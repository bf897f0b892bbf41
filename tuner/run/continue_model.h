#pragma once
// Whether a training can append rounds to a model.

#include "trainer/boost/booster.h"
#include "trainer/params.h"

namespace coppice::tuner {

// The part of the model that its predictions use, for SessionStart. Throws Error (kSpec) with all
// that stands against it: another booster, objective, number of classes or base score, or other
// columns, categories or label classes than `schema`, the data's.
trainer::Booster ContinuedFrom(trainer::Booster model, const trainer::TrainParams& params,
                               const trainer::Schema& schema);

}  // namespace coppice::tuner
