#pragma once
// How the program ends: the whole list.

#include "base/error.h"

namespace coppice::tuner {

enum ExitCode {
  kDone = 0,
  kAnswerIsNo = 1,
  kWrongUse = 2,
  kWrongData = 3,
  kStoreTrouble = 4,
  kOurBug = 5,
  kInterrupted = 130,
  kTerminated = 143,
};

struct ExitCodeRow {
  ExitCode code;
  const char* meaning;
};

inline constexpr ExitCodeRow kExitCodes[] = {
    {kDone, "Done; a budget that is spent is success."},
    {kAnswerIsNo, "It ran, and the answer is no: all trials failed, a check failed."},
    {kWrongUse, "The command line or the spec is wrong; nothing was started."},
    {kWrongData, "The data or a model file cannot be used."},
    {kStoreTrouble, "The study is busy, damaged, newer or cannot be written; the disk is full."},
    {kOurBug, "A bug of ours."},
    {kInterrupted, "Interrupted; `coppice resume` goes on."},
    {kTerminated, "Terminated; `coppice resume` goes on."},
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
