#include "tuner/run/fold_words.h"

#include <fmt/format.h>

namespace coppice::tuner {

std::string FoldsText(const trainer::SplitSpec& split) {
  return FoldsText(split, split.total_folds());
}

std::string FoldsText(const trainer::SplitSpec& split, int n_folds) {
  if (split.repeats > 1 && n_folds == split.total_folds()) {
    return fmt::format("{} repeats of {} folds", split.repeats, split.folds);
  }
  return fmt::format("{} fold{}", n_folds, n_folds == 1 ? "" : "s");
}

}  // namespace coppice::tuner
