#pragma once
// Who stops trials early.
//
//   Pruner pruner(MakeMedianRule(...));
//   pruner.Tell(curve);                               // an ended trial, in the order of the log
//   std::shared_ptr<const StopTest> test = pruner.TestFor(configuration);
//   ... in the trial, after each round: if (auto why = test->Stop(loss)) ...
//
// A test knows what was told before it was made and nothing that comes later. The loop makes it
// when it proposes the trial, so what a trial is measured by is fixed by the log: the same on any
// machine and after any crash.

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "strategies/prune/curve_history.h"
#include "strategies/prune/prune_rule.h"

namespace coppice::strategies {

// Immutable. Thread-safe.
class StopTest {
 public:
  StopTest(std::shared_ptr<const PruneRule> rule, std::shared_ptr<const CurveHistory> history,
           study::Configuration configuration);

  // Why the trial should end after the last round of `loss`; nothing: it goes on.
  std::optional<std::string> Stop(std::span<const double> loss) const;
  // What a trial that was stopped after the last round of `loss`, not empty, was expected to reach
  // then; nothing by a rule that does not look ahead.
  std::optional<StoppedForecast> ForecastOf(std::span<const double> loss) const;

  // Whether the first fold should go ahead of the others, as it may end the trial: see PruneRule.
  bool RacesFolds() const;
  std::optional<FoldVerdict> StopFolds(std::span<const double> loss, bool has_ended) const;

 private:
  std::shared_ptr<const PruneRule> rule_;
  std::shared_ptr<const CurveHistory> history_;
  std::size_t n_known_;
  study::Configuration configuration_;
};

// One thread at a time; its tests may be asked meanwhile.
class Pruner {
 public:
  explicit Pruner(std::unique_ptr<const PruneRule> rule);

  void Tell(EndedCurve curve);
  std::shared_ptr<const StopTest> TestFor(const study::Configuration& configuration) const;

 private:
  std::shared_ptr<const PruneRule> rule_;
  std::shared_ptr<CurveHistory> history_;
};

}  // namespace coppice::strategies
