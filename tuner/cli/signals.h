#pragma once
// Ctrl-C and SIGTERM. Once: running trials end at their next round and the study can be resumed.
// Twice: the process ends at once; the log stays valid, since every event in it is whole.

#include "base/cancel.h"

namespace coppice::tuner {

// Routes SIGINT and SIGTERM to a token for as long as it lives. One at a time.
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  const CancelToken& token() const;
  // 130 after Ctrl-C, 143 after SIGTERM.
  int exit_code() const;
};

}  // namespace coppice::tuner
