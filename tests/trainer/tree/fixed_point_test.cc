#include "trainer/tree/fixed_point.h"

#include <gtest/gtest.h>

#include <vector>

namespace coppice::trainer {
namespace {

TEST(FixedPointScale, KeepsHalvesAndWholesExactly) {
  const FixedPointScale scale(10.0, 8.0, 8);
  const GradientSum sum = scale.Unpack(scale.Pack(-0.5F, 0.25F) + scale.Pack(1.5F, 1.0F));
  EXPECT_EQ(sum.gradient, 1.0);
  EXPECT_EQ(sum.hessian, 1.25);
}

TEST(FixedPointScale, NegativeGradientsDoNotReachTheHessian) {
  const FixedPointScale scale(4.0, 4.0, 4);
  PackedPair sum = 0;
  for (int i = 0; i < 4; ++i) sum += scale.Pack(-1.0F, 1.0F);
  EXPECT_EQ(scale.Unpack(sum).gradient, -4.0);
  EXPECT_EQ(scale.Unpack(sum).hessian, 4.0);
}

TEST(FixedPointScale, TheSumOfAllRowsFitsAtTheLimit) {
  // Every row rounds up by almost half a unit: the worst case that the scale must leave room for.
  constexpr std::uint64_t kRows = 100000;
  const float gradient = 0.333333F;
  const float hessian = 0.111111F;
  const FixedPointScale scale(gradient * static_cast<double>(kRows),
                              hessian * static_cast<double>(kRows), kRows);
  PackedPair sum = 0;
  for (std::uint64_t i = 0; i < kRows; ++i) sum += scale.Pack(gradient, hessian);
  EXPECT_NEAR(scale.Unpack(sum).gradient, 33333.3, 0.1 * 333);
  EXPECT_NEAR(scale.Unpack(sum).hessian, 11111.1, 0.1 * 111);
}

TEST(FixedPointScale, NothingToScaleIsNoDivisionByZero) {
  const FixedPointScale scale(0.0, 0.0, 5);
  EXPECT_EQ(scale.Unpack(scale.Pack(0.0F, 0.0F)).gradient, 0.0);
}

TEST(FixedPointScale, DifferencesOfSumsAreExact) {
  const FixedPointScale scale(100.0, 100.0, 50);
  const PackedPair left = scale.Pack(-3.25F, 1.5F) + scale.Pack(2.0F, 0.5F);
  const PackedPair right = scale.Pack(7.125F, 4.0F);
  EXPECT_EQ((left + right) - left, right);
}

}  // namespace
}  // namespace coppice::trainer
