#pragma once
// A study run for a few seconds and forgotten: what its strategy would propose, how many rounds its
// trials have, and which are stopped.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "strategies/study/trial.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct RehearsedTrial {
  study::Configuration configuration;
  int fold_rounds = 0;  // summed over folds
  int rounds = 0;       // of the fold that went furthest
  int best_round = 0;   // 0: no score
  bool has_ended = false;
};

struct Rehearsal {
  std::vector<RehearsedTrial> trials;  // by number
  double seconds = 0;
  std::optional<std::size_t> bytes;  // that running trials took at most; nothing: not known
  bool is_whole = false;             // the study ended by its own rules
  int best = -1;                     // number of the best trial; -1: none has a score
};

// One at a time. For at most `seconds`, on `data`, which may be a sample. Writes nothing.
Rehearsal Rehearse(const Spec& spec, const StudyData& data, int threads, double seconds,
                   const Clock& clock, FileSystem& disk);

}  // namespace coppice::tuner
