#include "tests/tuner/loop/world.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "base/random.h"

namespace coppice::tuner::testing {
namespace {

using study::ToIndex;
using study::TrialId;

std::uint64_t Mixed(std::uint64_t history, std::uint64_t word) { return Mix64(history ^ word) + 1; }

double Uniform(std::uint64_t bits) { return static_cast<double>(Mix64(bits) >> 11) * 0x1p-53; }

std::string OutcomeText(const study::TrialOutcome& outcome) {
  if (const auto* c = std::get_if<study::Completed>(&outcome)) {
    return fmt::format("completed {}", c->score);
  }
  if (const auto* f = std::get_if<study::Failed>(&outcome)) {
    return fmt::format("failed {} {}", ToText(f->kind), f->reason);
  }
  if (const auto* p = std::get_if<study::Paused>(&outcome)) {
    return fmt::format("paused {} at {}", p->result.score, p->result.rounds);
  }
  return "cancelled";
}

std::string Line(const study::TrialCreated& e) {
  return fmt::format("created {}", ToIndex(e.trial));
}
std::string Line(const study::TrialStarted& e) {
  return fmt::format("started {}", ToIndex(e.trial));
}
std::string Line(const study::TrialFinished& e) {
  return fmt::format("finished {} {}", ToIndex(e.trial), ToText(StateOf(e.outcome)));
}
std::string Line(const study::TrialPromoted& e) {
  return fmt::format("promoted {} {}", ToIndex(e.trial), e.rounds);
}
std::string Line(const study::TrialRequeued& e) {
  return fmt::format("requeued {}", ToIndex(e.trial));
}
std::string Line(const study::StudyStopped& e) { return "stopped " + ToText(e.reason); }
std::string Line(const study::TrialConfirmed& e) {
  return fmt::format("confirmed {}", ToIndex(e.trial));
}
std::string Line(const study::StudyChanged& e) {
  std::string line = "changed";
  for (const auto& [path, text] : e.fields) line += fmt::format(" {}={}", path, text);
  return line;
}
std::string Line(const study::StudyExtended& e) {
  return fmt::format("extended {} {}", e.trials, e.seconds);
}

}  // namespace

strategies::Suggestion ListeningStrategy::Ask(TrialId next) const {
  EXPECT_EQ(ToIndex(next), n_created_);
  if (slots_ > 0) {
    const int known = std::max(0, ToIndex(next) + 1 - slots_);
    EXPECT_EQ(static_cast<int>(finished_.size()), known) << "before trial " << ToIndex(next);
    EXPECT_TRUE(finished_.empty() || *finished_.rbegin() == known - 1);
  }
  if (n_created_ >= n_configurations_) return strategies::Exhausted{};
  return strategies::NewTrial{study::Configuration({{"x", Uniform(history_)}}),
                              fmt::format("proposal {}", ToIndex(next))};
}

void ListeningStrategy::TellCreated(TrialId trial, const study::Configuration& configuration) {
  EXPECT_EQ(ToIndex(trial), n_created_++);
  const double x = AsDouble(*configuration.Find("x"));
  history_ = Mixed(history_, std::bit_cast<std::uint64_t>(x));
  heard_.push_back(fmt::format("created {}", ToIndex(trial)));
}

void ListeningStrategy::TellFinished(TrialId trial, const strategies::Observation& observation) {
  EXPECT_LT(ToIndex(trial), n_created_);
  EXPECT_EQ(std::isnan(observation.loss), observation.state != study::TrialState::kCompleted &&
                                              observation.state != study::TrialState::kPruned);
  finished_.insert(ToIndex(trial));
  history_ = Mixed(history_, static_cast<std::uint64_t>(ToIndex(trial)));
  history_ = Mixed(history_, std::bit_cast<std::uint64_t>(observation.loss));
  heard_.push_back(fmt::format("finished {} {} {}", ToIndex(trial), ToText(observation.state),
                               observation.loss));
  if (observation.variance) heard_.back() += fmt::format(" +- {}", *observation.variance);
  if (observation.cost) heard_.back() += fmt::format(" for {}", *observation.cost);
}

void RecordingProgress::TrialStarted(const study::TrialCreated& trial, const RunCounts& counts) {
  lines.push_back(fmt::format("{} started, {} running", ToIndex(trial.trial), counts.running));
}

void RecordingProgress::TrialFinished(const study::TrialFinished& trial, bool is_best,
                                      std::optional<double> best, const RunCounts& counts) {
  lines.push_back(fmt::format("{} {}{}, best {}, {}+{} done, {} running", ToIndex(trial.trial),
                              ToText(StateOf(trial.outcome)), is_best ? " best" : "",
                              best ? fmt::format("{}", *best) : "none", counts.completed,
                              counts.failed, counts.running));
  on_finished(trial.trial);
}

void RecordingProgress::Stopped(const study::StudyStopped& stop, const RunCounts& counts) {
  lines.push_back(fmt::format("{} At {} s, {} running, limit {}.", stop.text,
                              counts.elapsed_seconds, counts.running, counts.trials.value_or(-1)));
}

SimulatedExecutor::Plan ShuffledPlan(std::uint64_t shuffle) {
  return [shuffle](const TrialRequest& request, int) {
    const auto trial = static_cast<std::uint64_t>(ToIndex(request.trial));
    const double x = AsDouble(*request.configuration.Find("x"));
    SimulatedTrial plan;
    plan.seconds = 1 + 20 * Uniform(Mixed(shuffle, trial));
    if (Mixed(shuffle, trial) % 100 == 0) plan.seconds *= 30;
    plan.outcome = Score((x - 0.3) * (x - 0.3));
    if (trial % 7 == 3) plan.outcome = study::Failed{study::FailureKind::kMemory, "too deep"};
    if (trial % 50 == 9) plan.outcome = Score(std::nan(""));
    return plan;
  };
}

SimulatedExecutor::Plan ScoresPlan(std::vector<double> scores) {
  return [scores = std::move(scores)](const TrialRequest& request, int) {
    const double score = scores.at(static_cast<std::size_t>(ToIndex(request.trial)));
    SimulatedTrial plan;
    plan.outcome = Score(score);
    if (std::isnan(score)) plan.outcome = study::Failed{study::FailureKind::kCrash, "as planned"};
    return plan;
  };
}

SimulatedExecutor::Plan SteadyPlan(double seconds, double round_seconds) {
  return [=](const TrialRequest&, int) {
    return SimulatedTrial{seconds, Score(1), {}, round_seconds};
  };
}

study::Completed Score(double score) { return {score, std::nullopt, 1, 1}; }

LoopSetup SetupFor(int slots, std::optional<int> trials) {
  LoopSetup setup;
  setup.stop.trials = trials;
  setup.failures_limit = 1 << 30;
  setup.slots = slots;
  return setup;
}

World::World(const LoopSetup& loop_setup, SimulatedExecutor::Plan plan, int n_configurations)
    : setup(loop_setup),
      strategy(setup.order == CommitRule::kDeterministic && !setup.first_slots ? setup.slots : 0,
               n_configurations),
      executor(clock, std::move(plan)) {}

LoopResult World::Run(results::TrialStore& store) {
  return TuningLoop(setup, strategy, executor, store, clock, progress).Run(interrupt);
}

results::MemoryStore NewStore() { return results::MemoryStore(results::StudyRecord{}); }

results::MemoryStore FirstEvents(const results::TrialStore& store, std::size_t n) {
  results::MemoryStore first = NewStore();
  const std::vector<results::LoggedEvent> events = store.Events();
  for (std::size_t i = 0; i < n; ++i) {
    first.Append(std::vector<study::StudyEvent>{events.at(i).event}, events[i].elapsed_seconds);
  }
  return first;
}

std::vector<std::string> LogOf(const results::TrialStore& store) {
  std::vector<std::string> lines;
  for (const results::LoggedEvent& e : store.Events()) {
    lines.push_back(std::visit([](const auto& event) { return Line(event); }, e.event));
  }
  return lines;
}

std::vector<std::string> ResultsOf(const results::TrialStore& store) {
  std::vector<std::string> lines;
  for (const study::Trial& trial : store.Trials()) {
    lines.push_back(fmt::format("{} {} {}: {}", ToIndex(trial.id), trial.origin,
                                trial.configuration.CanonicalText(),
                                trial.outcome ? OutcomeText(*trial.outcome) : "open"));
  }
  return lines;
}

}  // namespace coppice::tuner::testing
