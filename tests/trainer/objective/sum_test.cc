#include "trainer/objective/sum.h"

#include <gtest/gtest.h>

namespace coppice::trainer {
namespace {

TEST(FixedSum, CountsEveryTermOnceAtAnyLength) {
  for (std::size_t n : {0u, 1u, 7u, 8u, 9u, 1023u, 1024u, 1025u, 5000u}) {
    const double sum = FixedSum(n, [](std::size_t i) { return static_cast<double>(i); });
    EXPECT_EQ(sum, static_cast<double>(n * (n + 1) / 2 - n)) << n;
  }
}

TEST(FixedSum, AddsInLanesThenInBlocks) {
  // 1 in lane 0 is lost beside 2^53 only if both stand in one lane: first and ninth term.
  const double big = 9007199254740992.0;
  const auto at = [&](std::size_t one) {
    return FixedSum(16, [&](std::size_t i) {
      if (i == 0) return big;
      if (i == 9) return -big;
      return i == one ? 1.0 : 0.0;
    });
  };
  EXPECT_EQ(at(8), 0.0);
  EXPECT_EQ(at(10), 1.0);
}

}  // namespace
}  // namespace coppice::trainer
