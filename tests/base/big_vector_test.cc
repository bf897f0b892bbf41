#include "base/big_vector.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <new>
#include <numeric>

namespace coppice {
namespace {

bool BeginsAt(const void* memory, std::uintptr_t unit) {
  return reinterpret_cast<std::uintptr_t>(memory) % unit == 0;
}

TEST(BigVector, BeginsAtACacheLineAndFromTwoMebibytesOnAtAHugePage) {
  const BigVector<std::uint8_t> small(1);
  const BigVector<std::uint64_t> below((1 << 18) - 1);
  const BigVector<std::uint64_t> large(1 << 18);
  EXPECT_TRUE(BeginsAt(small.data(), 64));
  EXPECT_TRUE(BeginsAt(below.data(), 64));
  EXPECT_TRUE(BeginsAt(large.data(), 2 << 20));
}

TEST(BigVector, KeepsItsValuesWhenItGrowsOverTheHugePage) {
  BigVector<std::uint64_t> values(1000);
  std::iota(values.begin(), values.end(), 0);
  values.resize(1 << 19);
  EXPECT_EQ(values[999], 999);
  EXPECT_EQ(values[1000], 0);
  EXPECT_EQ(values.back(), 0);
}

TEST(BigVector, OfMoreBytesThanThereAreAddressesIsRefused) {
  BigAllocator<std::uint64_t> allocator;
  EXPECT_THROW(static_cast<void>(allocator.allocate(std::numeric_limits<std::size_t>::max() / 4)),
               std::bad_array_new_length);
  EXPECT_THROW(static_cast<void>(AllocateBig(std::numeric_limits<std::size_t>::max() - 1)),
               std::bad_alloc);
}

}  // namespace
}  // namespace coppice
