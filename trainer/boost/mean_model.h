#pragma once
// One model out of several that differ in their random numbers alone.

#include <vector>

#include "trainer/boost/booster.h"

namespace coppice::trainer {

// Its margins are the mean of theirs, but for rounding in single precision; nothing else in it is
// new, so that every reader of XGBoost's format knows what to do with it. The models, at least one,
// are alike: objective, columns, base score, parallel trees and rounds.
//
// Trees: round r holds the trees of round r of every model, side by side as parallel trees are, so
// that its first r rounds are the mean of models of r rounds (dart: of these trees as all rounds
// have weighted them). Leaves are divided by the number of models, with dart the trees' weights.
// Gains and covers stay what they were, so that shares of importance are those of all models.
// Linear models: the mean of the weights.
Booster MeanOf(std::vector<Booster> models);

}  // namespace coppice::trainer
