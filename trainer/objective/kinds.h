#pragma once
// The objectives that the registry knows, one file each.

#include <memory>

#include "trainer/objective/objective.h"

namespace coppice::trainer {

std::unique_ptr<Objective> MakeSquaredError(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeSquaredLogError(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakePseudoHuber(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakePoisson(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeGamma(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeTweedie(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeAbsoluteError(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeQuantileError(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeCox(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeAft(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeRankNdcg(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeRankMap(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeRankPairwise(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeHinge(const ObjectiveSettings& settings);
// Of two classes; of a number between 0 and 1; of two classes, predicting margins.
std::unique_ptr<Objective> MakeLogistic(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeLogisticNumber(const ObjectiveSettings& settings);
std::unique_ptr<Objective> MakeLogitRaw(const ObjectiveSettings& settings);

// multi:softprob gives a probability a class, multi:softmax the class. Throws Error (kSpec) with
// fewer than two classes.
std::unique_ptr<Objective> MakeSoftmax(const ObjectiveSettings& settings, bool predicts_class);

}  // namespace coppice::trainer
