#pragma once
// How many folds there are, in words.

#include <string>

#include "trainer/data/split.h"

namespace coppice::tuner {

// "1 fold", "5 folds", "3 repeats of 5 folds".
std::string FoldsText(const trainer::SplitSpec& split);
// Of so many folds that were looked at: in the words above where they are all of them.
std::string FoldsText(const trainer::SplitSpec& split, int n_folds);

}  // namespace coppice::tuner
