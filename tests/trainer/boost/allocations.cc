#include "tests/trainer/boost/allocations.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/big_vector.h"

namespace {

std::atomic<std::size_t> live = 0;
std::atomic<std::size_t> peak = 0;

// Each block is led by its size, in as many bytes as keep its alignment.
constexpr std::size_t kLead = alignof(std::max_align_t);
static_assert(kLead >= sizeof(std::size_t));

void* Allocate(std::size_t size) noexcept {
  char* block = static_cast<char*>(std::malloc(size + kLead));
  if (block == nullptr) return nullptr;
  std::memcpy(block, &size, sizeof size);
  const std::size_t now = live.fetch_add(size) + size;
  std::size_t most = peak.load();
  while (most < now && !peak.compare_exchange_weak(most, now)) {
  }
  return block + kLead;
}

void* AllocateOrThrow(std::size_t size) {
  void* memory = Allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void Free(void* memory) noexcept {
  if (memory == nullptr) return;
  char* block = static_cast<char*>(memory) - kLead;
  std::size_t size = 0;
  std::memcpy(&size, block, sizeof size);
  live.fetch_sub(size);
  std::free(block);
}

}  // namespace

// Of an array as of one: which of the two a library calls for whom is its own affair.
void* operator new(std::size_t size) { return AllocateOrThrow(size); }
void* operator new[](std::size_t size) { return AllocateOrThrow(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, std::size_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { Free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { Free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { Free(memory); }

// In the place of base/big_vector.cc, whose memory does not come from `operator new`.
namespace coppice {

void* AllocateBig(std::size_t bytes) { return AllocateOrThrow(bytes); }
void FreeBig(void* memory) { Free(memory); }

}  // namespace coppice

namespace coppice::testing {

std::size_t LiveBytes() { return live.load(); }
std::size_t PeakBytes() { return peak.load(); }
void RestartPeak() { peak.store(live.load()); }

}  // namespace coppice::testing
