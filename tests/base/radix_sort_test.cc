#include "base/radix_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/random.h"

namespace coppice {
namespace {

TEST(OrderedKey, OrdersAsFloatsDo) {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> ascending = {-inf, -2.0f, -1e-45f, 0.0f, 1e-45f, 0.5f, 3e38f, inf};
  for (std::size_t i = 1; i < ascending.size(); ++i) {
    EXPECT_LT(OrderedKey(ascending[i - 1]), OrderedKey(ascending[i])) << ascending[i];
  }
  EXPECT_EQ(OrderedKey(-0.0f), OrderedKey(0.0f));
}

TEST(RadixSort, SortsAnyLengthAsTheStandardSortDoes) {
  RandomStream random(3, {Purpose::kSynth});
  for (const std::size_t n : {0u, 1u, 511u, 512u, 10000u}) {
    std::vector<std::uint32_t> values(n);
    for (auto& value : values) value = random.Next();
    std::vector<std::uint32_t> expected = values;
    std::vector<std::uint32_t> scratch;
    std::sort(expected.begin(), expected.end());
    RadixSort(values, scratch);
    EXPECT_EQ(values, expected) << n;
  }
}

TEST(RadixSort, KeepsTheOrderOfEqualKeys) {
  RandomStream random(4, {Purpose::kSynth});
  for (const std::size_t n : {100u, 4000u}) {
    std::vector<std::uint64_t> values(n);
    for (std::uint64_t i = 0; i < n; ++i) values[i] = (random.Below(20) << 32) | i;
    std::vector<std::uint64_t> expected = values;
    std::vector<std::uint64_t> scratch;
    std::sort(expected.begin(), expected.end());
    RadixSort(values, scratch);
    EXPECT_EQ(values, expected) << n;
  }
}

}  // namespace
}  // namespace coppice
