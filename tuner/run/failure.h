#pragma once
// From exceptions to failures of trials, and back where a trial is all that was asked for.

#include "base/error.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

// What a trial failed of, from within a catch block. Without memory for the reason's words the
// failure is one of memory.
study::Failed CurrentFailure() noexcept;

// The error that ends a command whose only trial failed so: kData where the data or the split is to
// blame, or too large; kInternal for a crash.
Error ErrorOf(const study::Failed& failed);

}  // namespace coppice::tuner
