#pragma once
// The objectives that the registry knows, one file each.

#include <memory>

#include "trainer/objective/objective.h"

namespace coppice::trainer {

std::unique_ptr<Objective> MakeSquaredError(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeLogistic(const ObjectiveSettings& settings);

// multi:softprob gives a probability a class, multi:softmax the class. Throws Error (kSpec) with
// fewer than two classes.
std::unique_ptr<Objective> MakeSoftmax(const ObjectiveSettings& settings, bool predicts_class);

}  // namespace coppice::trainer
