#pragma once
// The parts of ReportData, one a file: trial_part.cc, importance_part.cc, verdict.cc,
// model_part.cc, quality_part.cc. Numbers are rounded to what a picture shows, so that the page
// stays small.

#include <optional>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "results/views/leaderboard.h"
#include "trainer/boost/booster.h"
#include "tuner/report/report.h"
#include "tuner/report/timeline.h"
#include "tuner/run/study_data.h"

namespace coppice::tuner {

// To 7 significant digits; null where it is not finite, or nothing.
Json Short(double value);
Json Short(const std::optional<double>& value);

// What several parts read; made once.
struct ReportFacts {
  const ReportInput& input;
  results::Leaderboard board;  // all trials
  std::vector<study::Trial> trials;
  Timeline timeline;
  double seconds = 0;  // of the study's running time
  // Of best.json, where it is the model of the best trial; else null.
  Json best_file;
};

// "parameters": the ranges. "trials": one object each, by number. "curves": the mean validation
// curve of the objective metric of each trial, thinned; "folds": each fold's of the best trial.
// "stints" and "lanes": the time line.
void AddTrials(const ReportFacts& facts, Json* report);

// "importance": which parameters decide whether a trial is good; nothing where too few trials have
// a score, or none of the parameters does more than chance.
void AddImportance(const ReportFacts& facts, Json* report);

// "verdict": sentences, the first of them the answer; "numbers": what they are made of.
// `n_test_rows` is 0 where it is not known.
void AddVerdict(const ReportFacts& facts, std::size_t n_test_rows, Json* report);

// "model": which features the winner's model leans on.
void AddModel(const trainer::Booster& booster, const ReportFacts& facts, Json* report);

// "quality": how the winner predicts rows that it has not seen: the test rows, or without them the
// validation rows of each fold by a model that was trained on the others. Nothing for objectives
// that no picture is made of. Throws Error (kCancelled).
void AddQuality(const trainer::Booster& booster, const StudyData& data, const ReportFacts& facts,
                Json* report);

}  // namespace coppice::tuner
