#include "strategies/bayesian/acquisition_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/strategies/ranges.h"

namespace coppice::strategies {
namespace {

using study::CategoricalSpec;
using study::FloatSpec;
using study::IntSpec;
using study::SpaceOf;
using study::Word;

// A hill with its top at a number of 0.3141592, the third of five values and the word of index 1,
// scored on coordinates: no model is needed to search.
class Hill {
 public:
  Hill()
      : encoding(SpaceOf({FloatSpec("x", 0, 1), IntSpec("n", 1, 5),
                          CategoricalSpec("w", {Word("a"), Word("b"), Word("c")})})) {
    scorer = [](const Matrix& encoded, std::span<double> worth) {
      for (std::size_t k = 0; k < worth.size(); ++k) {
        const double n = encoded(k, 1) - 0.5;
        worth[k] = -At(encoded(k, 0)) - n * n - (encoded(k, 2) == 1 ? 0 : 1);
      }
    };
    smooth_scorer = [this](std::span<const double> point, std::span<double> gradient) {
      Matrix encoded(1, 3);
      encoding.Encode(point, encoded, 0);
      double worth = 0;
      scorer(encoded, {&worth, 1});
      std::fill(gradient.begin(), gradient.end(), 0.0);
      gradient[0] = -2 * (point[0] - kTop) - 4 * std::pow(point[0] - kTop, 3);
      return worth;
    };
    task.scorer = &scorer;
    task.smooth_scorer = &smooth_scorer;
    task.tried = &tried;
  }

  static constexpr double kTop = 0.3141592;
  static double At(double x) { return std::pow(x - kTop, 2) + std::pow(x - kTop, 4); }

  Encoding encoding;
  Scorer scorer;
  SmoothScorer smooth_scorer;
  PointSet tried;
  SearchTask task;
};

TEST(AcquisitionSearch, EndsOnTheTopOfASmoothHill) {
  const Hill hill;
  const SearchEffort little{64, 0, 3, 4, 3, 15};
  const std::vector<ScoredPoint> found = AcquisitionSearch(hill.encoding).Run(hill.task, little);
  ASSERT_FALSE(found.empty());
  EXPECT_NEAR(found.front().point[0], Hill::kTop, 1e-4);
  EXPECT_EQ(found.front().point[1], 0.5);
  EXPECT_EQ(found.front().point[2], 0.5);
}

TEST(AcquisitionSearch, OffersNothingThatWasTried) {
  Hill hill;
  const AcquisitionSearch search(hill.encoding);
  const SearchEffort effort;
  const ScoredPoint best = search.Run(hill.task, effort).front();
  hill.tried.Add(best.point);
  for (const ScoredPoint& found : search.Run(hill.task, effort)) {
    EXPECT_NE(found.point, best.point);
  }
}

}  // namespace
}  // namespace coppice::strategies
