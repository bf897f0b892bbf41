#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

namespace coppice {
namespace {

using Block = std::array<std::uint32_t, 4>;

// The published test vectors of Philox4x32-10.
TEST(Philox, GivesThePublishedAnswerForZeros) {
  EXPECT_EQ(Philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(Philox, GivesThePublishedAnswerForOnes) {
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(Philox({ones, ones, ones, ones}, {ones, ones}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Philox, GivesThePublishedAnswerForDigitsOfPi) {
  EXPECT_EQ(Philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Mix64, GivesTheKnownFirstNumberOfSplitMix) { EXPECT_EQ(Mix64(0), 0xE220A8397B1DCDAFULL); }

TEST(RandomStream, RepeatsForTheSameSeedAndName) {
  RandomStream first(7, {Purpose::kSplit, 1, 2, 3});
  RandomStream second(7, {Purpose::kSplit, 1, 2, 3});
  for (int i = 0; i < 100; ++i) ASSERT_EQ(first.Next(), second.Next());
}

TEST(RandomStream, DiffersWithSeedPurposeAndEachPartOfTheName) {
  std::set<std::uint64_t> firsts;
  firsts.insert(RandomStream(7, {Purpose::kSplit, 0, 0, 0}).Next64());
  firsts.insert(RandomStream(8, {Purpose::kSplit, 0, 0, 0}).Next64());
  firsts.insert(RandomStream(7, {Purpose::kProposal, 0, 0, 0}).Next64());
  firsts.insert(RandomStream(7, {Purpose::kSplit, 1, 0, 0}).Next64());
  firsts.insert(RandomStream(7, {Purpose::kSplit, 0, 1, 0}).Next64());
  firsts.insert(RandomStream(7, {Purpose::kSplit, 0, 0, 1}).Next64());
  EXPECT_EQ(firsts.size(), 6u);
}

TEST(RandomStream, FillsWithWhatNextGives) {
  RandomStream one_by_one(7, {Purpose::kSynth});
  RandomStream filled(7, {Purpose::kSynth});
  for (const std::size_t n : {3U, 64U, 1U, 200U, 0U, 129U}) {
    std::vector<std::uint32_t> numbers(n);
    filled.Fill(numbers);
    for (const std::uint32_t number : numbers) ASSERT_EQ(number, one_by_one.Next());
  }
  EXPECT_EQ(filled.Next(), one_by_one.Next());
}

TEST(RandomStream, HoldsTheTwoHalvesOfA64BitNumberHighFirst) {
  RandomStream halves(3, {Purpose::kSynth});
  RandomStream wholes(3, {Purpose::kSynth});
  const std::uint64_t high = halves.Next();
  const std::uint64_t low = halves.Next();
  EXPECT_EQ(wholes.Next64(), high << 32 | low);
}

TEST(RandomStream, UniformStaysBelowOne) {
  RandomStream stream(1, {Purpose::kSynth});
  for (int i = 0; i < 10000; ++i) {
    const double u = stream.Uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
  }
}

// Chi-square of 100 cells, 99 degrees of freedom: above 148.2 with probability 0.001. The seed is
// fixed, so this either holds for good or never.
double ChiSquare(const std::vector<int>& counts, double expected) {
  double sum = 0;
  for (int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

TEST(RandomStream, UniformFillsAHundredCellsEvenly) {
  RandomStream stream(42, {Purpose::kSynth});
  std::vector<int> counts(100);
  for (int i = 0; i < 100000; ++i) ++counts[static_cast<std::size_t>(stream.Uniform() * 100)];
  EXPECT_LT(ChiSquare(counts, 1000), 148.2);
}

TEST(RandomStream, FirstNumbersOfNeighbouringStreamsAreEvenToo) {
  std::vector<int> counts(100);
  for (std::uint64_t trial = 0; trial < 100000; ++trial) {
    RandomStream stream(42, {Purpose::kRowSample, trial});
    ++counts[static_cast<std::size_t>(stream.Uniform() * 100)];
  }
  EXPECT_LT(ChiSquare(counts, 1000), 148.2);
}

TEST(RandomStream, BelowFillsItsValuesEvenlyAndNoOthers) {
  RandomStream stream(5, {Purpose::kSynth});
  std::vector<int> counts(100);
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t drawn = stream.Below(100);
    ASSERT_LT(drawn, 100u);
    ++counts[static_cast<std::size_t>(drawn)];
  }
  EXPECT_LT(ChiSquare(counts, 1000), 148.2);
}

TEST(RandomStream, BelowOneIsZero) {
  RandomStream stream(5, {Purpose::kSynth});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(stream.Below(1), 0u);
}

TEST(RandomStream, BelowAThirdOfTheRangeKeepsTheLowHalfFromWinning) {
  // Without rejection, n = 3 * 2^62 would give results below 2^62 twice as often as others:
  // a share of 1/2 instead of 1/3.
  RandomStream stream(9, {Purpose::kSynth});
  const std::uint64_t n = 3ULL << 62;
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += stream.Below(n) < 1ULL << 62 ? 1 : 0;
  EXPECT_NEAR(low / 30000.0, 1.0 / 3, 0.01);
}

TEST(RandomStream, NormalHasMeanZeroAndVarianceOne) {
  RandomStream stream(11, {Purpose::kSynth});
  constexpr int kDraws = 100000;
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = stream.Normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
    beyond_two += std::abs(x) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.015);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
  EXPECT_NEAR(beyond_two / double{kDraws}, 0.0455, 0.003);
}

}  // namespace
}  // namespace coppice
