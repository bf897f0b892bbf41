#pragma once
// What can be said of a study before it runs: the checks of check.h, asked one after another.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "tuner/preflight/check.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct PreflightOptions {
  bool quick = false;             // without those that train
  std::vector<std::string> only;  // names of checks; empty: all
  int threads = 1;
  std::string store;  // the folder of studies, absolute
};

struct CheckAnswer {
  std::string check;
  CheckResult result;
  double seconds = 0;
};

struct PreflightReport {
  std::vector<CheckAnswer> answers;  // in the order of Checks()
  // What `tune` would end with before its first trial: data that cannot be read, parameters that
  // do not fit them. The answers tell it too.
  std::optional<Error> error;
};

// Reads the data if a check needs them. A check that throws has failed with what it threw; those
// that need what it could not give are skipped. Throws Error (kUsage) for a name that no check has.
PreflightReport Preflight(const Spec& spec, FileSystem& disk, const Clock& clock,
                          const PreflightOptions& options);

}  // namespace coppice::tuner
