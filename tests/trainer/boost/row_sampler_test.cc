#include "trainer/boost/row_sampler.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

RowSampler ByGradient(double share, std::size_t n_rows) {
  TrainParams params;
  params.subsample = share;
  params.sampling_method = SamplingMethod::kGradientBased;
  return {params, 7, 0, n_rows};
}

std::vector<PackedPair> WordsOf(const std::vector<GradientPair>& pairs) {
  std::vector<PackedPair> words;
  for (const GradientPair& pair : pairs) words.push_back(std::bit_cast<PackedPair>(pair));
  return words;
}

// Gradients of which few are large.
std::vector<GradientPair> Skewed(std::size_t n) {
  RandomStream random(1, {Purpose::kSynth});
  std::vector<GradientPair> pairs(n);
  for (GradientPair& pair : pairs) {
    pair.gradient = static_cast<float>(std::pow(random.Normal(), 3));
    pair.hessian = static_cast<float>(random.Uniform());
  }
  return pairs;
}

double MeasureOf(const GradientPair& pair) {
  return std::sqrt(std::pow(double{pair.gradient}, 2) + 0.1 * std::pow(double{pair.hessian}, 2));
}

TEST(RowSampler, TheThresholdMakesTheChancesAddUpToTheRowsWanted) {
  // Two of five: the row of 10 is certain, and the four of 1 share the other place.
  EXPECT_EQ(ByGradient(0.4, 5).Threshold(WordsOf({{1, 0}, {-1, 0}, {10, 0}, {1, 0}, {-1, 0}})),
            4.0F);
  const std::vector<GradientPair> pairs = Skewed(30000);
  for (const double share : {0.05, 0.3, 0.9}) {
    const double threshold = ByGradient(share, pairs.size()).Threshold(WordsOf(pairs));
    double chances = 0;
    for (const GradientPair& pair : pairs) chances += std::min(1.0, MeasureOf(pair) / threshold);
    EXPECT_NEAR(chances, share * 30000, 0.05) << share;
  }
}

TEST(RowSampler, TheHessianCountsATenthInTheMeasure) {
  // 3 of 3.0 + 1.0 + ... : sqrt(0 + 0.1 * 90) is 3, so both rows are alike.
  const float threshold =
      ByGradient(0.5, 2).Threshold(WordsOf({{3, 0}, {0, static_cast<float>(std::sqrt(90.0))}}));
  EXPECT_NEAR(threshold, 6, 1e-5);
}

TEST(RowSampler, AllRowsWithAGradientAreTakenWhereThereAreFew) {
  EXPECT_EQ(ByGradient(0.5, 6).Threshold(WordsOf({{0, 0}, {4, 1}, {0, 0}, {0, 0}, {0, 0}, {1, 1}})),
            0.0F);
  std::vector<GradientPair> pairs = {{0, 0}, {4, 1}};
  ByGradient(0.5, 6).Scale({0, 0}, 0, 0, pairs);
  EXPECT_EQ(pairs[1].gradient, 4);
}

TEST(RowSampler, ScaledPairsSumToWhatAllRowsSumTo) {
  const std::vector<GradientPair> pairs = Skewed(4096);
  const RowSampler sampler = ByGradient(0.25, pairs.size());
  const float threshold = sampler.Threshold(WordsOf(pairs));
  double all = 0;
  for (const GradientPair& pair : pairs) all += double{pair.hessian};
  double sum = 0;
  double n_taken = 0;
  constexpr int kSamples = 50;
  for (std::uint64_t round = 0; round < kSamples; ++round) {
    std::vector<GradientPair> sample = pairs;
    sampler.Scale({round, 0}, 0, threshold, sample);
    for (std::size_t i = 0; i < sample.size(); ++i) {
      sum += double{sample[i].hessian};
      n_taken += sample[i].hessian > 0 ? 1 : 0;
      if (MeasureOf(pairs[i]) > 1.001 * double{threshold}) {
        EXPECT_EQ(sample[i].gradient, pairs[i].gradient);
      }
    }
  }
  // Standard deviations of a sample: about 60 of 2048 and 22 of 1024.
  EXPECT_NEAR(sum / kSamples, all, 60);
  EXPECT_NEAR(n_taken / kSamples, 1024, 16);
}

TEST(RowSampler, ASampleDependsOnRoundTreeAndChunk) {
  TrainParams params;
  params.subsample = 0.5;
  const RowSampler sampler(params, 7, 0, 4096);
  const auto sample = [&](RowSampler::Name name, std::uint64_t chunk) {
    std::vector<GradientPair> pairs(64, {1, 1});
    sampler.Drop(name, chunk, 1, pairs);
    std::string kept;
    for (const GradientPair& pair : pairs) kept += pair.hessian > 0 ? '1' : '0';
    return kept;
  };
  EXPECT_EQ(sample({2, 1}, 3), sample({2, 1}, 3));
  EXPECT_NE(sample({2, 1}, 3), sample({1, 1}, 3));
  EXPECT_NE(sample({2, 1}, 3), sample({2, 0}, 3));
  EXPECT_NE(sample({2, 1}, 3), sample({2, 1}, 2));
}

}  // namespace
}  // namespace coppice::trainer
