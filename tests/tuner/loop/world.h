#pragma once
// Everything around the loop, faked: a strategy that remembers what it heard, an executor on a
// virtual clock, a sink that keeps what it was told, and a store in memory.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "results/store/memory_store.h"
#include "strategies/strategy.h"
#include "tuner/loop/progress.h"
#include "tuner/loop/tuning_loop.h"
#include "tuner/run/simulated_executor.h"

namespace coppice::tuner::testing {

// Every proposal is a function of all that was told, in its order, to the last bit of a loss: two
// runs propose the same only if they told the same.
class ListeningStrategy : public strategies::Strategy {
 public:
  // With `slots`, Ask fails the test unless exactly trials 0 .. next - slots are told (0: any).
  explicit ListeningStrategy(int slots = 0, int n_configurations = 1 << 30)
      : slots_(slots), n_configurations_(n_configurations) {}

  strategies::Suggestion Ask(study::TrialId next) const override;
  void TellCreated(study::TrialId trial, const study::Configuration& configuration) override;
  void TellFinished(study::TrialId trial, const strategies::Observation& observation) override;

  // "created 3", "finished 0 completed 0.25", "finished 1 pruned 0.25 +- 0.01" with a variance,
  // "finished 0 completed 0.25 for 3" with a cost.
  const std::vector<std::string>& heard() const { return heard_; }

 private:
  int slots_;
  int n_configurations_;
  int n_created_ = 0;
  std::uint64_t history_ = 0;
  std::set<int> finished_;
  std::vector<std::string> heard_;
};

using Lines = std::vector<std::string>;

// Keeps a line for each call, and calls back after a trial has finished.
class RecordingProgress : public ProgressSink {
 public:
  void TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) override;
  void TrialFinished(const study::TrialFinished& trial, bool is_best, std::optional<double> best,
                     const RunCounts& counts) override;
  void Stopped(const study::StudyStopped& stop, const RunCounts& counts) override;

  std::vector<std::string> lines;
  std::function<void(study::TrialId)> on_finished = [](study::TrialId) {};
};

// A score and a duration for each trial: the score from the configuration alone, some failures;
// the duration from the trial and `shuffle`, so that trials end in another order for each shuffle;
// one in a hundred takes thirty times as long.
SimulatedExecutor::Plan ShuffledPlan(std::uint64_t shuffle);
// One second a trial; scores as listed, NaN for a crash.
SimulatedExecutor::Plan ScoresPlan(std::vector<double> scores);
// Each trial takes so long and completes with a score of 1.
SimulatedExecutor::Plan SteadyPlan(double seconds, double round_seconds = 0);

study::Completed Score(double score);

LoopSetup SetupFor(int slots, std::optional<int> trials);

// What one process has: it runs a study once.
struct World {
  explicit World(const LoopSetup& loop_setup, SimulatedExecutor::Plan plan,
                 int n_configurations = 1 << 30);
  LoopResult Run(results::TrialStore& store);

  LoopSetup setup;
  VirtualClock clock;
  CancelToken interrupt;
  ListeningStrategy strategy;
  SimulatedExecutor executor;
  RecordingProgress progress;
};

results::MemoryStore NewStore();
// A store whose log ends after the first n events of `store`.
results::MemoryStore FirstEvents(const results::TrialStore& store, std::size_t n);

// The log as "created 0", "started 0", "finished 0 completed", "requeued 0", "stopped trials",
// "extended 2 0".
Lines LogOf(const results::TrialStore& store);
// What a study came to: a line for each trial with its configuration and outcome.
Lines ResultsOf(const results::TrialStore& store);

}  // namespace coppice::tuner::testing
