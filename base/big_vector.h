#pragma once
// A std::vector for arrays that are read here and there by many rows: large ones lie in pages of
// 2 MiB where the system has them, since with pages of 4 KiB most of such reads wait for the
// address translation; every one begins at a cache line.

#include <cstddef>
#include <new>
#include <vector>

namespace coppice {

// `bytes` at a cache line, or at a huge page from that size on. Throws std::bad_alloc.
void* AllocateBig(std::size_t bytes);
void FreeBig(void* memory);

template <typename T>
struct BigAllocator {
  using value_type = T;

  BigAllocator() = default;
  template <typename U>
  BigAllocator(const BigAllocator<U>& /*other*/) {}  // NOLINT: allocators convert

  T* allocate(std::size_t n) {
    if (n > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(AllocateBig(n * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t /*n*/) { FreeBig(memory); }
  bool operator==(const BigAllocator& /*other*/) const { return true; }
};

template <typename T>
using BigVector = std::vector<T, BigAllocator<T>>;

}  // namespace coppice
