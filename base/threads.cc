#include "base/threads.h"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/cgroup.h"

namespace coppice {

// oneTBB counts the cores of the affinity.
int AvailableCores() {
  const int cores = tbb::info::default_concurrency();
  const std::optional<double> quota = CgroupCores(SystemFiles());
  return quota ? std::clamp(static_cast<int>(std::ceil(*quota)), 1, cores) : cores;
}

// One more than asked for: the thread that waits for the workers counts too.
struct ThreadLimit::Limit {
  explicit Limit(int threads)
      : control(tbb::global_control::max_allowed_parallelism,
                static_cast<std::size_t>(threads) + 1) {}
  tbb::global_control control;
};

ThreadLimit::ThreadLimit(int threads) : limit_(std::make_unique<Limit>(threads)) {}
ThreadLimit::~ThreadLimit() = default;

void RunWithThreads(int threads, const std::function<void()>& body) {
  const ThreadLimit limit(threads);
  tbb::task_arena arena(threads);
  arena.execute(body);
}

}  // namespace coppice
