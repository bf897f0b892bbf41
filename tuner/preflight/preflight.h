#pragma once
// What can be said of a study before it runs.

#include <string>
#include <vector>

#include "base/files.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

enum class Verdict { kPass, kWarn, kFail };
std::string VerdictWord(Verdict verdict);

struct CheckResult {
  std::string check;  // "data", "label", "split"
  Verdict verdict = Verdict::kPass;
  std::string finding;  // a sentence with the number and its limit
};

// Reads the data in the caller's arena. Errors that keep a study from starting (a file that cannot
// be read, a wrong label) are thrown as they would be by `tune`; the rest are verdicts.
std::vector<CheckResult> Preflight(const Spec& spec, FileSystem& disk, int threads);

}  // namespace coppice::tuner
