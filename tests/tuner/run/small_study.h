#pragma once
// Studies so small that a test knows their curves on paper.

#include <map>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "tests/results/temp_folder.h"
#include "tuner/run/study_data.h"
#include "tuner/run/trial_runner.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner::testing {

// A spec and its files in a folder of their own, loaded.
struct SmallStudy {
  // `spec` is JSON; its paths are the names in `files`. `overrides` are JSON texts by path.
  SmallStudy(const std::string& spec, const std::map<std::string, std::string>& files,
             const std::map<std::string, std::string>& overrides = {});

  TrialContext Context(const Clock& with_clock) const { return {spec, data, with_clock}; }
  TrialContext Context() const { return Context(clock); }

  std::string store() const { return folder.File("store"); }

  results::TempFolder folder;
  RealFileSystem disk;
  RealClock clock;
  std::string spec_text;
  Spec spec;
  StudyData data;
};

// Squared error from a base score of 0, eta 0.5, one split, no penalty. Training rows have x = 0
// with y = 0 or x = 1 with y = 1, so after r rounds the prediction is 0 at x = 0 and p(r) = 1 -
// 0.5^r at x = 1.
//
// `files`: the two validation rows have y = 0 at x = 0 and y = 0.6 at x = 1, so the mean absolute
// error is |p(r) - 0.6| / 2: 0.05, 0.075, 0.1375, ... with its best at round 1.
SmallStudy ByFiles(const std::map<std::string, std::string>& overrides = {});
// `cv` by time with two folds of twelve rows: fold 0 trains on 4 rows and validates on 4, of which
// three have x = 1; fold 1 trains on 8 and validates on 4, of which one has. The curves are
// 0.75 * 0.5^r and 0.25 * 0.5^r, their mean 0.5 * 0.5^r, and the best round is the last.
SmallStudy ByFolds(const std::map<std::string, std::string>& overrides = {});

// 60 rows of two noisy columns, to be sampled: which rows and columns a tree sees matters.
std::string NoisyTable();

}  // namespace coppice::tuner::testing
