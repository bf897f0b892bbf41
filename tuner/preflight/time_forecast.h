#pragma once
// How long a study will take, and how much memory its trials, from pilots: a rehearsal says what
// its trials do, short trainings on all rows say what a round costs.
//
// Where a whole study fits into the time of a rehearsal, it is rehearsed on its own rows and the
// forecast is what that took. Otherwise its rounds come from a rehearsal on two folds with a sample
// of their rows, grown to the number of rows by a power law of which two samples give the exponent,
// and are multiplied by what a round of one fold costs with all threads busy, averaged over trials
// drawn by their share of the rounds.

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "tuner/preflight/sample.h"
#include "tuner/run/study_data.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

struct TimeForecast {
  double seconds = 0;  // of the whole study, data read and model made
  double low = 0;      // the interval
  double high = 0;
  double trials = 0;           // that it will have
  double trial_seconds = 0;    // of a trial, when all slots are busy: the study's time / trials
  double cheap_round = 0;      // seconds of a round of all folds at the cheap corner of the space
  double dear_round = 0;       // the same at the dear one
  std::size_t pilot_rows = 0;  // that a fold of the rehearsal trained on
  int pilot_trials = 0;        // that ended in it
  // That all trials which run at once take at most, on top of the table and its bins; nothing: not
  // known.
  std::optional<std::size_t> trials_bytes;
};

struct ForecastBudget {
  double look_seconds = 2;  // whether the study fits into a rehearsal
  double rehearsal_seconds = 9;
  double training_seconds = 4;  // for what a round costs, roughly
};

// In an arena of `threads`. `training` is of the default configuration.
TimeForecast ForecastTime(const Spec& spec, const StudyData& data, const SampleTraining& training,
                          int threads, const ForecastBudget& budget, const Clock& clock,
                          FileSystem& disk);

// The configurations that cost least and most: shallow trees, few leaves, small samples and a large
// eta; and the other way round.
study::Configuration CheapCorner(const Spec& spec);
study::Configuration DearCorner(const Spec& spec);

// How many trials of so many seconds end before `stop.seconds`, less what the confirmation is given
// of them; there is such a limit.
double TrialsInTime(const Spec& spec, double trial_seconds);

// How many trials a study has if no time limit ends it; 0: no rule says.
double TrialsOf(const Spec& spec);

}  // namespace coppice::tuner
