#pragma once
// How many threads there are to use, and how a run uses them.

#include <functional>
#include <memory>

namespace coppice {

// Cores that this process may run on: its affinity and its container's CPU quota respected.
int AvailableCores();

// Allows the process `threads` threads of oneTBB for as long as it lives, more than the machine has
// cores if asked for. One at a time.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  struct Limit;
  std::unique_ptr<Limit> limit_;
};

// Runs body() in an arena of so many threads, with the limit that allows them. What body() throws
// passes through.
void RunWithThreads(int threads, const std::function<void()>& body);

}  // namespace coppice
