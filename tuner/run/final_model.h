#pragma once
// From a trial to a model for use: its parameters on more rows, with the rounds corrected for them.

#include <map>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "strategies/study/trial.h"
#include "trainer/boost/booster.h"
#include "tuner/run/study_data.h"

namespace coppice::tuner {

// kTraining: everything but the test rows (with the split `files`: the training files alone).
// kAll: the held-out test rows of the training files and the validation files too; files given as
// `data.test` never.
enum class RowChoice { kTraining, kAll };
std::vector<trainer::RowIndex> RowsFor(const StudyData& data, const Spec& spec, RowChoice choice);

// best_round * n_rows / (rows that a fold trained on), rounded, at least 1 and at most `num_round`:
// more rows carry more rounds before they overfit.
int CorrectedRounds(int best_round, const StudyData& data, std::size_t n_rows, int num_round);

// Trains `rounds` rounds of the configuration on `rows`. A pure function of its arguments: the same
// trial gives the same bytes. Throws Error (kCancelled) when `cancel` is tripped.
trainer::Booster TrainOn(const Spec& spec, const StudyData& data, study::TrialId trial,
                         const study::Configuration& configuration,
                         const std::vector<trainer::RowIndex>& rows, int rounds,
                         const CancelToken& cancel);

// What metrics judge, [rows.size(), n_outputs]: mostly the predictions, probabilities of
// binary:logitraw and multi:softmax, too. The table's columns are the model's.
std::vector<float> PredictForMetrics(const trainer::Booster& booster, const trainer::Dataset& table,
                                     const std::vector<trainer::RowIndex>& rows);

// The metrics of a model on rows of a table whose columns are the model's. Throws Error (kData) for
// labels that are no class of the model.
std::map<std::string, double> EvaluateOn(const trainer::Booster& booster,
                                         const trainer::Dataset& table,
                                         const std::vector<trainer::RowIndex>& rows,
                                         const std::vector<std::string>& metrics);

}  // namespace coppice::tuner
