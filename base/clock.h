#pragma once
// Time as a seam, so that budgets can be tested without waiting.

#include <chrono>

namespace coppice {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Seconds since some fixed moment; never goes back.
  virtual double Now() const = 0;
  // Seconds since 1970-01-01 UTC.
  virtual double WallTime() const = 0;
};

// Thread-safe.
class RealClock : public Clock {
 public:
  double Now() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  double WallTime() const override {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace coppice
