#include "results/views/selection_optimism.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/random.h"

namespace coppice::results {
namespace {

using study::Goal;
using Scores = std::vector<std::vector<double>>;

// Leads of the first trial over the mean of both: 1.5, -0.5, -0.5. Without fold 0 the second is the
// better one: it promises 0.5 and has -1.5. Without another fold the first promises 0.5 and has
// -0.5. The promises are broken by 2, 1 and 1: 4/3 on average, times sqrt(2/3).
const Scores kTwo = {{3, 0, 0}, {0, 1, 1}};
const double kOfTwo = 4.0 / 3 * std::sqrt(2.0 / 3);

TEST(SelectionOptimism, ComparesWhatAChoiceWithoutAFoldPromisesWithThatFold) {
  EXPECT_NEAR(*SelectionOptimism(kTwo, 3, Goal::kMaximize), kOfTwo, 1e-14);
}

TEST(SelectionOptimism, IsTheSameOfLossesTurnedRound) {
  const Scores losses = {{-3, 0, 0}, {0, -1, -1}};
  EXPECT_NEAR(*SelectionOptimism(losses, 3, Goal::kMinimize), kOfTwo, 1e-14);
}

TEST(SelectionOptimism, CountsAFoldThatIsHardForAllForNothing) {
  const Scores scores = {{3, 100, -7}, {0, 101, -6}};
  EXPECT_NEAR(*SelectionOptimism(scores, 3, Goal::kMaximize), kOfTwo, 1e-12);
}

TEST(SelectionOptimism, IsZeroWhereOneTrialIsChosenWithoutAnyFold) {
  const Scores scores = {{5, 9, 7, 8}, {1, 2, 3, 4}, {2, 1, 4, 3}};
  EXPECT_EQ(*SelectionOptimism(scores, 4, Goal::kMaximize), 0);
}

TEST(SelectionOptimism, NeedsThreeFoldsAndTwoTrials) {
  EXPECT_FALSE(SelectionOptimism(Scores{{3, 0}, {0, 1}}, 2, Goal::kMaximize));
  EXPECT_FALSE(SelectionOptimism(Scores{{3, 0, 0}}, 3, Goal::kMaximize));
  EXPECT_FALSE(SelectionOptimism(Scores(), 3, Goal::kMaximize));
}

TEST(SelectionOptimism, ChoosesWithinEachRepeatAndAllowsForTheLuckOfTheDivision) {
  // The first repeat breaks 4/3 as above; in the second the first trial leads by 0.5 everywhere and
  // nothing is broken: 2/3. The mean of the first repeat has a variance of (4/3) / 3, that of the
  // second none: V = 2/9. The means of the repeats are 1/6 and 1/2: W = 1/18. So the luck of one
  // division is a quarter, of which two leave half.
  const Scores scores = {{3, 0, 0, 1, 1, 1}, {0, 1, 1, 0, 0, 0}};
  EXPECT_NEAR(*SelectionOptimism(scores, 3, Goal::kMaximize),
              std::sqrt(2.0 / 3) * (2.0 / 3) * std::sqrt(7.0 / 8), 1e-14);
}

TEST(SelectionOptimism, IsThatOfOneRepeatWhereTheOthersSayTheSame) {
  const Scores scores = {{3, 0, 0, 3, 0, 0}, {0, 1, 1, 0, 1, 1}};
  EXPECT_NEAR(*SelectionOptimism(scores, 3, Goal::kMaximize), kOfTwo, 1e-14);
}

// Many studies whose truth is known: what the best of each was too good by, and what was expected.
struct Averages {
  double truth = 0;
  double expected = 0;
};

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Of trials whose quality is `worth[trial]`, in folds that are hard or easy for all of them.
Averages OfStudies(const std::vector<double>& worth, int folds, std::uint64_t n_studies) {
  Averages averages;
  for (std::uint64_t study = 0; study < n_studies; ++study) {
    RandomStream random(11, {Purpose::kSynth, study});
    std::vector<double> hardness(static_cast<std::size_t>(folds));
    for (double& hard : hardness) hard = 10 * random.Normal();
    Scores scores;
    std::vector<double> luck;
    for (const double quality : worth) {
      std::vector<double> noise(hardness.size());
      for (double& each : noise) each = random.Normal();
      luck.push_back(Mean(noise));
      scores.emplace_back();
      for (std::size_t k = 0; k < noise.size(); ++k) {
        scores.back().push_back(quality + noise[k] + hardness[k]);
      }
    }
    const auto best =
        std::max_element(scores.begin(), scores.end(),
                         [](const auto& a, const auto& b) { return Mean(a) < Mean(b); });
    const double n = static_cast<double>(n_studies);
    averages.truth += luck[static_cast<std::size_t>(best - scores.begin())] / n;
    averages.expected += *SelectionOptimism(scores, folds, Goal::kMaximize) / n;
  }
  return averages;
}

TEST(SelectionOptimism, IsTheTruthOnAverageWhereTrialsDifferByNoiseAlone) {
  const Averages averages = OfStudies(std::vector<double>(40), 5, 400);
  EXPECT_NEAR(averages.truth, 0.97, 0.05);  // of 40 normal ones the largest is 2.16, over sqrt(5)
  EXPECT_NEAR(averages.expected / averages.truth, 1, 0.06);
}

TEST(SelectionOptimism, IsNearNothingWhereOneTrialIsFarAhead) {
  std::vector<double> worth(40);
  worth[17] = 8;
  const Averages averages = OfStudies(worth, 5, 400);
  EXPECT_NEAR(averages.truth, 0, 0.06);
  EXPECT_NEAR(averages.expected, 0, 1e-9);
}

TEST(SelectionOptimism, FallsWithRepeatsAsTheTruthDoes) {
  // A trial's luck with each of 60 rows, the same in every repeat, and as much luck of each fold.
  constexpr std::size_t kRows = 60;
  constexpr std::size_t kFolds = 5;
  constexpr std::size_t kTrials = 30;
  constexpr std::uint64_t kStudies = 150;
  for (const std::size_t repeats : {1, 4}) {
    Averages averages;
    for (std::uint64_t study = 0; study < kStudies; ++study) {
      RandomStream random(12, {Purpose::kSynth, study});
      Scores scores(kTrials, std::vector<double>(repeats * kFolds));
      Scores of_rows(kTrials, std::vector<double>(kRows));
      for (auto& rows : of_rows) {
        for (double& row : rows) row = random.Normal();
      }
      std::vector<std::size_t> rows(kRows);
      std::iota(rows.begin(), rows.end(), std::size_t{0});
      for (std::size_t r = 0; r < repeats; ++r) {
        for (std::size_t i = kRows; i > 1; --i) std::swap(rows[i - 1], rows[random.Below(i)]);
        for (std::size_t t = 0; t < kTrials; ++t) {
          for (std::size_t i = 0; i < kRows; ++i) {
            scores[t][r * kFolds + i % kFolds] += of_rows[t][rows[i]] * kFolds / kRows;
          }
          for (std::size_t k = 0; k < kFolds; ++k) {
            scores[t][r * kFolds + k] += random.Normal() * std::sqrt(1.0 * kFolds / kRows);
          }
        }
      }
      double best = -1;
      for (const auto& trial : scores) best = std::max(best, Mean(trial));
      averages.truth += best / kStudies;
      averages.expected += *SelectionOptimism(scores, kFolds, Goal::kMaximize) / kStudies;
    }
    EXPECT_NEAR(averages.expected / averages.truth, 1, 0.12) << repeats;
  }
}

}  // namespace
}  // namespace coppice::results
