#include "tuner/loop/tuning_loop.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "tuner/loop/loop_state.h"
#include "tuner/loop/replay.h"
#include "tuner/loop/turn.h"

namespace coppice::tuner {
namespace {

using study::TrialId;
using study::TrialState;

// The longest that the loop waits for a trial without looking at its interrupt: a signal handler
// can only trip a token, it cannot wake a waiting executor.
constexpr double kLongestWaitSeconds = 0.1;

// A study may take longer than its limit by 5 % or 0.2 s, whichever is more. Half of that is for
// trials to come to the end of a round.
double RoundGrace(double limit_seconds) { return std::max(0.1, 0.025 * limit_seconds); }

// One call of Run.
class LoopRun {
 public:
  LoopRun(const LoopSetup& setup, strategies::Strategy& strategy, TrialExecutor& executor,
          results::TrialStore& store, const Clock& clock, ProgressSink& progress)
      : slots_(static_cast<std::size_t>(setup.slots)),
        strategy_(strategy),
        executor_(executor),
        store_(store),
        clock_(clock),
        progress_(progress),
        started_at_(clock.Now()),
        elapsed_before_(store.ElapsedSeconds()),
        reads_curves_(setup.pruner != nullptr),
        is_asap_(setup.order == CommitRule::kAsap),
        state_(LimitsOf(setup), setup.order, setup.first_slots.value_or(setup.slots), strategy,
               setup.pruner, setup.metric) {}

  LoopResult Go(const CancelToken& interrupt) {
    Replay(store_, reads_curves_, [this](const results::LoggedEvent& logged) {
      state_.Apply(logged.event, logged.elapsed_seconds);
    });
    Readmit();
    while (!Done()) {
      if (interrupt.cancelled() && !time_is_up_) {
        Park();
        return {std::nullopt, true, state_.n_created(), state_.limits().seconds};
      }
      WatchTime();
      if (MayStartAnother()) {
        StartAnother();
      } else if (!state_.running().empty()) {
        progress_.Waiting(Counts());
        if (auto result = executor_.Next(NextLook())) Record(*std::move(result));
      }
    }
    state_.TellRest();
    return {state_.stopped(), false, state_.n_created(), state_.limits().seconds};
  }

 private:
  double Elapsed() const { return elapsed_before_ + (clock_.Now() - started_at_); }

  bool Done() const {
    return state_.stopped() && state_.waiting().empty() && state_.running().empty();
  }

  // Append first, tell second.
  void Append(const std::vector<study::StudyEvent>& events) {
    if (events.empty()) return;
    const double elapsed = Elapsed();
    store_.Append(events, elapsed);
    for (const study::StudyEvent& event : events) state_.Apply(event, elapsed);
  }

  // Trials that an earlier run left unfinished run again, from their start. A stopped study whose
  // time was up by then has no time for those that were to be cancelled with it; what was requeued
  // since is asked for in spite of that, and time is no longer looked at.
  void Readmit() {
    const bool spent = state_.stopped() && SecondsRule(state_.limits(), elapsed_before_, Scored());
    looks_at_time_ = state_.limits().seconds && !spent;
    std::vector<study::StudyEvent> events;
    for (TrialId trial : state_.running()) {
      if (spent && !state_.RequeuedSinceStop(trial)) {
        events.push_back(study::TrialFinished{trial, study::Cancelled{"The time was up."}, {}, 0});
      } else {
        events.push_back(study::TrialRequeued{trial, "The process that ran it ended before it."});
      }
    }
    Append(events);
  }

  // When the time is up, the stop and the end of trials that never started are one append, so that
  // a crash cannot come between them.
  void WatchTime() {
    if (!looks_at_time_ || clock_.Now() < TimeIsUpAt()) return;
    if (time_is_up_) {
      const double last = TimeIsUpAt() + RoundGrace(*state_.limits().seconds);
      if (!is_abandoned_ && clock_.Now() >= last) executor_.AbandonAll();
      is_abandoned_ = is_abandoned_ || clock_.Now() >= last;
      return;
    }
    time_is_up_at_ = TimeIsUpAt();
    time_is_up_ = true;
    const auto up = SecondsRule(state_.limits(), *state_.limits().seconds, Scored());
    std::vector<study::StudyEvent> events;
    if (!state_.stopped()) events.push_back(*up);
    const bool stops = !events.empty();
    for (TrialId trial : state_.waiting()) {
      events.push_back(study::TrialFinished{trial, study::Cancelled{up->text}, {}, 0});
    }
    Append(events);
    executor_.CancelAll(up->text);
    if (stops) progress_.Stopped(*up, Counts());
  }

