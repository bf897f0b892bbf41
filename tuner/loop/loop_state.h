#pragma once
// What the events of a study amount to, for the loop. Live events and those of earlier runs go
// through the same Apply, so a resumed loop knows, and its strategy has been told, exactly what
// the loop that died did: replay is not a second implementation.
//
//   LoopState state(limits, rule, slots, strategy, pruner);
//   for (const LoggedEvent& e : store.EventsWithoutCurves()) {
//     state.Apply(e.event, e.elapsed_seconds);  // with a pruner: the event with its curves
//   }
//
// What the strategy hears: before trial k is created, the outcomes that CommitOrder has due, then
// the creation of k. A failed trial that is retried after it was told is told again when it ends;
// the last outcome counts. An extension changes limits only: the trials after it are those that a
// larger limit would have brought in one go. A change sets limits and slots anew from its place in
// the log on; who proposes is made with the ranges as they are now, and told all. The pruner hears
// of the same trials at the same moments, and a trial's stop test is made when the trial is
// created.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "strategies/prune/pruner.h"
#include "strategies/strategy.h"
#include "strategies/study/event.h"
#include "strategies/study/trial.h"
#include "tuner/loop/commit_order.h"
#include "tuner/loop/progress.h"
#include "tuner/loop/stop_rule.h"
#include "tuner/spec/spec.h"

namespace coppice::tuner {

// One thread at a time.
class LoopState {
 public:
  // `strategy` and `pruner` are borrowed and have been told nothing yet. No pruner: trials are
  // never stopped. `metric` is the objective's: its curves are the pruner's.
  LoopState(StopLimits limits, CommitRule rule, int slots, strategies::Strategy& strategy,
            strategies::Pruner* pruner = nullptr, std::string metric = {});

  // `event` is in the store. A TrialFinished needs its curves only for a pruner. Throws Error
  // (kStore) when it does not fit those before it.
  void Apply(const study::StudyEvent& event, double elapsed_seconds);

  // Before a proposal: whether its horizon has ended; tell it; what the stop rules say then.
  bool MayPropose() const { return order_.MayPropose(); }
  void TellDue();
  std::optional<study::StudyStopped> StopRule() const;
  // What one more trial is expected to gain, in standard errors of the best score: asked of the
  // strategy where the rule of convergence wants to know, else nothing.
  std::optional<double> ExpectedGain() const;
  // The rule of convergence, with that.
  std::optional<study::StudyStopped> ConvergedStop(std::optional<double> expected_gain) const;
  // The strategy waits: the turn passes.
  void Pass();
  // Whether there is an outcome that was not told, or a trial that has none yet.
  bool HasMore() const { return order_.HasMore(); }
  int passed_turns() const { return passed_turns_; }
  // At the end of a study, beyond the horizon: the strategy has then heard of every trial.
  void TellRest();

  int n_created() const { return static_cast<int>(trials_.size()); }
  int n_completed() const { return n_completed_; }
  int n_pruned() const { return n_pruned_; }
  int n_paused() const { return n_paused_; }
  int n_failed() const { return n_failed_; }
  // By id. A waiting trial is to be started; created or requeued, it was not started since.
  const std::set<study::TrialId>& waiting() const { return waiting_; }
  const std::set<study::TrialId>& running() const { return running_; }
  const study::TrialCreated& created(study::TrialId trial) const;
  // Where the trial is paused, 0: nowhere. As it was created or promoted last.
  int rounds(study::TrialId trial) const;
  // What the trial is measured by while it runs; null without pruner, and when it has a result.
  std::shared_ptr<const strategies::StopTest> stop_test(study::TrialId trial) const;
  // The best score of the completed and pruned trials, told or not.
  std::optional<double> best_score() const;
  std::optional<study::TrialId> best_trial() const;
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
    int rounds = 0;
    double score = 0;                 // of the last stint that had one
    std::optional<std::size_t> told;  // its place in told_
    std::shared_ptr<const strategies::StopTest> stop_test;
    // By round, until the pruner is told: of the mean over folds, and of the first of several.
    std::vector<double> loss;
    std::vector<double> leading_loss;
    // Of a pruned trial, as its stop test saw it.
    std::optional<strategies::StoppedForecast> forecast;
  };

  void On(const study::TrialCreated& event, double elapsed_seconds);
  void On(const study::TrialStarted& event, double elapsed_seconds);
  void On(const study::TrialFinished& event, double elapsed_seconds);
  void On(const study::TrialRequeued& event, double elapsed_seconds);
  void On(const study::StudyStopped& event, double elapsed_seconds);
  void On(const study::StudyExtended& event, double elapsed_seconds);
  void On(const study::TrialPromoted& event, double elapsed_seconds);
  void On(const study::StudyChanged& event, double elapsed_seconds);
  void On(const study::TrialConfirmed&, double) {}  // after the search, which does not hear of it

  void BeginTurn(study::TrialId trial, int passed_turns);
  LoopTrial& Find(study::TrialId trial);
  void Move(LoopTrial& trial, study::TrialState to);
  void Tell(const std::vector<EndedTrial>& ended);
  std::optional<strategies::StoppedForecast> ForecastOf(const LoopTrial& trial,
                                                        const study::Completed& result) const;
  void KeepCurves(LoopTrial& trial, const std::vector<study::Curve>& curves);
  void TellPruner(study::TrialId trial, study::TrialState state);

  StopLimits limits_;
  CommitOrder order_;
  strategies::Strategy& strategy_;
  strategies::Pruner* pruner_;
  std::string metric_;
  std::vector<LoopTrial> trials_;
  std::vector<ToldTrial> told_;                        // a trial told again keeps its place
  std::vector<std::optional<double>> expected_gains_;  // by trial
  std::set<study::TrialId> waiting_;
  std::set<study::TrialId> running_;
  std::set<study::TrialId> requeued_since_stop_;
  std::optional<study::StudyStopped> stopped_;
  // Lifted by a change since the last trial was made: an extension that follows lifts it too.
  std::optional<study::StudyStopped> lifted_;
  int n_taken_over_ = 0;  // trials of an earlier study, which no limit on trials counts
  std::optional<std::size_t> best_;
  int n_folds_ = 0;  // that a trial had at most
  int n_completed_ = 0;
  int passed_turns_ = 0;  // since the last turn with a trial
  int n_pruned_ = 0;
  int n_paused_ = 0;
  int n_failed_ = 0;
};

// What progress says of it.
RunCounts CountsOf(const LoopState& state, double elapsed_seconds);

}  // namespace coppice::tuner
