#pragma once
// What holds for every input that is refused.

#include "base/error.h"

namespace coppice::fuzz {

inline void CheckRefusal(const Error& error, ErrorKind kind) {
  COPPICE_CHECK(error.kind() == kind, "a broken file is its writer's fault");
  COPPICE_CHECK(!error.findings().empty(), "it is said what is wrong");
  for (const Finding& finding : error.findings()) {
    COPPICE_CHECK(!finding.message.empty(), "a finding is a sentence");
  }
}

}  // namespace coppice::fuzz
