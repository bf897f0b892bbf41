#pragma once
// Whether a running trial is hopeless, seen from the curves of those that ended before it.
//
// A rule is a pure function of what is known and the curve so far; it is asked after each round.
// Losses: smaller is better. The goal is for words only: reasons speak of scores.

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "strategies/prune/curve_history.h"
#include "strategies/study/search_space.h"

namespace coppice::strategies {

// What a trial that was stopped would have come to.
struct StoppedForecast {
  double loss = 0;      // of its best round
  double variance = 0;  // of that about the truth
};

// What the first fold of a trial says of the mean over all of them.
struct FoldVerdict {
  double loss = 0;       // expected of the mean
  double std_error = 0;  // of that
  std::string reason;
};

// Immutable. Thread-safe.
class PruneRule {
 public:
  virtual ~PruneRule() = default;

  // Whether the rule has anything to say after this round (1-based); else Stop is not asked, so
  // that nobody gathers curves in vain.
  virtual bool LooksAt(std::size_t round) const = 0;
  // Why the trial should end now; nothing: it goes on. `loss` [rounds so far], not empty.
  virtual std::optional<std::string> Stop(const EndedCurves& known,
                                          const study::Configuration& configuration,
                                          std::span<const double> loss) const = 0;

  // Of a trial that Stop, knowing the same, ended after the last of `loss`; nothing by a rule that
  // does not look ahead.
  virtual std::optional<StoppedForecast> ForecastOf(const EndedCurves& /*known*/,
                                                    const study::Configuration& /*configuration*/,
                                                    std::span<const double> /*loss*/) const {
    return std::nullopt;
  }

  // Whether, by what is known, the first fold of a trial can show that the others are not worth
  // their rounds.
  virtual bool RacesFolds(const EndedCurves&) const { return false; }
  // As Stop, but of the first fold alone, while the others wait: `loss` is its curve, which
  // `has_ended` if it will get no further rounds. Asked where the rule looks, and at the end.
  virtual std::optional<FoldVerdict> StopFolds(const EndedCurves&, const study::Configuration&,
                                               std::span<const double> loss, bool has_ended) const {
    static_cast<void>(loss);
    static_cast<void>(has_ended);
    return std::nullopt;
  }
};

// SageMaker's rule for `EarlyStoppingType: Auto`: the loss at this round is worse than the median,
// over the known trials that came as far, of their mean losses up to this round. Not before
// `min_round`, nor with fewer than `min_trials` such trials.
struct MedianOptions {
  int min_round = 10;
  int min_trials = 5;
};
std::unique_ptr<PruneRule> MakeMedianRule(const MedianOptions& options, study::Goal goal);

// Asynchronous successive halving by stopping (Li et al. 2020, "A System for Massively Parallel
// Hyperparameter Tuning", in the form that never promotes): at min_rounds * reduction^j the trial
// goes on only if its best loss is in the best 1/reduction of those that reached this rung.
struct AshaOptions {
  int min_rounds = 30;
  int reduction = 3;
};
std::unique_ptr<PruneRule> MakeAshaRule(const AshaOptions& options, study::Goal goal);

// Learns from completed trials how much a curve still gains after a checkpoint: see
// learned_rule.cc.
struct LearnedOptions {
  int min_trials = 8;    // completed trials that came as far
  double caution = 1.75;  // in standard errors of the prediction; twice that among the first 20
  // The same for what one fold says of the mean over folds; 0: all folds go together.
  double fold_caution = 2.5;
};
std::unique_ptr<PruneRule> MakeLearnedRule(const LearnedOptions& options,
                                           const study::SearchSpace& space, study::Goal goal);

}  // namespace coppice::strategies
