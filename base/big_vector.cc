#include "base/big_vector.h"

#include <cstdlib>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace coppice {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t RoundUp(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

void* AllocateBig(std::size_t bytes) {
  const std::size_t unit = bytes < kHugePage ? kCacheLine : kHugePage;
  const std::size_t rounded = RoundUp(bytes, unit);
  if (rounded < bytes) throw std::bad_alloc();
  void* memory = std::aligned_alloc(unit, rounded);
  if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  // A wish: where it is not granted, the pages are small and nothing else is different.
  if (unit == kHugePage) static_cast<void>(madvise(memory, rounded, MADV_HUGEPAGE));
#endif
  return memory;
}

void FreeBig(void* memory) { std::free(memory); }

}  // namespace coppice
