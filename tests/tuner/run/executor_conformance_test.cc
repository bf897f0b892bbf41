// What the loop relies on, of every TrialExecutor: the same tests, run for each.

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/threads.h"
#include "tuner/run/conversation_executor.h"
#include "tuner/run/local_executor.h"
#include "tuner/run/simulated_executor.h"

namespace coppice::tuner {
namespace {

using study::Cancelled;
using study::Completed;
using study::Failed;
using study::ToIndex;
using study::TrialId;

constexpr double kForever = std::numeric_limits<double>::infinity();

// How a trial behaves, by its number, so that every executor's trials can be told so.
enum class Behaviour {
  kScores,  // with its number
  kFails,
  kRuns,   // until it is cancelled, then to the end of its round
  kHolds,  // in a round that has no end, until it is abandoned
};

constexpr int kFirstFailing = 100;
constexpr int kFirstRunning = 200;
constexpr int kFirstHolding = 300;

Behaviour BehaviourOf(TrialId trial) {
  if (ToIndex(trial) >= kFirstHolding) return Behaviour::kHolds;
  if (ToIndex(trial) >= kFirstRunning) return Behaviour::kRuns;
  if (ToIndex(trial) >= kFirstFailing) return Behaviour::kFails;
  return Behaviour::kScores;
}

// An executor with all that it stands on.
class Rig {
 public:
  virtual ~Rig() = default;
  virtual TrialExecutor& executor() = 0;
  virtual const Clock& clock() const = 0;
};

class LocalRig : public Rig {
 public:
  LocalRig() : executor_(Run, clock_, 3) {}
  TrialExecutor& executor() override { return executor_; }
  const Clock& clock() const override { return clock_; }

 private:
  static TrialResult Run(const TrialRequest& request, const CancelToken& cancel) {
    const Behaviour behaviour = BehaviourOf(request.trial);
    if (behaviour == Behaviour::kScores) {
      return {request.trial,
              Completed{static_cast<double>(ToIndex(request.trial)), std::nullopt, 1, 1},
              {},
              0};
    }
    if (behaviour == Behaviour::kFails) throw std::runtime_error("as planned");
    while (!(behaviour == Behaviour::kRuns ? cancel.cancelled() : cancel.abandoned())) {
      std::this_thread::yield();
    }
    return {request.trial, Cancelled{}, {}, 0};
  }

  ThreadLimit limit_{4};
  RealClock clock_;
  LocalExecutor executor_;
};

class SimulatedRig : public Rig {
 public:
  SimulatedRig() : executor_(clock_, Plan) {}
  TrialExecutor& executor() override { return executor_; }
  const Clock& clock() const override { return clock_; }

 private:
  static SimulatedTrial Plan(const TrialRequest& request, int) {
    SimulatedTrial trial;
    switch (BehaviourOf(request.trial)) {
      case Behaviour::kScores:
        trial.seconds = 1 + ToIndex(request.trial) * 7 % 10;
        trial.outcome = Completed{static_cast<double>(ToIndex(request.trial)), std::nullopt, 1, 1};
        break;
      case Behaviour::kFails:
        trial.outcome = Failed{study::FailureKind::kCrash, "as planned"};
        break;
      case Behaviour::kRuns:
        trial.seconds = 1e6;
        trial.round_seconds = 1;
        break;
      case Behaviour::kHolds:
        trial.seconds = trial.round_seconds = 1e6;
        trial.seconds *= 2;
        break;
    }
    return trial;
  }

  VirtualClock clock_;
  SimulatedExecutor executor_;
};

// A program that answers at once, or never.
class Program : public LineChannel {
 public:
  explicit Program(VirtualClock& clock) : clock_(clock) {}
  void Write(const std::string& line) override {
    const Json message = Json::parse(line);
    if (message.contains("stop")) return;
    const int trial = message.at("trial").get<int>();
    const Behaviour behaviour = BehaviourOf(TrialId{trial});
    if (behaviour == Behaviour::kScores) Say({{"trial", trial}, {"final", trial}});
    if (behaviour == Behaviour::kFails) Say({{"trial", trial}, {"failed", "as planned"}});
  }
  std::optional<std::string> Read(double deadline) override {
    if (lines_.empty()) {
      clock_.AdvanceTo(deadline);
      return std::nullopt;
    }
    std::string line = lines_.front();
    lines_.pop();
    return line;
  }

 private:
  void Say(const Json& message) { lines_.push(message.dump()); }

  VirtualClock& clock_;
  std::queue<std::string> lines_;
};

class ConversationRig : public Rig {
 public:
  ConversationRig() : program_(clock_), executor_(program_, clock_, Setup()) {}
  TrialExecutor& executor() override { return executor_; }
  const Clock& clock() const override { return clock_; }

 private:
  static ConversationSetup Setup() {
    ConversationSetup setup;
    setup.metric = "score";
    return setup;
  }

