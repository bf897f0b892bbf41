#pragma once
// One training with fixed parameters: a study with a single trial, recorded like any other.

#include <map>
#include <string>

#include "base/cancel.h"
#include "base/files.h"
#include "trainer/boost/booster.h"
#include "tuner/run/study_data.h"
#include "tuner/run/study_folder.h"

namespace coppice::tuner {

struct TrainingSummary {
  std::string study;
  std::string folder;
  std::map<std::string, double> train;       // of the model, at `round`
  std::map<std::string, double> validation;  // empty without validation rows
  std::map<std::string, double> test;        // empty without test rows
  int round = 0;                             // rounds of the model
  int rounds = 0;                            // trained, with those of a model that is continued
  double load_seconds = 0;
  double bin_seconds = 0;
  double train_seconds = 0;
  std::string model;  // path
};

// Split `holdout` or `files`: trains on the training rows. With `early_stopping_rounds` the model
// ends at its best round on the validation rows, else it has every round.
// Split `cv`: the validation metrics are means over the folds, at the best round of the mean curve
// with early stopping and at the last one without; the model is trained on all rows that are not
// test rows, with the rounds corrected for them under early stopping.
// `from` is a model to continue, or null: its rounds come first, and `num_round` and early stopping
// count those that are new. Not by folds, whose rows the model may have seen: kSpec.
// Makes the study's folder as the last step, whole or not at all; `also` is a second place for the
// model, or empty. Runs in the caller's arena. Throws Error: kSpec, kData, kStore,
// kCancelled.
TrainingSummary RunTraining(const std::string& store, const std::string& spec_text,
                            const Spec& spec, const StudyData& data, const std::string& also,
                            const CancelToken& cancel, FileSystem& disk,
                            const trainer::Booster* from = nullptr);

}  // namespace coppice::tuner
