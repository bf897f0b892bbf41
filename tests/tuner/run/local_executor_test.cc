#include "tuner/run/local_executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/threads.h"
#include "results/store/memory_store.h"
#include "strategies/registry.h"
#include "tuner/loop/tuning_loop.h"

namespace coppice::tuner {
namespace {

using study::Cancelled;
using study::Completed;
using study::Failed;
using study::FailureKind;
using study::TrialId;

constexpr double kForever = std::numeric_limits<double>::infinity();

// Closed until somebody opens it. Thread-safe.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

void WaitFor(const CancelToken& cancel) {
  while (!cancel.cancelled()) std::this_thread::yield();
}

TrialResult Scored(TrialId trial, double score = 0) {
  return {trial, Completed{score, std::nullopt, 1, 1}, {}, 0};
}

// An executor with a runner of the test's own, on more threads than trials.
class LocalExecutorTest : public ::testing::Test {
 protected:
  void Use(LocalExecutor::Runner runner, MemoryBudget budget = {}) {
    executor_ = std::make_unique<LocalExecutor>(std::move(runner), clock_, 3, std::move(budget));
  }
  void Start(int trial) { executor_->Start({TrialId{trial}, {}}); }
  TrialResult Next() {
    auto result = executor_->Next(kForever);
    if (!result) ADD_FAILURE() << "nothing was running";
    return result.value_or(TrialResult{});
  }

