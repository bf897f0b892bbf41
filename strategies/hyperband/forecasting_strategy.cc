#include "strategies/hyperband/forecasting_strategy.h"

#include <cmath>
#include <cstdint>
#include <utility>

namespace coppice::strategies {

ForecastingStrategy::ForecastingStrategy(RungLadder ladder, std::unique_ptr<Strategy> learner)
    : ladder_(std::move(ladder)),
      learner_(std::move(learner)),
      forecasts_(ForecastGains({}, ladder_.n_rungs())) {}

void ForecastingStrategy::TellCreated(study::TrialId trial,
                                      const study::Configuration& configuration) {
  trials_.push_back({configuration, std::nullopt, {}, false});
  learner_->TellCreated(trial, configuration);
}

void ForecastingStrategy::TellFinished(study::TrialId id, const Observation& observation) {
  const auto index = static_cast<std::size_t>(ToIndex(id));
  Trial& trial = trials_.at(index);
  const bool has_loss = !std::isnan(observation.loss);
  trial.is_paused = has_loss && observation.state == study::TrialState::kPaused;
  bool learned = false;
  if (trial.is_paused) {
    learned = Note(trial, RungOf(trial, observation.rounds), observation);
  } else if (has_loss && observation.state == study::TrialState::kCompleted) {
    learned = Note(trial, ladder_.n_rungs() - 1, observation);
  }
  if (!trial.is_paused) learner_->TellFinished(id, observation);
  if (!learned && trial.is_paused) TellForecast(index);
  if (!learned) return;
  forecasts_ = ForecastGains(steps_, ladder_.n_rungs());
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    if (trials_[i].is_paused) TellForecast(i);
  }
}

// The highest rung that so many rounds reach.
int ForecastingStrategy::RungOf(const Trial& trial, int rounds) const {
  int rung = 0;
  while (rung + 1 < ladder_.n_rungs() && ladder_.Rounds(trial.configuration, rung + 1) <= rounds) {
    ++rung;
  }
  return rung;
}

// A trial that failed and was retried may come to a rung again where it stood before.
bool ForecastingStrategy::Note(Trial& trial, int rung, const Observation& observation) {
  const bool went_on = trial.rung && *trial.rung < rung;
  if (went_on) steps_.push_back({*trial.rung, rung, observation.loss - trial.observation.loss});
  trial.rung = rung;
  trial.observation = observation;
  return went_on;
}

void ForecastingStrategy::TellForecast(std::size_t trial) {
  Observation forecast = trials_[trial].observation;
  const RungForecast& left = forecasts_[static_cast<std::size_t>(*trials_[trial].rung)];
  forecast.loss += left.gain;
  forecast.variance = left.variance;
  learner_->TellFinished(study::TrialId{static_cast<std::int32_t>(trial)}, forecast);
}

}  // namespace coppice::strategies
