#include "strategies/bayesian/minimize.h"

#include <gtest/gtest.h>

#include <limits>

namespace coppice::strategies {
namespace {

using Span = std::span<const double>;

double Bowl(Span x, std::span<double> gradient) {
  gradient[0] = 2 * (x[0] - 3);
  gradient[1] = 20 * (x[1] + 1);
  return (x[0] - 3) * (x[0] - 3) + 10 * (x[1] + 1) * (x[1] + 1);
}

TEST(Minimize, FindsTheBottomOfABowl) {
  const Minimum found = Minimize(Bowl, {0, 0}, {{-10, -10}, {10, 10}, 60, 1e-12});
  EXPECT_NEAR(found.x[0], 3, 1e-5);
  EXPECT_NEAR(found.x[1], -1, 1e-5);
}

TEST(Minimize, StopsAtTheWallThatIsInTheWay) {
  const Minimum found = Minimize(Bowl, {5, 5}, {{-1, 0}, {2, 10}, 60, 1e-12});
  EXPECT_EQ(found.x, (std::vector<double>{2, 0}));
  EXPECT_EQ(found.value, 11);
}

TEST(Minimize, FollowsACurvedValley) {
  const auto rosenbrock = [](Span x, std::span<double> gradient) {
    const double a = x[1] - x[0] * x[0];
    gradient[0] = -400 * a * x[0] - 2 * (1 - x[0]);
    gradient[1] = 200 * a;
    return 100 * a * a + (1 - x[0]) * (1 - x[0]);
  };
  const Minimum found = Minimize(rosenbrock, {-1.2, 1}, {{-5, -5}, {5, 5}, 200, 1e-14});
  EXPECT_NEAR(found.x[0], 1, 1e-4);
  EXPECT_NEAR(found.x[1], 1, 2e-4);
}

TEST(Minimize, GoesRoundWhereThereIsNoValue) {
  const auto walled = [](Span x, std::span<double> gradient) {
    if (x[0] > 2) return std::numeric_limits<double>::infinity();
    gradient[0] = 2 * (x[0] - 1.5);
    return (x[0] - 1.5) * (x[0] - 1.5);
  };
  const Minimum found = Minimize(walled, {-4}, {{-5}, {5}, 60, 1e-12});
  EXPECT_NEAR(found.x[0], 1.5, 1e-5);
}

TEST(Minimize, AsksNoMoreThanItMay) {
  int asked = 0;
  const auto counted = [&](Span x, std::span<double> gradient) {
    ++asked;
    return Bowl(x, gradient);
  };
  Minimize(counted, {-7, 9}, {{-10, -10}, {10, 10}, 5, 0});
  EXPECT_EQ(asked, 5);
}

}  // namespace
}  // namespace coppice::strategies
