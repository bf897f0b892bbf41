#pragma once
// Runs trials in this process: each is a task of one oneTBB arena, and so are the parts of each, so
// cores that too few trials leave idle speed up those that run.

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "base/clock.h"
#include "tuner/run/trial_executor.h"
#include "tuner/run/trial_runner.h"

namespace coppice::tuner {

// What a trial takes, in bytes.
struct TrialNeed {
  std::size_t surely = 0;   // on any number of threads
  std::size_t at_most = 0;  // if its trees become as large as they may, on all threads
};

// What trials may take together. A trial waits until those before it leave room for the most that
// it may take; where nothing else runs it has room, unless it surely takes more than `most_bytes`:
// then it fails.
struct MemoryBudget {
  std::size_t together_bytes = std::numeric_limits<std::size_t>::max();
  std::size_t most_bytes = std::numeric_limits<std::size_t>::max();
  // Empty: nothing that counts.
  std::function<TrialNeed(const TrialRequest& request)> need_of = {};
  std::string limit_words = {};  // for people: whose limit it is, and what is left of it
};

class LocalExecutor : public TrialExecutor {
 public:
  // What a trial does, on a worker's thread; several at once. An exception that leaves it is the
  // trial's failure.
  using Runner = std::function<TrialResult(const TrialRequest& request, const CancelToken& cancel)>;

  // `threads` >= 1 workers that call RunTrial. The context and the parking are borrowed.
  LocalExecutor(const TrialContext& context, int threads, TrialParking& parking,
                MemoryBudget budget = {});
  // The clock is borrowed.
  LocalExecutor(Runner runner, const Clock& clock, int threads, MemoryBudget budget = {});
  // Cancels what runs and waits for it.
  ~LocalExecutor() override;

  // A trial for which there is no task, or never room, ends as failed. Throws std::bad_alloc when
  // there is not even memory to note the trial; it is then not running.
  void Start(const TrialRequest& request) override;
  // Ended trials in the order of their ending.
  std::optional<TrialResult> Next(double deadline) override;
  void CancelAll(const std::string& reason) override;
  void AbandonAll() override;
  // Those that wait for room too.
  int Running() const override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace coppice::tuner
