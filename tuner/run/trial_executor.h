#pragma once
// Who runs trials. The loop starts them, waits for the next one to end, and knows nothing of
// threads, trees or files.
//
//   executor.Start({id, configuration});
//   while (auto result = executor.Next(deadline)) ...

#include <memory>
#include <optional>
#include <vector>

#include "strategies/prune/pruner.h"
#include "strategies/study/configuration.h"
#include "strategies/study/trial.h"

namespace coppice::tuner {

struct TrialRequest {
  study::TrialId trial{};
  study::Configuration configuration;
  // Asked after each round whether the trial should go on; null: it always does.
  std::shared_ptr<const strategies::StopTest> stop_test = nullptr;
  // It is paused there, counted from its first round; 0: nowhere. A trial that was paused goes on.
  int rounds = 0;
};

struct TrialResult {
  study::TrialId trial{};
  study::TrialOutcome outcome;
  std::vector<study::Curve> curves;
  double seconds = 0;
};

// Called by the loop thread only.
class TrialExecutor {
 public:
  virtual ~TrialExecutor() = default;

  virtual void Start(const TrialRequest& request) = 0;
  // Waits for the next started trial to end, at the latest until `deadline` (Clock::Now). Nothing
  // when none has ended by then, or nothing is running.
  virtual std::optional<TrialResult> Next(double deadline) = 0;
  // Asks every running trial to end at its next round; they end as Cancelled, and Next returns
  // each of them.
  virtual void CancelAll(const std::string& reason) = 0;
  // For those that CancelAll asked and whose round takes too long: they end in the middle of it.
  virtual void AbandonAll() = 0;
  // Trials that were started and not given back yet.
  virtual int Running() const = 0;
};

}  // namespace coppice::tuner
