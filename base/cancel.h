#pragma once
// Asks running work to end early. The work polls; nothing is interrupted by force.

#include <atomic>

namespace coppice {

// Thread-safe, and safe to trip from a signal handler.
class CancelToken {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

}  // namespace coppice
