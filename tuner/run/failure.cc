#include "tuner/run/failure.h"

#include <fmt/format.h>

#include <exception>
#include <new>

namespace coppice::tuner {
namespace {

using study::Failed;
using study::FailureKind;

// Short enough to be kept without an allocation.
Failed OutOfMemory() { return {FailureKind::kMemory, "out of memory"}; }

Failed Sorted() {
  try {
    throw;
  } catch (const Error& error) {
    const bool data = error.kind() == ErrorKind::kData;
    return {data ? FailureKind::kBadData : FailureKind::kCrash, error.what()};
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  } catch (const std::exception& error) {
    return {FailureKind::kCrash, error.what()};
  } catch (...) {
    return {FailureKind::kCrash, "an exception without words"};
  }
}

}  // namespace

Failed CurrentFailure() noexcept {
  try {
    return Sorted();
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  }
}

Error ErrorOf(const Failed& failed) {
  switch (failed.kind) {
    case FailureKind::kBadData:
      return Error(ErrorKind::kData, failed.reason);
    case FailureKind::kBadMetric:
      return Error(ErrorKind::kData, failed.reason, {},
                   "the validation rows may hold one class only: choose another split or metric");
    case FailureKind::kMemory:
      return Error(ErrorKind::kData, failed.reason, {},
                   "the data does not fit into this machine's memory");
    case FailureKind::kTimeout:
    case FailureKind::kCrash:
      break;
  }
  return Error(ErrorKind::kInternal, fmt::format("this is a bug of ours: {}", failed.reason), {},
               "please report it with the command line");
}

}  // namespace coppice::tuner
