#include "base/memory.h"

#include <malloc.h>

#include <algorithm>
#include <fstream>
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

std::size_t OfThisProcess(const std::string& name) {
  return LineOf(SystemFiles()("/proc/self/status").value_or(""), name);
}

}  // namespace

MemoryGrowth::MemoryGrowth() {
#ifdef __GLIBC__
  malloc_trim(0);  // what was freed and not given back would hide growth
#endif
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew: proc(5)
  before_ = OfThisProcess("VmRSS");
  // Where that was not allowed, the peak is an old one.
  constexpr std::size_t kNear = std::size_t{4} << 20;
  is_known_ = before_ > 0 && OfThisProcess("VmHWM") < before_ + kNear;
}

std::optional<std::size_t> MemoryGrowth::Peak() const {
  if (!is_known_) return std::nullopt;
  const std::size_t peak = OfThisProcess("VmHWM");
  return peak - std::min(peak, before_);
}

MemoryState MemoryStateFrom(const ReadText& read) {
  MemoryState state;
  const std::string machine = read("/proc/meminfo").value_or("");
  state.limit_bytes = LineOf(machine, "MemTotal");
  state.limit_of = "this machine";
  state.available_bytes = LineOf(machine, "MemAvailable");
  const std::string process = read("/proc/self/status").value_or("");
  state.resident_bytes = LineOf(process, "VmRSS");
  state.peak_bytes = LineOf(process, "VmHWM");
  const auto container = CgroupMemoryBytes(read);
  if (container && (state.limit_bytes == 0 || *container < state.limit_bytes)) {
    state.limit_bytes = *container;
    state.limit_of = "the container";
  }
  return state;
}

MemoryState ReadMemoryState() { return MemoryStateFrom(SystemFiles()); }

}  // namespace coppice
