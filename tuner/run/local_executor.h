#pragma once
// Runs trials in this process: each is a task of one oneTBB arena, and so are the parts of each, so
// cores that too few trials leave idle speed up those that run.

#include <functional>
#include <memory>

#include "base/clock.h"
#include "tuner/run/trial_executor.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {

class LocalExecutor : public TrialExecutor {
 public:
  // What a trial does, on a worker's thread; several at once. An exception that leaves it is the
  // trial's failure.
  using Runner = std::function<TrialResult(const TrialRequest& request, const CancelToken& cancel)>;

  // `threads` >= 1 workers that call RunTrial. The context is borrowed.
  LocalExecutor(const TrialContext& context, int threads);
  // The clock is borrowed.
  LocalExecutor(Runner runner, const Clock& clock, int threads);
  // Cancels what runs and waits for it.
  ~LocalExecutor() override;

  // A trial for which there is no task ends as failed. Throws std::bad_alloc when there is not even
  // memory to note the trial; it is then not running.
  void Start(const TrialRequest& request) override;
  // Ended trials in the order of their ending.
  std::optional<TrialResult> Next(double deadline) override;
  void CancelAll(const std::string& reason) override;
  int Running() const override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace coppice::tuner
