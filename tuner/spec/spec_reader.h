#pragma once
// From a spec file to a Spec. Strict: an unknown key, a wrong type, a value out of bounds or a
// contradiction is a finding with line, column, path and a suggestion; all findings are reported at
// once, in one Error (kSpec).

#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// `--set path=value`: ("stop.trials", "40"). The value is JSON, or else a word.
using Overrides = std::vector<std::pair<std::string, std::string>>;

// kTrain: trials are trained here. kAsk: another program evaluates them, so there is no `data`, and
// any parameter may be searched. kEither: as `data` is there or not.
enum class SpecUse { kTrain, kAsk, kEither };

Spec ReadSpec(const std::string& path, const Overrides& overrides, FileSystem& disk,
              SpecUse use = SpecUse::kTrain);
// `file` is for messages; relative paths in the spec are taken from `folder`.
Spec ReadSpecText(const std::string& text, const std::string& file, const std::string& folder,
                  const Overrides& overrides, SpecUse use = SpecUse::kTrain);

// The resolved spec: every default written out, `"auto"` as the ranges that it stands for, keys in
// the order of the documentation, paths as written. Reading it again, with the same folder, gives a
// Spec that means the same and resolves to the same JSON.
Json ToJson(const Spec& spec);

// A resolved spec for a file or for people: its data paths, which begin at `folder`, are absolute,
// so that it means the same wherever it stands.
Json WithAbsolutePaths(Json resolved, const std::string& folder);

}  // namespace coppice::tuner