  int Scored() const { return state_.n_completed() + state_.n_pruned(); }

  // Clock::Now. Earlier from the trial on with which there is something to confirm; once it is up,
  // that stays so.
  double TimeIsUpAt() const {
    if (time_is_up_) return *time_is_up_at_;
    return started_at_ + (SearchSeconds(state_.limits(), Scored()) - elapsed_before_);
  }

  bool MayStartAnother() const {
    if (state_.running().size() >= slots_) return false;
    if (!state_.waiting().empty()) return true;
    return !state_.stopped() && !waits_for_an_end_ && state_.MayPropose();
  }

  // A waiting trial, else a new one; or the study stops instead.
  void StartAnother() {
    if (!state_.waiting().empty()) {
      const TrialId trial = *state_.waiting().begin();
      Append({study::TrialStarted{trial}});
      Start(trial);
      return;
    }
    const Turn turn = NextTurn(state_, strategy_);
    if (turn.events.empty()) return Wait();
    Append(turn.events);
    if (turn.begins) {
      Start(*turn.begins);
    } else {
      progress_.Stopped(*state_.stopped(), Counts());
    }
  }

  // By turns, the next one knows more; by time, only the next end brings news.
  void Wait() {
    COPPICE_CHECK(state_.HasMore(), "a strategy waits for trials that it was not told of");
    if (is_asap_) {
      waits_for_an_end_ = true;
    } else {
      state_.Pass();
    }
  }

  void Start(TrialId trial) {
    const study::TrialCreated& created = state_.created(trial);
    executor_.Start({trial, created.configuration, state_.stop_test(trial), state_.rounds(trial)});
    progress_.TrialStarted(created, Counts());
  }

  double NextLook() const {
    const double look = clock_.Now() + kLongestWaitSeconds;
    if (!looks_at_time_ || is_abandoned_) return look;
    const double grace = time_is_up_ ? RoundGrace(*state_.limits().seconds) : 0;
    return std::min(look, TimeIsUpAt() + grace);
  }

  void Record(TrialResult result) {
    const std::optional<double> best_before = state_.best_score();
    const study::TrialFinished finished{result.trial, Comparable(std::move(result.outcome)),
                                        std::move(result.curves), result.seconds};
    Append({finished});
    waits_for_an_end_ = false;
    const std::optional<double> best = state_.best_score();
    progress_.TrialFinished(finished, best != best_before, best, Counts());
  }

  // Interrupted: what ends by itself meanwhile is recorded; the rest is to run again.
  void Park() {
    executor_.CancelAll("The run was interrupted.");
    progress_.Interrupted(Counts());
    while (!state_.running().empty()) {
      progress_.Waiting(Counts());
      auto result = executor_.Next(clock_.Now() + kLongestWaitSeconds);
      if (!result) continue;
      if (std::holds_alternative<study::Cancelled>(result->outcome)) {
        Append({study::TrialRequeued{result->trial, "The run was interrupted."}});
      } else {
        Record(*std::move(result));
      }
    }
  }

  RunCounts Counts() const { return CountsOf(state_, Elapsed()); }

  std::size_t slots_;
  strategies::Strategy& strategy_;
  TrialExecutor& executor_;
  results::TrialStore& store_;
  const Clock& clock_;
  ProgressSink& progress_;
  double started_at_;
  double elapsed_before_;
  bool reads_curves_;
  bool is_asap_;
  bool waits_for_an_end_ = false;
  LoopState state_;
  bool looks_at_time_ = false;
  bool time_is_up_ = false;
  std::optional<double> time_is_up_at_;  // when it was
  bool is_abandoned_ = false;            // what still ran then
};

}  // namespace

TuningLoop::TuningLoop(LoopSetup setup, strategies::Strategy& strategy, TrialExecutor& executor,
                       results::TrialStore& store, const Clock& clock, ProgressSink& progress)
    : setup_(setup),
      strategy_(strategy),
      executor_(executor),
      store_(store),
      clock_(clock),
      progress_(progress) {}

LoopResult TuningLoop::Run(const CancelToken& interrupt) {
  return LoopRun(setup_, strategy_, executor_, store_, clock_, progress_).Go(interrupt);
}

}  // namespace coppice::tuner
