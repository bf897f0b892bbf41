#pragma once
// From a trial to a model for use: its parameters on more rows, with the rounds corrected for them.

#include <cstdint>
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

// The rows that a fold trains on, on average.
double FoldRows(const StudyData& data);

// best_round * n_rows / fold_rows, rounded, at least 1: more rows carry more rounds before they
// overfit.
int CorrectedRounds(int best_round, double fold_rows, std::size_t n_rows);

// The same with FoldRows(data), at most `num_round`: for the model that comes with a search, which
// is to cost no more than a trial may.
int CorrectedRounds(int best_round, const StudyData& data, std::size_t n_rows, int num_round);

// Trains `rounds` rounds of the configuration on `rows`. A pure function of its arguments: the same
// trial gives the same bytes. Throws Error (kCancelled) when `cancel` is tripped.
trainer::Booster TrainOn(const Spec& spec, const StudyData& data, study::TrialId trial,
                         const study::Configuration& configuration,
                         const std::vector<trainer::RowIndex>& rows, int rounds,
                         const CancelToken& cancel);

// The training seed of the k-th of several models that differ in it alone: `seed` itself for k = 0.
std::uint64_t SeedOfModel(std::uint64_t seed, int k);

// As TrainOn, n_models times with the seeds of SeedOfModel, averaged to one model
// (trainer/boost/mean_model.h); all are in memory at once.
struct MeanTraining {
  trainer::Booster booster;
  std::vector<std::uint64_t> seeds;  // [n_models]
  bool all_the_same = false;         // of several models: the seed changed nothing
};
MeanTraining TrainMeanOn(const Spec& spec, const StudyData& data, study::TrialId trial,
                         const study::Configuration& configuration,
                         const std::vector<trainer::RowIndex>& rows, int rounds, int n_models,
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
