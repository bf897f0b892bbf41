#pragma once
// Runs trials in this process: each is a task of one oneTBB arena, and so are the parts of each, so
// cores that too few trials leave idle speed up those that run.

#include <memory>

#include "tuner/run/trial_executor.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {

class LocalExecutor : public TrialExecutor {
 public:
  // `threads` >= 1 workers. The context is borrowed.
  LocalExecutor(const TrialContext& context, int threads);
  // Cancels what runs and waits for it.
  ~LocalExecutor() override;

  void Start(const TrialRequest& request) override;
  std::optional<TrialResult> Next(double deadline) override;
  void CancelAll(const std::string& reason) override;
  int Running() const override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace coppice::tuner
