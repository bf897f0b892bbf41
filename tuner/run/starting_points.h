#pragma once
// The configurations that a study tries first.

#include <vector>

#include "strategies/strategy.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// The default configuration, then the spec's `start`, each projected into the space; a start that
// leaves parameters out takes their defaults.
std::vector<strategies::NewTrial> StartingPoints(const Spec& spec);

}  // namespace coppice::tuner
