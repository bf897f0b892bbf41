#pragma once
// Configurations that did well in earlier studies, as the first of a new one.

#include <string>
#include <vector>

#include "base/files.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// Puts the best configurations of the studies that `spec.start_from` names at the head of
// `spec.start` and empties `start_from`: what a study begins with stands in its own spec, whatever
// becomes of the earlier one. Studies are looked for in `store`.
//
// Of an earlier configuration the parameters count that are searched here. One with a value outside
// of its range is left out, and the next best takes its place. A parameter that the earlier study
// did not search has the value that was fixed there, if that lies in the range, else the default of
// this one. Returns a sentence for each configuration that was taken or left out.
// Throws Error (kSpec) with a finding for each study that is not there, has no score, or searched
// nothing that is searched here; `file` is the spec's.
std::vector<std::string> TakeStartFrom(Spec& spec, const std::string& file,
                                       const std::string& store, FileSystem& disk);

}  // namespace coppice::tuner