  VirtualClock clock_;
  Program program_;
  ConversationExecutor executor_;
};

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Rig>()> make;
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class EveryExecutor : public ::testing::TestWithParam<Kind> {
 protected:
  TrialExecutor& executor() { return rig_->executor(); }
  void Start(int trial) { executor().Start({TrialId{trial}, {}}); }
  TrialResult Next() {
    auto result = executor().Next(kForever);
    if (!result) ADD_FAILURE() << "nothing was running";
    return result.value_or(TrialResult{});
  }
  // All that run, by number.
  std::map<int, TrialResult> Rest() {
    std::map<int, TrialResult> results;
    while (executor().Running() > 0) {
      TrialResult result = Next();
      const int trial = ToIndex(result.trial);
      EXPECT_TRUE(results.emplace(trial, std::move(result)).second) << trial << " came twice";
      if (::testing::Test::HasFailure()) break;
    }
    return results;
  }
  static std::string ReasonOf(const TrialResult& result) {
    const auto* cancelled = std::get_if<Cancelled>(&result.outcome);
    return cancelled == nullptr ? "not cancelled" : cancelled->reason;
  }

  std::unique_ptr<Rig> rig_ = GetParam().make();
};

TEST_P(EveryExecutor, HasNothingToWaitForWhenNothingRuns) {
  EXPECT_EQ(executor().Running(), 0);
  EXPECT_FALSE(executor().Next(kForever));
}

TEST_P(EveryExecutor, GivesEveryTrialBackOnceWithItsOwnOutcome) {
  for (int i = 0; i < 20; ++i) {
    Start(i);
    Start(kFirstFailing + i);
  }
  const auto results = Rest();
  ASSERT_EQ(results.size(), 40U);
  for (int i = 0; i < 20; ++i) {
    const auto* completed = std::get_if<Completed>(&results.at(i).outcome);
    ASSERT_NE(completed, nullptr) << i;
    EXPECT_EQ(completed->score, i);
    const auto* failed = std::get_if<Failed>(&results.at(kFirstFailing + i).outcome);
    ASSERT_NE(failed, nullptr) << i;
    EXPECT_EQ(failed->kind, study::FailureKind::kCrash);
    EXPECT_NE(failed->reason.find("as planned"), std::string::npos) << failed->reason;
  }
  EXPECT_FALSE(executor().Next(kForever));
}

TEST_P(EveryExecutor, CountsATrialUntilItIsGivenBack) {
  Start(0);
  Start(1);
  EXPECT_EQ(executor().Running(), 2);
  Next();
  EXPECT_EQ(executor().Running(), 1);
  Next();
  EXPECT_EQ(executor().Running(), 0);
}

TEST_P(EveryExecutor, TakesANewTrialForEachThatEnds) {
  std::map<int, int> times;
  int begun = 0;
  for (; begun < 4; ++begun) Start(begun);
  while (executor().Running() > 0 && !HasFailure()) {
    ++times[ToIndex(Next().trial)];
    if (begun < kFirstFailing) Start(begun++);
  }
  EXPECT_EQ(times.size(), static_cast<std::size_t>(kFirstFailing));
  for (const auto& [trial, n] : times) EXPECT_EQ(n, 1) << trial;
}

TEST_P(EveryExecutor, RunsATrialAgainThatWasGivenBack) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    Start(7);
    EXPECT_EQ(std::get<Completed>(Next().outcome).score, 7) << attempt;
    EXPECT_EQ(executor().Running(), 0);
  }
}

TEST_P(EveryExecutor, WaitsNoLongerThanTheDeadline) {
  Start(kFirstRunning);
  const double deadline = rig_->clock().Now();
  EXPECT_FALSE(executor().Next(deadline));
  EXPECT_EQ(executor().Running(), 1) << "it runs on";
  executor().CancelAll("enough");
  EXPECT_EQ(ReasonOf(Next()), "enough");
}

TEST_P(EveryExecutor, GivesACancelledTrialBackWithTheFirstReason) {
  Start(kFirstRunning);
  Start(kFirstRunning + 1);
  executor().CancelAll("the time is up");
  executor().CancelAll("once more");
  const auto results = Rest();
  ASSERT_EQ(results.size(), 2U);
  for (const auto& [trial, result] : results) EXPECT_EQ(ReasonOf(result), "the time is up");
}

TEST_P(EveryExecutor, DoesNotCancelWhatStartsLater) {
  Start(kFirstRunning);
  executor().CancelAll("the time is up");
  Start(5);
  const auto results = Rest();
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(ReasonOf(results.at(kFirstRunning)), "the time is up");
  EXPECT_EQ(std::get<Completed>(results.at(5).outcome).score, 5);
}

TEST_P(EveryExecutor, EndsAnAbandonedTrialInTheMiddleOfItsRound) {
  Start(kFirstHolding);
  executor().CancelAll("the time is up");
  executor().AbandonAll();
  EXPECT_EQ(ReasonOf(Next()), "the time is up");
  EXPECT_EQ(executor().Running(), 0);
}

TEST_P(EveryExecutor, AbandonsNothingThatWasNotCancelled) {
  Start(kFirstRunning);
  executor().AbandonAll();
  EXPECT_FALSE(executor().Next(rig_->clock().Now()));
  EXPECT_EQ(executor().Running(), 1);
  executor().CancelAll("enough");
  EXPECT_EQ(ReasonOf(Next()), "enough");
}

TEST_P(EveryExecutor, CancelsAndAbandonsNothingWhenNothingRuns) {
  executor().CancelAll("enough");
  executor().AbandonAll();
  EXPECT_FALSE(executor().Next(kForever));
  Start(3);
  EXPECT_EQ(std::get<Completed>(Next().outcome).score, 3);
}

TEST_P(EveryExecutor, SaysHowLongATrialTook) {
  const double before = rig_->clock().Now();
  Start(4);
  Start(kFirstFailing);
  for (const auto& [trial, result] : Rest()) {
    EXPECT_GE(result.seconds, 0) << trial;
    EXPECT_LE(result.seconds, rig_->clock().Now() - before) << trial;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Executors, EveryExecutor,
    ::testing::Values(Kind{"Local", [] { return std::make_unique<LocalRig>(); }},
                      Kind{"Simulated", [] { return std::make_unique<SimulatedRig>(); }},
                      Kind{"Conversation", [] { return std::make_unique<ConversationRig>(); }}),
    [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace coppice::tuner