  ThreadLimit limit_{4};
  RealClock clock_;
  std::unique_ptr<LocalExecutor> executor_;
};

TEST_F(LocalExecutorTest, GivesTrialsBackInTheOrderOfTheirEnding) {
  Gate gate;
  Use([&](const TrialRequest& request, const CancelToken&) {
    if (request.trial == TrialId{0}) gate.Wait();
    return Scored(request.trial);
  });
  Start(0);
  Start(1);
  EXPECT_EQ(Next().trial, TrialId{1});
  gate.Open();
  EXPECT_EQ(Next().trial, TrialId{0});
}

TEST_F(LocalExecutorTest, CountsATrialUntilItIsGivenBack) {
  Use([&](const TrialRequest& request, const CancelToken&) { return Scored(request.trial); });
  EXPECT_EQ(executor_->Running(), 0);
  Start(0);
  Start(1);
  EXPECT_EQ(executor_->Running(), 2);
  Next();
  EXPECT_EQ(executor_->Running(), 1);
  Next();
  EXPECT_EQ(executor_->Running(), 0);
}

TEST_F(LocalExecutorTest, HasNothingToWaitForWhenNothingRuns) {
  Use([&](const TrialRequest& request, const CancelToken&) { return Scored(request.trial); });
  EXPECT_FALSE(executor_->Next(kForever));
}

TEST_F(LocalExecutorTest, WaitsNoLongerThanTheDeadline) {
  Gate gate;
  Use([&](const TrialRequest& request, const CancelToken&) {
    gate.Wait();
    return Scored(request.trial);
  });
  Start(0);
  EXPECT_FALSE(executor_->Next(clock_.Now()));
  EXPECT_EQ(executor_->Running(), 1);
  gate.Open();
  EXPECT_EQ(Next().trial, TrialId{0});
}

TEST_F(LocalExecutorTest, CancelsWhatRunsAndNotWhatStartsLater) {
  Use([&](const TrialRequest& request, const CancelToken& cancel) -> TrialResult {
    if (request.trial == TrialId{1}) {
      return Scored(request.trial, cancel.cancelled() ? 1 : 0);
    }
    WaitFor(cancel);
    return {request.trial, Cancelled{"as it says itself"}, {}, 0};
  });
  Start(0);
  executor_->CancelAll("the time is up");
  const TrialResult cancelled = Next();
  ASSERT_TRUE(std::holds_alternative<Cancelled>(cancelled.outcome));
  EXPECT_EQ(std::get<Cancelled>(cancelled.outcome).reason, "the time is up");
  Start(1);
  EXPECT_EQ(std::get<Completed>(Next().outcome).score, 0);
}

TEST_F(LocalExecutorTest, GivesEachTrialTheReasonThatItWasCancelledFor) {
  Gate gate;
  Use([&](const TrialRequest& request, const CancelToken& cancel) -> TrialResult {
    WaitFor(cancel);
    gate.Wait();
    return {request.trial, Cancelled{}, {}, 0};
  });
  Start(0);
  executor_->CancelAll("first");
  Start(1);
  executor_->CancelAll("second");
  gate.Open();
  std::map<TrialId, std::string> reasons;
  for (int i = 0; i < 2; ++i) {
    const TrialResult result = Next();
    reasons[result.trial] = std::get<Cancelled>(result.outcome).reason;
  }
  EXPECT_EQ(reasons,
            (std::map<TrialId, std::string>{{TrialId{0}, "first"}, {TrialId{1}, "second"}}));
}

TEST_F(LocalExecutorTest, AbandonsOnlyWhatItHasCancelled) {
  Gate gate;
  Use([&](const TrialRequest& request, const CancelToken& cancel) -> TrialResult {
    if (request.trial == TrialId{0}) {
      while (!cancel.abandoned()) std::this_thread::yield();
      return {request.trial, Cancelled{}, {}, 0};
    }
    gate.Wait();
    return Scored(request.trial, cancel.abandoned() ? 1 : 0);
  });
  Start(0);
  executor_->CancelAll("the time is up");
  Start(1);
  executor_->AbandonAll();
  EXPECT_EQ(std::get<Cancelled>(Next().outcome).reason, "the time is up");
  gate.Open();
  EXPECT_EQ(std::get<Completed>(Next().outcome).score, 0);
}

// Trial k takes k bytes.
MemoryBudget BudgetOfBytes(std::size_t together, std::size_t most) {
  return {together, most,
          [](const TrialRequest& request) {
            const auto bytes = static_cast<std::size_t>(ToIndex(request.trial));
            return TrialNeed{bytes, bytes};
          },
          "5 B are left of the 9 B of this machine"};
}

TEST_F(LocalExecutorTest, LetsATrialWaitUntilThereIsMemoryForIt) {
  std::atomic<int> in_use{0};
  std::atomic<int> most{0};
  const auto runner = [&](const TrialRequest& request, const CancelToken&) {
    in_use += ToIndex(request.trial);
    int seen = most.load();
    while (in_use.load() > seen && !most.compare_exchange_weak(seen, in_use.load())) {
    }
    std::this_thread::yield();
    in_use -= ToIndex(request.trial);
    return Scored(request.trial);
  };
  Use(runner, BudgetOfBytes(5, 9));
  for (int trial : {3, 2, 4, 1, 5, 2, 3, 1}) Start(trial);
  EXPECT_EQ(executor_->Running(), 8);
  for (int i = 0; i < 8; ++i) Next();
  EXPECT_LE(most.load(), 5);
}

TEST_F(LocalExecutorTest, LetsATrialWithoutRoomRunAlone) {
  Use([](const TrialRequest& request, const CancelToken&) { return Scored(request.trial); },
      BudgetOfBytes(5, 9));
  Start(8);
  EXPECT_TRUE(std::holds_alternative<Completed>(Next().outcome));
}

TEST_F(LocalExecutorTest, FailsATrialThatNeverFits) {
  Use([](const TrialRequest& request, const CancelToken&) { return Scored(request.trial); },
      BudgetOfBytes(5, 9));
  Start(10);
  Start(1);
  const auto failed = std::get<Failed>(Next().outcome);
  EXPECT_EQ(failed.kind, FailureKind::kMemory);
  EXPECT_EQ(
      failed.reason,
      "it needs 10 B for its rows and histograms, and 5 B are left of the 9 B of this machine");
  EXPECT_TRUE(std::holds_alternative<Completed>(Next().outcome));
}

TEST_F(LocalExecutorTest, LetsATrialWaitForTheMostItMayTakeAndFailsItForWhatItSurelyTakes) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  MemoryBudget budget = BudgetOfBytes(5, 9);
  budget.need_of = [](const TrialRequest&) { return TrialNeed{1, 10}; };
  Use(
      [&](const TrialRequest& request, const CancelToken&) {
        const int now = ++running;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        --running;
        return Scored(request.trial);
      },
      budget);
  for (int trial = 0; trial < 6; ++trial) Start(trial);
  for (int i = 0; i < 6; ++i) {
    EXPECT_TRUE(std::holds_alternative<Completed>(Next().outcome)) << "alone it may run";
  }
  EXPECT_EQ(most.load(), 1);
}

TEST_F(LocalExecutorTest, CancelsATrialThatWaitsForMemory) {
  Use(
      [](const TrialRequest& request, const CancelToken& cancel) -> TrialResult {
        WaitFor(cancel);
        return {request.trial, Cancelled{}, {}, 0};
      },
      BudgetOfBytes(5, 9));
  Start(4);
  Start(3);
  executor_->CancelAll("the time is up");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(std::get<Cancelled>(Next().outcome).reason, "the time is up");
  }
  EXPECT_EQ(executor_->Running(), 0);
}

