#pragma once

#include <fmt/format.h>

#include <string>

#include "strategies/study/trial.h"

namespace coppice::strategies {

// A loss as the score that a person knows.
inline std::string ScoreWord(study::Goal goal, double loss) {
  return fmt::format("{:.6g}", goal == study::Goal::kMaximize ? -loss : loss);
}

}  // namespace coppice::strategies
