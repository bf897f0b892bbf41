#pragma once
// A TrialExecutor without work: what each trial brings and how long it takes is told by a
// function, and time is virtual. Ten thousand trials end in any order that a test wants, at once.
//
//   VirtualClock clock;
//   SimulatedExecutor executor(clock, [](const TrialRequest& request, int attempt) {
//     return SimulatedTrial{.seconds = 3, .outcome = study::Completed{...}};
//   });

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "strategies/study/trial.h"
#include "tuner/run/trial_executor.h"

namespace coppice::tuner {

// Begins at 0; WallTime is Now. Thread-safe.
class VirtualClock : public Clock {
 public:
  double Now() const override { return now_.load(); }
  double WallTime() const override { return now_.load(); }
  // Never back: an earlier time changes nothing. Called by one thread.
  void AdvanceTo(double seconds) {
    if (seconds > now_.load()) now_.store(seconds);
  }

 private:
  std::atomic<double> now_{0};
};

struct SimulatedTrial {
  double seconds = 1;
  study::TrialOutcome outcome = {};
  std::vector<study::Curve> curves = {};
  // A cancelled trial ends so long after it was asked to, at the end of its round; or by itself
  // before that.
  double round_seconds = 0;
};

// Called by one thread.
class SimulatedExecutor : public TrialExecutor {
 public:
  // What becomes of the trial in this executor's n-th attempt at it, from 1. Called by Start.
  using Plan = std::function<SimulatedTrial(const TrialRequest& request, int attempt)>;

  // `clock` is borrowed.
  SimulatedExecutor(VirtualClock& clock, Plan plan);

  void Start(const TrialRequest& request) override;
  // The trial that ends first, of several the one that was started first; the clock goes to its
  // end, or to the deadline, whichever comes first. Without running trials time stands still.
  std::optional<TrialResult> Next(double deadline) override;
  void CancelAll(const std::string& reason) override;
  void AbandonAll() override;
  int Running() const override { return static_cast<int>(running_.size()); }

  // The largest number of trials that ever ran at once.
  int most_running() const { return most_running_; }

 private:
  struct Ending {
    double at = 0;  // Clock::Now
    double round_seconds = 0;
    TrialResult result;
  };

  VirtualClock& clock_;
  Plan plan_;
  std::vector<Ending> running_;  // in the order of their start
  std::map<study::TrialId, int> attempts_;
  int most_running_ = 0;
};

}  // namespace coppice::tuner
