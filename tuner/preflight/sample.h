#pragma once
// Few rows of a study in place of all, over the same table and bins, so that questions which need a
// training are answered in a second. Always the same rows of the same data.

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"
#include "trainer/boost/booster.h"
#include "trainer/data/dataset.h"
#include "trainer/objective/objective.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// About `most` of `rows` (ascending), spread over classes as they are, a few of each class at
// least; of data that are ranked whole groups. Ascending.
std::vector<trainer::RowIndex> PickRows(const StudyData& data, const Spec& spec,
                                        const std::vector<trainer::RowIndex>& rows,
                                        std::size_t most);

// The first `n_folds` folds with at most about `most_rows` training rows each, and a like share of
// their validation rows. A fold without validation rows gives up a fifth of its own.
StudyData SampleOf(const StudyData& data, const Spec& spec, std::size_t n_folds,
                   std::size_t most_rows);

// Rows of the sample that single trainings have, given the width of the table.
std::size_t SampleRows(const StudyData& data);

// The default configuration trained on the first fold of a sample, as a trial of the study is.
struct SampleTraining {
  trainer::Booster booster;        // of the best round
  std::string metric;              // of the study
  bool maximize = false;           // that metric
  double score = 0;                // of the best round on the validation rows
  double constant_score = 0;       // of a model that says the same of every row
  std::string loss;                // the metric that the objective itself is about
  bool loss_maximize = false;      // that metric
  std::vector<double> train_loss;  // by round
  double constant_loss = 0;        // on the training rows
  int best_round = 0;
  int rounds = 0;
  bool ended = false;  // by itself; false: by the time that a check has
};
SampleTraining TrainOnSample(const Spec& spec, const StudyData& sample, const Clock& clock);

// A model of the same objective that knows no feature: the base score, or the classes' shares among
// `rows`.
trainer::Booster ConstantOf(const trainer::Booster& booster, const trainer::Dataset& table,
                            const std::vector<trainer::RowIndex>& rows);

// Trial 0; empty where nothing is searched.
study::Configuration FirstConfiguration(const Spec& spec);

}  // namespace coppice::tuner
