#include "strategies/bayesian/cost_model.h"

#include <gtest/gtest.h>

#include <cmath>

namespace coppice::strategies {
namespace {

Matrix ColumnOf(const std::vector<double>& values) {
  Matrix column(values.size(), 1);
  for (std::size_t i = 0; i < values.size(); ++i) column(i, 0) = values[i];
  return column;
}

TEST(CostModel, HasTheSlopeOfALineThroughLogarithmsDrawnTowardsZero) {
  // Centred, x is -1/2, 0, 1/2 and y is -2, 0, 2. With a prior deviation of 2 and a residual of
  // 0.4 the slope is 4 x'y / (4 x'x + 0.16) = 8 / 2.16.
  const auto model = CostModel::Fit(
      ColumnOf({0, 0.5, 1}), std::vector<double>{std::exp(1.0), std::exp(3.0), std::exp(5.0)});
  ASSERT_TRUE(model.has_value());
  ASSERT_EQ(model->slopes().size(), 1U);
  EXPECT_NEAR(model->slopes()[0], 8 / 2.16, 1e-12);
  EXPECT_NEAR(model->At(ColumnOf({0.5}), 0), 0, 1e-12);
  EXPECT_NEAR(model->At(ColumnOf({1}), 0), 0.5 * 8 / 2.16, 1e-12);
}

TEST(CostModel, DoesNotDependOnTheUnit) {
  const Matrix x = ColumnOf({0.1, 0.9, 0.3, 0.4});
  const auto model = CostModel::Fit(x, std::vector<double>{3, 40, 7, 9});
  const auto scaled = CostModel::Fit(x, std::vector<double>{3e6, 40e6, 7e6, 9e6});
  EXPECT_NEAR(model->slopes()[0], scaled->slopes()[0], 1e-9);
}

TEST(CostModel, WantsThreeTrials) {
  EXPECT_FALSE(CostModel::Fit(ColumnOf({0, 1}), std::vector<double>{1, 2}).has_value());
}

}  // namespace
}  // namespace coppice::strategies
