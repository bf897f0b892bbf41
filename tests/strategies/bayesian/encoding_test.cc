#include "strategies/bayesian/encoding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "strategies/bayesian/cholesky.h"
#include "strategies/bayesian/kernel.h"
#include "tests/strategies/ranges.h"

namespace coppice::strategies {
namespace {

using study::CategoricalSpec;
using study::Configuration;
using study::FloatSpec;
using study::IntSpec;
using study::RangeSpec;
using study::Scale;
using study::SearchSpace;
using study::SpaceOf;
using study::When;
using study::Word;

std::vector<double> Snapped(const Encoding& encoding, std::vector<double> point) {
  encoding.Snap(point);
  return point;
}

Matrix Encoded(const Encoding& encoding, const std::vector<std::vector<double>>& points) {
  Matrix encoded(points.size(), encoding.columns().size());
  for (std::size_t i = 0; i < points.size(); ++i) encoding.Encode(points[i], encoded, i);
  return encoded;
}

// Of the first two points, by axis.
std::vector<double> SquaredDistances(const Encoding& encoding, const std::vector<double>& a,
                                     const std::vector<double>& b) {
  const Matrix distances =
      PairDistances(encoding.columns(), encoding.n_axes(), Encoded(encoding, {a, b}));
  std::vector<double> by_axis;
  for (std::size_t j = 0; j < encoding.n_axes(); ++j) by_axis.push_back(distances(0, j));
  return by_axis;
}

RangeSpec Ordered(RangeSpec spec) {
  spec.ordered = true;
  return spec;
}

SearchSpace Conditional() {
  return SpaceOf(
      {CategoricalSpec("booster", {Word("tree"), Word("linear")}),
       When(FloatSpec("depth", 0, 1), "booster", {Word("tree")}),
       When(CategoricalSpec("policy", {Word("a"), Word("b")}), "booster", {Word("tree")})});
}

TEST(Encoding, SnapsToTheMiddleOfAValue) {
  const SearchSpace space =
      SpaceOf({IntSpec("a", 1, 4), CategoricalSpec("b", {Word("x"), Word("y")}),
               FloatSpec("c", 0, 1), FloatSpec("d", 0, 1, Scale::kLinear, 0.5)});
  const Encoding encoding(space);
  EXPECT_EQ(Snapped(encoding, {0.3, 0.9, 0.123, 0.34}),
            (std::vector<double>{0.375, 0.75, 0.123, 0.5}));
  EXPECT_EQ(Snapped(encoding, {1, 0, 1, 1}), (std::vector<double>{0.875, 0.25, 1, 5.0 / 6}));
}

TEST(Encoding, AgreesWithTheSpaceOnEveryPoint) {
  const SearchSpace space =
      SpaceOf({IntSpec("a", 1, 300, Scale::kLog), IntSpec("b", 0, 1000, Scale::kLog0),
               IntSpec("c", 1, 100'000, Scale::kLog), IntSpec("d", 2, 9),
               FloatSpec("e", 0.01, 0.9, Scale::kReverseLog, 0.07),
               When(IntSpec("f", 1, 64, Scale::kLog), "d", {std::int64_t{2}, std::int64_t{7}}),
               FloatSpec("g", 0.001, 1, Scale::kLog)});
  const Encoding encoding(space);
  RandomStream random(1, {Purpose::kSynth});
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> point(space.size());
    for (double& u : point) u = random.Uniform();
    const Configuration configuration = space.Decode(point);
    const std::vector<double> snapped = Snapped(encoding, point);
    EXPECT_EQ(space.Decode(snapped), configuration);
    const std::vector<double> back = encoding.PointOf(space, configuration);
    for (std::size_t j = 0; j < back.size(); ++j) {
      const bool exact = encoding.CountOf(j) > 0 || snapped[j] == kInactive;
      EXPECT_NEAR(back[j], snapped[j], exact ? 0 : 1e-12) << j;
    }
  }
}

TEST(Encoding, MarksWhatIsInactive) {
  const Encoding encoding(Conditional());
  EXPECT_EQ(Snapped(encoding, {0.1, 0.4, 0.6}), (std::vector<double>{0.25, 0.4, 0.75}));
  EXPECT_EQ(Snapped(encoding, {0.9, 0.4, 0.6}), (std::vector<double>{0.75, kInactive, kInactive}));
}

TEST(Encoding, FollowsChainsOfConditionsWhateverTheirOrder) {
  const Encoding encoding(study::ChainedSpace());  // leaves, booster, depth
  EXPECT_EQ(Snapped(encoding, {0.5, 0.9, 0.1}), (std::vector<double>{kInactive, 0.75, kInactive}));
  EXPECT_EQ(Snapped(encoding, {0.5, 0.1, 0.9})[0], kInactive);
  EXPECT_EQ(Snapped(encoding, {0.5, 0.1, 0.1})[0], 0.5);
}

TEST(Encoding, MeasuresNumbersByTheirScaleAndWordsByEquality) {
  const SearchSpace space = SpaceOf(
      {FloatSpec("a", 1, 100, Scale::kLog), CategoricalSpec("b", {Word("x"), Word("y"), Word("z")}),
       Ordered(CategoricalSpec("c", {Word("s"), Word("m"), Word("l"), Word("xl")}))});
  const Encoding encoding(space);
  const auto small =
      encoding.PointOf(space, space.Project({{"a", 1.0}, {"b", Word("x")}, {"c", Word("s")}}));
  const auto large =
      encoding.PointOf(space, space.Project({{"a", 10.0}, {"b", Word("z")}, {"c", Word("l")}}));
  const std::vector<double> squares = SquaredDistances(encoding, small, large);
  EXPECT_NEAR(squares[0], 0.25, 1e-12);
  EXPECT_EQ(squares[1], 1);
  EXPECT_NEAR(squares[2], 0.25, 1e-12);
}

TEST(Encoding, PutsConditionalValuesOnAnArcAndTheInactiveAtItsCentre) {
  const Encoding encoding(Conditional());
  const std::vector<double> low = {0.25, 0.2, 0.25};
  const std::vector<double> high = {0.25, 0.9, 0.75};
  const std::vector<double> none = {0.75, kInactive, kInactive};
  const std::vector<double> both = SquaredDistances(encoding, low, high);
  EXPECT_NEAR(both[1], 4 * std::pow(std::sin(0.35), 2), 1e-15);
  EXPECT_EQ(both[2], 1);
  const std::vector<double> one = SquaredDistances(encoding, low, none);
  EXPECT_NEAR(one[1], 1, 1e-15);
  EXPECT_EQ(one[2], 1);
  EXPECT_EQ(SquaredDistances(encoding, none, none), (std::vector<double>{0, 0, 0}));
}

// A distance of 0 between an active and an inactive value would make this matrix indefinite.
TEST(Encoding, MakesAValidKernelOfActiveAndInactivePoints) {
  const Encoding encoding(Conditional());
  const Kernel kernel(encoding.columns(), {{1e3, 0.5, 1e3}, 1, 0});
  const Matrix points = kernel.Scaled(
      Encoded(encoding, {{0.25, 0, 0.25}, {0.25, 1, 0.25}, {0.75, kInactive, kInactive}}));
  EXPECT_TRUE(InverseFactor(kernel.Cross(points, points)));
}

TEST(Encoding, HasNoAxisForASingleValue) {
  const Encoding encoding(SpaceOf({IntSpec("a", 3, 3), FloatSpec("b", 0, 1)}));
  EXPECT_EQ(encoding.n_coordinates(), 2U);
  EXPECT_EQ(encoding.n_axes(), 1U);
  EXPECT_EQ(encoding.CoordinateOfAxis(0), 1U);
}

// Of f = sum_c (c + 1) x_c^2 over the columns: a plain number, the two of an arc, a word.
TEST(Encoding, PullsSlopesBackToCoordinates) {
  const Encoding encoding(SpaceOf({FloatSpec("a", 0, 1), IntSpec("n", 1, 4),
                                   CategoricalSpec("booster", {Word("tree"), Word("linear")}),
                                   When(FloatSpec("depth", 0, 1), "booster", {Word("tree")})}));
  const auto value = [&](const std::vector<double>& point) {
    const Matrix encoded = Encoded(encoding, {point});
    double sum = 0;
    for (std::size_t c = 0; c < 5; ++c) {
      sum += static_cast<double>(c + 1) * encoded(0, c) * encoded(0, c);
    }
    return sum;
  };
  const auto pulled = [&](const std::vector<double>& point) {
    const Matrix encoded = Encoded(encoding, {point});
    std::vector<double> by_column(5);
    for (std::size_t c = 0; c < 5; ++c) {
      by_column[c] = 2 * static_cast<double>(c + 1) * encoded(0, c);
    }
    std::vector<double> slopes(4, -1.0);
    encoding.PullBack(point, by_column, slopes);
    return slopes;
  };
  const std::vector<double> at = {0.3, 0.625, 0.25, 0.6};
  const std::vector<double> slopes = pulled(at);
  EXPECT_NEAR(slopes[0], 2 * 0.3, 1e-15);
  EXPECT_EQ(slopes[1], 0);
  EXPECT_EQ(slopes[2], 0);
  constexpr double kStep = 1e-6;
  const double rise = value({0.3, 0.625, 0.25, 0.6 + kStep}) - value({0.3, 0.625, 0.25, 0.6});
  EXPECT_NEAR(slopes[3], rise / kStep, 1e-5);
  EXPECT_EQ(pulled({0.3, 0.625, 0.75, kInactive})[3], 0);
}

TEST(Encoding, StepsToNeighboursAndStopsAtTheEnds) {
  const Encoding encoding(SpaceOf({IntSpec("a", 1, 4), FloatSpec("b", 0, 1)}));
  EXPECT_EQ(encoding.Neighbour(0, 0.375, 1), 0.625);
  EXPECT_EQ(encoding.Neighbour(0, 0.375, -1), 0.125);
  EXPECT_EQ(encoding.Neighbour(0, 0.875, 1), 0.875);
}

}  // namespace
}  // namespace coppice::strategies
