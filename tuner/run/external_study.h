#pragma once
// A study whose trials another program evaluates: where it lives, who proposes, and what a score
// that is told means.

#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "strategies/prune/pruner.h"
#include "strategies/strategy.h"
#include "strategies/study/trial.h"
#include "tuner/loop/loop_setup.h"
#include "tuner/run/study_folder.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct ExternalStudy {
  StudyFolder folder;
  std::vector<std::string> warm_start_words;  // of TakeWarmStart, where it was made just now
};

// The study of an external spec in `store`, made or found again; what it really starts from stands
// in its own spec. `file` is the spec's, for messages. Throws Error (kUsage) when one of its name
// was begun by another spec; else as CreateStudy and TakeWarmStart.
ExternalStudy MakeOrFindStudy(const std::string& store, const std::string& file, Spec spec,
                              FileSystem& disk);

// Who decides about the trials of an external spec, with what a loop needs of it. Immutable but for
// what its parts are told.
struct ExternalDeciders {
  explicit ExternalDeciders(const Spec& spec);

  std::unique_ptr<strategies::Strategy> strategy;
  std::unique_ptr<strategies::Pruner> pruner;  // null: none
  LoopSetup setup;                             // borrows the pruner
};

// What a score after `result.rounds` rounds is for a trial that was given `given` of the spec's
// `max_rounds`: the trial is paused when it did what it was given and may do more, else complete.
// 0 rounds stand for those that it was given.
study::TrialOutcome OutcomeOfScore(const Spec& spec, int given, study::Completed result);

}  // namespace coppice::tuner