TEST_F(LocalExecutorTest, CancelsAndWaitsAtItsEnd) {
  bool ended = false;
  Use([&](const TrialRequest& request, const CancelToken& cancel) -> TrialResult {
    WaitFor(cancel);
    ended = true;
    return {request.trial, Cancelled{}, {}, 0};
  });
  Start(0);
  executor_.reset();
  EXPECT_TRUE(ended);
}

// What a runner may throw, by the trial's number.
[[noreturn]] void Throw(TrialId trial) {
  switch (ToIndex(trial)) {
    case 0:
      throw std::bad_alloc();
    case 1:
      throw std::runtime_error("a pipe burst");
    case 2:
      throw Error(ErrorKind::kData, "the label does not fit");
    default:
      throw 5;
  }
}

TEST_F(LocalExecutorTest, MakesAFailedTrialOfAnyException) {
  Use([](const TrialRequest& request, const CancelToken&) -> TrialResult { Throw(request.trial); });
  const std::vector<std::pair<FailureKind, std::string>> expected = {
      {FailureKind::kMemory, "out of memory"},
      {FailureKind::kCrash, "a pipe burst"},
      {FailureKind::kBadData, "the label does not fit"},
      {FailureKind::kCrash, "an exception without words"}};
  for (int trial = 0; trial < 4; ++trial) {
    Start(trial);
    const TrialResult result = Next();
    EXPECT_EQ(result.trial, TrialId{trial});
    ASSERT_TRUE(std::holds_alternative<Failed>(result.outcome)) << trial;
    const auto& failed = std::get<Failed>(result.outcome);
    EXPECT_EQ(failed.kind, expected[static_cast<std::size_t>(trial)].first) << trial;
    EXPECT_EQ(failed.reason, expected[static_cast<std::size_t>(trial)].second);
    EXPECT_TRUE(result.curves.empty());
  }
  EXPECT_EQ(executor_->Running(), 0);
}

TEST_F(LocalExecutorTest, ATrialThatThrowsEndsNoStudy) {
  Use([](const TrialRequest& request, const CancelToken&) -> TrialResult {
    if (ToIndex(request.trial) % 2 == 1) Throw(TrialId{0});
    return Scored(request.trial);
  });
  study::RangeSpec eta;
  eta.name = "eta";
  eta.max = 1;
  const auto strategy =
      strategies::MakeStrategy({}, study::SearchSpace({study::ParameterRange(eta)}), 7, {});
  results::MemoryStore store({});
  SilentProgress silent;
  LoopSetup setup;
  setup.stop.trials = 6;
  setup.slots = 2;
  TuningLoop loop(setup, *strategy, *executor_, store, clock_, silent);
  const LoopResult result = loop.Run(CancelToken());
  ASSERT_TRUE(result.stopped);
  EXPECT_EQ(result.stopped->reason, study::StopReason::kTrials);
  std::string states;
  for (const study::Trial& trial : store.Trials()) states += ToText(trial.state) + " ";
  EXPECT_EQ(states, "completed failed completed failed completed failed ");
}

}  // namespace
}  // namespace coppice::tuner
