#pragma once
// The disk that a loss of power leaves: what was forced onto it, and of all else any part.

#include <cstddef>
#include <span>
#include <string>

#include "base/random.h"
#include "tests/crash/disk_trace.h"

namespace coppice::crash {

// Makes in `to` (an empty folder) what may be left in `root` when the power fails after these
// operations. A name is safe once its folder was synced, and of a folder's other names a beginning
// of the changes is left; a file's content is safe once it was synced, and of its other changes any
// selection is left, writes cut off at sectors. `random` chooses.
void LosePower(std::span<const Operation> operations, const std::string& root,
               const std::string& to, RandomStream& random);

}  // namespace coppice::crash
