// What the executor does when there is no memory to start a trial: this program's `new` fails when
// the test says so.

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <new>
#include <optional>
#include <string>

#include "base/threads.h"
#include "tuner/run/local_executor.h"

namespace {

// Of this thread: so many allocations succeed yet, and the next one fails; nothing: none fails.
thread_local std::optional<int> t_allocations_left;

}  // namespace

void* operator new(std::size_t size) {
  if (t_allocations_left && (*t_allocations_left)-- == 0) {
    t_allocations_left.reset();
    throw std::bad_alloc();
  }
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace coppice::tuner {
namespace {

TEST(LocalExecutorWithoutMemory, StartsATrialOrDoesNot) {
  const ThreadLimit limit(2);
  const RealClock clock;
  const auto runner = [](const TrialRequest& request, const CancelToken&) -> TrialResult {
    return {request.trial, study::Completed{1, std::nullopt, 1, 1}, {}, 0};
  };
  LocalExecutor executor(runner, clock, 1);
  const TrialRequest request{
      study::TrialId{3},
      study::Configuration({{"a parameter with a long name", Value(std::string("and a value"))}})};
  int n_failed = 0;
  for (bool failed = true; failed;) {
    // The first allocation fails, then the second, until Start has all that it asks for.
    bool thrown = false;
    t_allocations_left = n_failed;
    try {
      executor.Start(request);
    } catch (const std::bad_alloc&) {
      thrown = true;
    }
    failed = !t_allocations_left.has_value();
    t_allocations_left.reset();
    if (thrown) {
      ASSERT_EQ(executor.Running(), 0);
      ++n_failed;
    } else if (failed) {
      // Memory was short behind Start's own: the trial has begun and failed.
      const auto result = executor.Next(std::numeric_limits<double>::infinity());
      ASSERT_TRUE(result);
      ASSERT_TRUE(std::holds_alternative<study::Failed>(result->outcome));
      ++n_failed;
    } else {
      ASSERT_EQ(executor.Running(), 1);
    }
  }
  EXPECT_GE(n_failed, 2) << "the request is copied";
  const auto result = executor.Next(std::numeric_limits<double>::infinity());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->trial, study::TrialId{3});
  EXPECT_EQ(executor.Running(), 0);
}

}  // namespace
}  // namespace coppice::tuner
