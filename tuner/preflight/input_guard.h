#pragma once
// An output must not be one of the files that it is made from.

#include <string>
#include <vector>

#include "base/files.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// The data files that a spec names, patterns resolved. Those that are not there are left out.
std::vector<std::string> DataFilesOf(const Spec& spec);

// Throws Error (kUsage) when `output` is one of `inputs`, by whatever name or link. An empty output
// and "-" are no file.
void RefuseToOverwrite(const std::string& output, const std::vector<std::string>& inputs);

}  // namespace coppice::tuner
