#pragma once
// A Gaussian process over all that was tried says where the next trial is worth most.
//
// The recipe: half-rank warp of the losses (output_warp.h), one kernel for numbers, words and
// conditions (encoding.h, kernel.h), hyperparameters by their posterior mode (fit.h), a confidence
// bound that knows the running trials and narrows as more is known (posterior.h, acquisition.h),
// its maximum by sampling, climbing and following its slope (acquisition_search.h). The first
// trials are points of a Sobol sequence, or enough given ones.
//
// Hyperparameters are fitted anew when the number of trials has grown by a twentieth, and with many
// trials the model looks at the best and the most spread ones only. While little is known, cheap
// trials come first (cost_model.h). Many dimensions need nothing of their own: a box around the
// best trial, as in Eriksson et al. 2019, was worse in 24 and 30 of them (bench/README.md).

#include <cstdint>
#include <optional>
#include <vector>

#include "strategies/bayesian/acquisition.h"
#include "strategies/bayesian/acquisition_search.h"
#include "strategies/bayesian/cost_model.h"
#include "strategies/bayesian/encoding.h"
#include "strategies/bayesian/fit.h"
#include "strategies/bayesian/output_warp.h"
#include "strategies/bayesian/posterior.h"
#include "strategies/random/random_strategy.h"
#include "strategies/random/sobol_strategy.h"

namespace coppice::strategies {

struct BayesianSetup {
  AcquisitionKind acquisition = AcquisitionKind::kConfidenceBound;
  // Configurations may be tried again. What lies so near to one that was tried that the model sees
  // hardly a difference is that one, as a replicate.
  bool is_noisy = false;
  std::size_t n_given = 0;  // configurations that others choose before this strategy is asked
};

// Exhausted exactly when every configuration of a finite space was tried; never when noisy.
class BayesianStrategy : public Strategy {
 public:
  BayesianStrategy(study::SearchSpace space, std::uint64_t seed, const BayesianSetup& setup);
  // The search borrows the encoding beside it.
  BayesianStrategy(const BayesianStrategy&) = delete;
  BayesianStrategy& operator=(const BayesianStrategy&) = delete;

  Suggestion Ask(study::TrialId next) const override;
  // As if nothing ran: what running trials will bring is part of what is expected.
  std::optional<Outlook> LookAhead(study::TrialId next) const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId trial, const Observation& observation) override;

 private:
  struct Trial {
    std::vector<double> point;  // snapped; empty for a configuration outside the space
    bool is_running = true;
    std::optional<double> cost;
    std::optional<Outcome> outcome;  // nothing while it runs, and of a trial that says nothing
  };
  // What an Ask knows.
  struct Knowledge {
    std::vector<std::size_t> trials;  // those with an outcome, by id
    Observations observations;        // of those
    Matrix running;                   // encoded
    double loss_unit = 0;             // the loss that a value of 1 stands for
    double loss_zero = 0;             // the loss that a value of 0 stands for
  };
  // What a search is for: the best proposal, or the largest improvement that is expected anywhere.
  struct Aim {
    AcquisitionKind acquisition{};
    bool is_proposal = true;
  };
  struct Found {
    std::vector<ScoredPoint> points;  // best first
    std::size_t best_trial = 0;       // the one with the lowest mean
    // What they were judged by.
    Posterior posterior;
    Acquisition acquisition;
    std::optional<CostModel> costs;
  };
  // Hyperparameters once fitted, with what they were fitted to.
  struct Fitted {
    Observations observations;
    Hyperparameters hyper;
  };

  bool IsStart() const;
  // Of the first `n_trials` trials with an outcome.
  Knowledge Know(std::size_t n_trials) const;
  const Hyperparameters& FitTo(const Knowledge& knowledge) const;
  // Of the newest trials that told a cost; nothing where few did.
  std::optional<CostModel> CostsOf(const Knowledge& knowledge) const;
  Found Search(study::TrialId next, const Knowledge& knowledge, const Aim& aim) const;
  std::vector<ScoredPoint> ScoreAll(const Scorer& scorer) const;
  Suggestion Start(study::TrialId next) const;
  // Of each trial of `knowledge` the correlation of its value with that at a point.
  std::vector<double> LikenessTo(const std::vector<double>& point,
                                 const Knowledge& knowledge) const;
  // The measured trial of `knowledge` that the model can hardly tell from a point.
  std::optional<std::size_t> SameToModel(const std::vector<double>& point,
                                         const Knowledge& knowledge) const;
  study::Expectation Explain(const std::vector<double>& point, const Knowledge& knowledge,
                             const Found& found) const;
  std::optional<NewTrial> Propose(const std::vector<double>& point, const Knowledge& knowledge,
                                  const Found& found) const;

  study::SearchSpace space_;
  Encoding encoding_;
  std::uint64_t seed_;
  BayesianSetup setup_;
  AcquisitionSearch search_;
  RandomStrategy random_;
  std::optional<SobolStrategy> sobol_;     // nothing in more dimensions than it knows
  std::optional<study::Enumeration> all_;  // of a space so small that each point can be scored
  std::vector<Trial> trials_;
  PointSet tried_;  // empty when they may be tried again
  std::size_t n_running_ = 0;
  std::size_t n_known_ = 0;     // with an outcome
  std::size_t n_measured_ = 0;  // with a loss
  // A memory of the last fit: what Ask answers does not depend on it, only how long it takes.
  mutable std::optional<Fitted> fitted_;
};

}  // namespace coppice::strategies
