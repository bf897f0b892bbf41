#pragma once
// How much memory this process may use, and uses.

#include <cstddef>
#include <optional>
#include <string>

#include "base/cgroup.h"

namespace coppice {

struct MemoryState {
  std::size_t limit_bytes = 0;      // of the container, else of the machine; 0: not known
  std::string limit_of;             // "the container", "this machine"
  std::size_t available_bytes = 0;  // that the machine has left now; 0: not known
  std::size_t resident_bytes = 0;   // of this process
  std::size_t peak_bytes = 0;       // the most that it had so far; 0: not known
};

// By how much this process grows: its largest resident memory from here on, less what it has now.
// One at a time.
class MemoryGrowth {
 public:
  MemoryGrowth();
  // In bytes; nothing where the system does not say.
  std::optional<std::size_t> Peak() const;

 private:
  std::size_t before_ = 0;
  bool is_known_ = false;
};

// As the system says it now.
MemoryState ReadMemoryState();
// The same from texts of /proc and /sys.
MemoryState MemoryStateFrom(const ReadText& read);

}  // namespace coppice
