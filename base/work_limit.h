#pragma once
// When long work is to be given up in the middle: somebody has no use for it any more, or its time
// is up. The innermost loops ask, so that a limit is kept however long one round takes.

#include <limits>

#include "base/cancel.h"
#include "base/clock.h"

namespace coppice {

// A value that borrows. Thread-safe.
class WorkLimit {
 public:
  // Never.
  WorkLimit() = default;
  // When `token` is abandoned, or after `deadline` (Clock::Now; infinity: none).
  WorkLimit(const CancelToken& token, const Clock& clock, double deadline)
      : token_(&token), clock_(&clock), deadline_(deadline) {}

  // Reads the clock where there is a deadline: some 30 ns.
  bool Reached() const {
    if (token_ == nullptr) return false;
    if (token_->abandoned()) return true;
    return deadline_ < std::numeric_limits<double>::infinity() && clock_->Now() > deadline_;
  }

 private:
  const CancelToken* token_ = nullptr;
  const Clock* clock_ = nullptr;
  double deadline_ = std::numeric_limits<double>::infinity();
};

// Null: no limit.
inline bool IsReached(const WorkLimit* limit) { return limit != nullptr && limit->Reached(); }

}  // namespace coppice
