#pragma once
// The one place where a score's direction is turned: everything behind it minimises a loss.

#include "strategies/study/trial.h"

namespace coppice::tuner {

inline double LossOf(study::Goal goal, double score) {
  return goal == study::Goal::kMinimize ? score : -score;
}

// Strictly; equal scores are no gain.
inline bool IsBetter(study::Goal goal, double score, double than) {
  return LossOf(goal, score) < LossOf(goal, than);
}

}  // namespace coppice::tuner
