#pragma once
// What the events of a study amount to, for the loop. Live events and those of earlier runs go
// through the same Apply, so a resumed loop knows, and its strategy has been told, exactly what
// the loop that died did: replay is not a second implementation.
//
//   LoopState state(limits, rule, slots, strategy);
//   for (const LoggedEvent& e : store.EventsWithoutCurves()) {
//     state.Apply(e.event, e.elapsed_seconds);
//   }
//
// What the strategy hears: before trial k is created, the outcomes that CommitOrder has due, then
// the creation of k. A failed trial that is retried after it was told is told again when it ends;
// the last outcome counts. An extension changes limits only: the trials after it are those that a
// larger limit would have brought in one go.

#include <optional>
#include <set>
#include <vector>

#include "strategies/strategy.h"
#include "strategies/study/event.h"
#include "strategies/study/trial.h"
#include "tuner/loop/commit_order.h"
#include "tuner/loop/stop_rule.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// One thread at a time.
class LoopState {
 public:
  // `strategy` is borrowed and has been told nothing yet.
  LoopState(StopLimits limits, CommitRule rule, int slots, strategies::Strategy& strategy);

  // `event` is in the store. Throws Error (kStore) when it does not fit those before it.
  void Apply(const study::StudyEvent& event, double elapsed_seconds);

  // Before a proposal: whether its horizon has ended; tell it; what the stop rules say then.
  bool MayPropose() const { return order_.MayPropose(); }
  void TellDue();
  std::optional<study::StudyStopped> StopRule() const;
  // At the end of a study, beyond the horizon: the strategy has then heard of every trial.
  void TellRest();

  int n_created() const { return static_cast<int>(trials_.size()); }
  int n_completed() const { return n_completed_; }
  int n_failed() const { return n_failed_; }
  // By id. A waiting trial is to be started; created or requeued, it was not started since.
  const std::set<study::TrialId>& waiting() const { return waiting_; }
  const std::set<study::TrialId>& running() const { return running_; }
  const study::TrialCreated& created(study::TrialId trial) const;
  // The best score of the completed trials, told or not.
  std::optional<double> best_score() const;
  const StopLimits& limits() const { return limits_; }
  // The stop in force.
  const std::optional<study::StudyStopped>& stopped() const { return stopped_; }
  // Whether the trial was requeued after the stop in force.
  bool RequeuedSinceStop(study::TrialId trial) const {
    return requeued_since_stop_.contains(trial);
  }

 private:
  struct LoopTrial {
    study::TrialCreated created;
    study::TrialState state = study::TrialState::kWaiting;
    double score = 0;                 // completed only
    std::optional<std::size_t> told;  // its place in told_
  };

  void On(const study::TrialCreated& event, double elapsed_seconds);
  void On(const study::TrialStarted& event, double elapsed_seconds);
  void On(const study::TrialFinished& event, double elapsed_seconds);
  void On(const study::TrialRequeued& event, double elapsed_seconds);
  void On(const study::StudyStopped& event, double elapsed_seconds);
  void On(const study::StudyExtended& event, double elapsed_seconds);

  LoopTrial& Find(study::TrialId trial);
  void Move(LoopTrial& trial, study::TrialState to);
  void Tell(const std::vector<EndedTrial>& ended);

  StopLimits limits_;
  CommitOrder order_;
  strategies::Strategy& strategy_;
  std::vector<LoopTrial> trials_;
  std::vector<ToldTrial> told_;  // a trial told again keeps its place
  std::set<study::TrialId> waiting_;
  std::set<study::TrialId> running_;
  std::set<study::TrialId> requeued_since_stop_;
  std::optional<study::StudyStopped> stopped_;
  std::optional<std::size_t> best_;
  int n_completed_ = 0;
  int n_failed_ = 0;
};

}  // namespace coppice::tuner
