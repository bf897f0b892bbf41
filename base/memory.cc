#include "base/memory.h"

#include <algorithm>
#include <sstream>

namespace coppice {
namespace {

// "MemTotal:       16384256 kB" in bytes; 0 without such a line.
std::size_t LineOf(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name + ":")) continue;
    std::istringstream words(line.substr(name.size() + 1));
    std::size_t kilobytes = 0;
    return words >> kilobytes ? kilobytes * 1024 : 0;
  }
  return 0;
}

}  // namespace

MemoryState MemoryStateFrom(const ReadText& read) {
  MemoryState state;
  const std::string machine = read("/proc/meminfo").value_or("");
  state.limit_bytes = LineOf(machine, "MemTotal");
  state.limit_of = "this machine";
  state.available_bytes = LineOf(machine, "MemAvailable");
  state.resident_bytes = LineOf(read("/proc/self/status").value_or(""), "VmRSS");
  const auto container = CgroupMemoryBytes(read);
  if (container && (state.limit_bytes == 0 || *container < state.limit_bytes)) {
    state.limit_bytes = *container;
    state.limit_of = "the container";
  }
  return state;
}

MemoryState ReadMemoryState() { return MemoryStateFrom(SystemFiles()); }

}  // namespace coppice
