#pragma once
// Asks running work to end early. The work polls; nothing is interrupted by force.

#include <atomic>

namespace coppice {

// Two degrees: to end where the work is whole (Cancel), or at once, in the middle of it (Abandon).
// Thread-safe, and safe to trip from a signal handler.
class CancelToken {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  void Abandon() { abandoned_.store(true, std::memory_order_relaxed); }
  // To either degree.
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed) || abandoned(); }
  bool abandoned() const { return abandoned_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> abandoned_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

}  // namespace coppice
