#include "base/threads.h"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace coppice {
namespace {

// Cores that a container's quota (cgroup v2: "max 100000" or "150000 100000") is worth; 0: no
// limit.
int QuotaCores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 0;
  return std::max(1, static_cast<int>(std::ceil(std::stod(quota) / period)));
}

}  // namespace

int AvailableCores() {
  const int cores = tbb::info::default_concurrency();
  const int quota = QuotaCores();
  return quota > 0 ? std::min(cores, quota) : cores;
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
