#pragma once
// What a retrained model was made of, for whoever finds its file a year later.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "results/views/leaderboard.h"

namespace coppice::tuner {

struct ModelOrigin {
  std::string study;
  results::LeaderboardRow chosen;  // the trial
  std::string row_choice;          // as the user says it: all, train, data
  std::size_t n_rows = 0;
  std::size_t n_study_rows = 0;          // of them, from the study's own files
  std::vector<std::string> study_files;  // none where the study's rows were not asked for
  struct Added {
    std::string file;
    std::size_t n_rows = 0;
  };
  std::vector<Added> added;
  int rounds = 0;
  bool rounds_given = false;         // by the user; else in proportion to the rows
  double fold_rows = 0;              // that the trial's best round is of
  int num_round = 0;                 // the cap of the search
  std::vector<std::uint64_t> seeds;  // of each model in the mean
  std::string data_hash;             // of the rows and the split
};

// "31 in folds of 364 rows, in proportion to the rows", or "as given".
std::string RuleText(const ModelOrigin& origin);

// "569 rows of the study, 100 of `more.csv`".
std::string SourcesText(const ModelOrigin& origin);

// The keys are in docs/models.md.
Json ToJson(const ModelOrigin& origin);

// Where it stands beside a model: `a/model.json` has `a/model.origin.json`.
std::string OriginFileOf(const std::string& model);

}  // namespace coppice::tuner
