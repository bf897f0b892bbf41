#pragma once
// Configurations that did well in earlier studies, as the first of a new one.

#include <string>
#include <vector>

#include "base/files.h"
#include "strategies/study/event.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// The kind `transfer`. Puts the best configurations of the studies that `spec.warm_start` names at
// the head of `spec.start` and takes those out of `warm_start`: what a study begins with stands in
// its own spec, whatever becomes of the earlier one. Studies are looked for in `store`.
//
// Of an earlier configuration the parameters count that are searched here. One with a value outside
// of its range is left out, and the next best takes its place. A parameter that the earlier study
// did not search has the value that was fixed there, if that lies in the range, else the default of
// this one. Returns a sentence for each configuration that was taken or left out.
// Throws Error (kSpec) with a finding for each study that is not there, has no score, or searched
// nothing that is searched here; `file` is the spec's.
std::vector<std::string> TakeWarmStart(Spec& spec, const std::string& file,
                                       const std::string& store, FileSystem& disk);

// Trials of earlier studies as the first of a new one.
struct TakenTrials {
  std::vector<study::StudyEvent> events;  // to be appended before anything else
  std::vector<std::string> sentences;     // what was taken of each study, and what left out and why
};

// The kind `identical`: every completed or pruned trial of the studies that `spec.warm_start`
// names, with its score and curves, so that the search and the pruning know them as their own. They
// do not count for `stop.trials`. `data` are those of `spec`. Each trial must have been trained as
// it would be here: one with a parameter that is another one here, or lies outside of its range, is
// left out, and so is a configuration that was taken already. Throws Error (kSpec) with a finding
// for each study that is not there, has other data, another metric, or no trial that can be taken.
TakenTrials TakeIdentical(const Spec& spec, const StudyData& data, const std::string& file,
                          const std::string& store, FileSystem& disk);

}  // namespace coppice::tuner
