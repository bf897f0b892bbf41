#pragma once
// How the program ends: the whole list.

#include "base/error.h"

namespace coppice::tuner {

enum ExitCode {
  kDone = 0,          // also when a budget is spent
  kAnswerIsNo = 1,    // ran, and the answer is no: all trials failed, a check failed
  kWrongUse = 2,      // command line or spec; nothing was started
  kWrongData = 3,     // data or model file
  kStoreTrouble = 4,  // busy, damaged, newer, not writable, disk full
  kOurBug = 5,
  kInterrupted = 130,
  kTerminated = 143,
};

constexpr int ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
    case ErrorKind::kSpec:
      return kWrongUse;
    case ErrorKind::kData:
      return kWrongData;
    case ErrorKind::kStore:
      return kStoreTrouble;
    case ErrorKind::kCancelled:
      return kInterrupted;
    case ErrorKind::kInternal:
      return kOurBug;
  }
  return kOurBug;
}

}  // namespace coppice::tuner
