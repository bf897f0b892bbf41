#pragma once
// How much memory this process may use, and uses.

#include <cstddef>
#include <string>

#include "base/cgroup.h"

namespace coppice {

struct MemoryState {
  std::size_t limit_bytes = 0;      // of the container, else of the machine; 0: not known
  std::string limit_of;             // "the container", "this machine"
  std::size_t available_bytes = 0;  // that the machine has left now; 0: not known
  std::size_t resident_bytes = 0;   // of this process
};

// As the system says it now.
MemoryState ReadMemoryState();

// The same from texts of /proc and /sys.
MemoryState MemoryStateFrom(const ReadText& read);

}  // namespace coppice
