#pragma once
// The loop of a study: asks, appends, starts, waits, appends, tells, stops. It knows no algorithm,
// no tree and no thread.
//
// Two rules make a study the same on every machine and after every crash.
// Append first, tell second: whatever happens is in the store before the strategy hears of it, so
// resuming is telling the log again.
// Slots are logical: with P slots, trial k is proposed, and the stop rules before it are asked,
// knowing exactly the outcomes of trials 0 .. k - P, told in the order of trials; trial k starts
// once all of those have ended. (`asap`: everything that has ended is known, told as it ends.)
//
// A stop ends the making of trials; those that run are waited for, recorded and told. When the
// seconds are up they are cancelled instead, and recorded as such; this also holds for the last
// trials of a study that stopped for another reason. They end at their next round, or in the middle
// of it where that takes too long for the limit to be kept.
// A study that was stopped stays so, and Run returns its stop at once, until a StudyExtended event
// follows. Failed and cancelled trials run again when the caller has appended TrialRequeued for
// them, in a stopped study too (ExtensionEvents does so when time is added).
//
//   TuningLoop loop(setup, strategy, executor, store, clock, progress);
//   LoopResult result = loop.Run(interrupt);

#include <optional>

#include "base/cancel.h"
#include "base/clock.h"
#include "results/store/trial_store.h"
#include "strategies/strategy.h"
#include "strategies/study/event.h"
#include "tuner/loop/loop_setup.h"
#include "tuner/loop/progress.h"
#include "tuner/run/trial_executor.h"

namespace coppice::tuner {

struct LoopResult {
  std::optional<study::StudyStopped> stopped;  // nothing when interrupted
  bool interrupted = false;
  int trials = 0;                      // created, over all runs
  std::optional<double> seconds = {};  // the limit in force, of the whole study
};

// Called by one thread.
class TuningLoop {
 public:
  // All are borrowed. The store may hold events of earlier runs: they are replayed.
  TuningLoop(LoopSetup setup, strategies::Strategy& strategy, TrialExecutor& executor,
             results::TrialStore& store, const Clock& clock, ProgressSink& progress);

  // Until a stop rule holds or `interrupt` is tripped, which is seen within 0.1 s. Interrupted:
  // running trials are cancelled at their next round and requeued in the store, so that a later Run
  // starts them again. Once for each strategy and executor. Store errors pass through; a trial's
  // failure never does.
  LoopResult Run(const CancelToken& interrupt);

 private:
  LoopSetup setup_;
  strategies::Strategy& strategy_;
  TrialExecutor& executor_;
  results::TrialStore& store_;
  const Clock& clock_;
  ProgressSink& progress_;
};

}  // namespace coppice::tuner
