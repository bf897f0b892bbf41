#pragma once
// Between a strategy that pauses trials and one that learns from their losses: a loss after a ninth
// of the rounds must not be taken for what the configuration is worth. The learner is told what a
// paused trial is predicted to come to, and how sure that is; again, whenever another trial that
// went on has shown more.

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "strategies/hyperband/rung_forecast.h"
#include "strategies/hyperband/rungs.h"
#include "strategies/strategy.h"

namespace coppice::strategies {

// Asks `learner`, and passes on to it all that it is told, paused trials as their forecast.
class ForecastingStrategy : public Strategy {
 public:
  ForecastingStrategy(RungLadder ladder, std::unique_ptr<Strategy> learner);

  Suggestion Ask(study::TrialId next) const override { return learner_->Ask(next); }
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId trial, const Observation& observation) override;

 private:
  struct Trial {
    study::Configuration configuration;
    std::optional<int> rung;  // where it stood last
    Observation observation;  // there
    bool is_paused = false;   // or was, and has not ended since
  };

  int RungOf(const Trial& trial, int rounds) const;
  // Whether a step was learned from.
  bool Note(Trial& trial, int rung, const Observation& observation);
  void TellForecast(std::size_t trial);

  RungLadder ladder_;
  std::unique_ptr<Strategy> learner_;
  std::deque<Trial> trials_;
  std::vector<RungStep> steps_;
  std::vector<RungForecast> forecasts_;
};

}  // namespace coppice::strategies
