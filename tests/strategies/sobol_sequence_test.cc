#include "strategies/random/sobol_sequence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/hash.h"

namespace coppice::strategies {
namespace {

// The product of two polynomials over GF(2), modulo a third.
std::uint32_t Multiply(std::uint32_t a, std::uint32_t b, const SobolSeed& seed) {
  std::uint32_t product = 0;
  for (; b != 0; b >>= 1) {
    if ((b & 1U) != 0) product ^= a;
    a <<= 1;
    if ((a >> seed.degree() & 1U) != 0) a ^= seed.polynomial;
  }
  return product;
}

TEST(SobolSeeds, HavePrimitivePolynomialsThatDiffer) {
  std::set<std::uint16_t> seen;
  for (int d = 1; d < kSobolDimensions; ++d) {
    const SobolSeed& seed = SeedOf(d);
    EXPECT_TRUE(seen.insert(seed.polynomial).second) << d;
    // Primitive: the powers of x run through all 2^degree - 1 units before they come back to 1.
    const std::uint32_t order = (1U << seed.degree()) - 1;
    const std::uint32_t x = seed.degree() == 1 ? 1 : 2;
    std::uint32_t power = x;
    std::uint32_t steps = 1;
    while (power != 1 && steps <= order) {
      power = Multiply(power, x, seed);
      ++steps;
    }
    EXPECT_EQ(steps, order) << d;
  }
}

TEST(SobolSeeds, HaveOddNumbersOfRisingSize) {
  for (int d = 1; d < kSobolDimensions; ++d) {
    const SobolSeed& seed = SeedOf(d);
    for (int k = 0; k < static_cast<int>(seed.initial.size()); ++k) {
      const std::uint32_t number = seed.initial[static_cast<std::size_t>(k)];
      if (k >= seed.degree()) {
        EXPECT_EQ(number, 0U) << d << ' ' << k;
      } else {
        EXPECT_EQ(number % 2, 1U) << d << ' ' << k;
        EXPECT_LT(number, 2U << k) << d << ' ' << k;
      }
    }
  }
}

TEST(SobolSeeds, GiveThePublishedFirstPoints) {
  // Coordinates of points 1, 2 and 4 times 8, in dimensions 0 to 4.
  const std::uint32_t expected[5][3] = {{4, 2, 1}, {4, 6, 5}, {4, 6, 3}, {4, 6, 1}, {4, 2, 1}};
  for (int d = 0; d < 5; ++d) {
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(DirectionNumbers(d)[k] >> 29, expected[d][k]) << d << ' ' << k;
    }
  }
}

TEST(SobolSeeds, AreThePublishedOnesToTheLastDigit) {
  // Taken when all 2048 numbers were equal to those of another implementation of the same set.
  ContentHash hash;
  for (int d = 0; d < kSobolDimensions; ++d) {
    for (std::uint32_t number : DirectionNumbers(d)) hash.AddNumber(number);
  }
  EXPECT_EQ(hash.Hex(), "0ddfc00616d97ecec506229edd1bddbc");
}

// Sobol's property A in n dimensions: the first 2^n points put one into each of the 2^n boxes that
// halving every axis makes. So it is when the leading bits of the direction numbers, a matrix over
// GF(2), are independent. Joe and Kuo chose their numbers for it.
TEST(SobolSeeds, HavePropertyAInEveryNumberOfDimensionsUpTo32) {
  for (int n = 1; n <= 32; ++n) {
    std::vector<std::uint32_t> basis;
    for (int row = 0; row < n; ++row) {
      const auto numbers = DirectionNumbers(row);
      std::uint32_t bits = 0;
      for (int k = 0; k < n; ++k) bits |= (numbers[static_cast<std::size_t>(k)] >> 31) << k;
      for (std::uint32_t known : basis) bits = std::min(bits, bits ^ known);
      EXPECT_NE(bits, 0U) << n << " dimensions, row " << row;
      basis.push_back(bits);
    }
  }
}

TEST(SobolSequence, PutsOnePointIntoEachIntervalOfEveryDimension) {
  const SobolSequence sequence(kSobolDimensions, 11);
  constexpr int kBits = 9;
  constexpr std::uint32_t kPoints = 1U << kBits;
  std::vector<std::vector<double>> points;
  for (std::uint32_t i = 0; i < kPoints; ++i) points.push_back(sequence.Point(i));
  for (std::size_t d = 0; d < kSobolDimensions; ++d) {
    for (int bits = 0; bits <= kBits; ++bits) {
      std::set<int> hit;
      for (std::uint32_t i = 0; i < (1U << bits); ++i) {
        hit.insert(static_cast<int>(points[i][d] * (1 << bits)));
      }
      EXPECT_EQ(hit.size(), std::size_t{1} << bits) << "dimension " << d;
    }
  }
}

TEST(SobolSequence, IsANetInItsFirstTwoDimensions) {
  // (0, m, 2): every box of area 2^-m with sides that are powers of 1/2 has one of 2^m points.
  const SobolSequence sequence(2, 5);
  constexpr int kBits = 8;
  for (int across = 0; across <= kBits; ++across) {
    std::set<std::pair<int, int>> hit;
    for (std::uint32_t i = 0; i < (1U << kBits); ++i) {
      const std::vector<double> point = sequence.Point(i);
      hit.insert({static_cast<int>(point[0] * (1 << across)),
                  static_cast<int>(point[1] * (1 << (kBits - across)))});
    }
    EXPECT_EQ(hit.size(), std::size_t{1} << kBits) << across;
  }
}

TEST(SobolSequence, FillsTheSquaresOfNeighbouringDimensionsEvenly) {
  // 2^12 points over 64 squares of side 1/8: 64 in each, for all pairs that are nets of quality
  // t <= 6.
  const SobolSequence sequence(kSobolDimensions, 3);
  constexpr int kBoxes = 64;
  std::vector<std::vector<int>> count(kSobolDimensions - 1, std::vector<int>(kBoxes, 0));
  for (std::uint32_t i = 0; i < 4096; ++i) {
    const std::vector<double> point = sequence.Point(i);
    for (std::size_t d = 0; d + 1 < kSobolDimensions; ++d) {
      const int box = static_cast<int>(point[d] * 8) * 8 + static_cast<int>(point[d + 1] * 8);
      ++count[d][static_cast<std::size_t>(box)];
    }
  }
  for (const std::vector<int>& boxes : count) {
    for (int in_box : boxes) EXPECT_EQ(in_box, 64);
  }
}

TEST(SobolSequence, DependsOnTheSeedAndNothingElse) {
  const SobolSequence one(3, 7);
  const SobolSequence two(3, 7);
  const SobolSequence other(3, 8);
  EXPECT_EQ(one.Point(1000), two.Point(1000));
  EXPECT_NE(one.Point(0), other.Point(0));
  const SobolSequence wider(5, 7);
  EXPECT_EQ(wider.Point(17)[2], one.Point(17)[2]);
}

TEST(SobolSequence, IsUniformInEachPointOverSeeds) {
  // 2000 seeds: the mean of a uniform number has a deviation of 0.0065.
  for (std::uint32_t index : {0U, 1U, 77U}) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) sum += SobolSequence(4, seed).Point(index)[3];
    EXPECT_NEAR(sum / 2000, 0.5, 0.026) << index;
  }
}

}  // namespace
}  // namespace coppice::strategies
