#include "trainer/tree/feature_splits.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "base/random.h"

namespace coppice::trainer {
namespace {

constexpr int kMissing = -1;

// The sums of one feature, filled by hand. All pairs are small wholes, so the fixed point is exact.
class OneFeature {
 public:
  OneFeature() : scale_(1024.0, 1024.0, 4) {}

  void Set(int bin, float gradient, float hessian) {
    const PackedPair pair = scale_.Pack(gradient, hessian);
    (bin == kMissing ? missing_ : bins_[static_cast<std::size_t>(bin)]) = pair;
    total_ += pair;
  }

  SplitCandidate Best(const QuantileCuts& cuts, const TrainParams& params) const {
    const FeatureSplits splits(cuts, params, scale_);
    const auto n_bins = static_cast<std::size_t>(cuts.features[0].n_bins());
    return splits.Best(0, {{bins_.data(), n_bins}, missing_}, splits.SumsOf(total_));
  }

  GradientSum LeftSum(const SplitCandidate& candidate) const {
    return scale_.Unpack(candidate.left_sum);
  }

 private:
  std::array<PackedPair, 256> bins_{};
  PackedPair missing_ = 0;
  FixedPointScale scale_;
  PackedPair total_ = 0;
};

QuantileCuts Numeric(int n_bins, bool has_missing) {
  FeatureCuts cuts;
  for (int i = 1; i <= n_bins; ++i) cuts.cuts.push_back(static_cast<float>(i));
  cuts.has_missing = has_missing;
  return {{cuts}};
}

QuantileCuts Categorical(int n_categories, bool has_missing) {
  FeatureCuts cuts;
  cuts.kind = ColumnKind::kCategorical;
  cuts.n_categories = n_categories;
  cuts.has_missing = has_missing;
  return {{cuts}};
}

TEST(FeatureSplits, FindsTheBestNumericSplitWithTheGainOfTheFormula) {
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, -2, 2);
  feature.Set(2, 6, 3);
  const SplitCandidate best = feature.Best(Numeric(3, false), TrainParams{});
  // lambda 1: 36 / 5 + 36 / 4 - 0 / 8
  EXPECT_FLOAT_EQ(best.loss_change, 16.2F);
  EXPECT_EQ(best.split.last_left, 1);
  EXPECT_FALSE(best.split.default_left);
  EXPECT_EQ(feature.LeftSum(best).gradient, -6);
}

TEST(FeatureSplits, AlphaShrinksTheGradientSums) {
  OneFeature feature;
  feature.Set(0, -6, 4);
  feature.Set(1, 6, 3);
  TrainParams params;
  params.alpha = 2;
  // (6 - 2)^2 / 5 + (6 - 2)^2 / 4
  EXPECT_FLOAT_EQ(feature.Best(Numeric(2, false), params).loss_change, 7.2F);
}

TEST(FeatureSplits, MaxDeltaStepLimitsTheWeights) {
  OneFeature feature;
  feature.Set(0, -6, 3);
  feature.Set(1, 6, 3);
  TrainParams params;
  params.max_delta_step = 0.5;
  // w = 0.5: -(2 * -6 * 0.5 + 4 * 0.25) = 5 on either side.
  EXPECT_FLOAT_EQ(feature.Best(Numeric(2, false), params).loss_change, 10.0F);
}

TEST(FeatureSplits, SendsMissingValuesToTheBetterSide) {
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, 4, 2);
  feature.Set(kMissing, -4, 2);
  const SplitCandidate best = feature.Best(Numeric(2, true), TrainParams{});
  EXPECT_TRUE(best.split.default_left);
  EXPECT_EQ(best.split.last_left, 0);
  EXPECT_EQ(feature.LeftSum(best).gradient, -8);
  EXPECT_TRUE(best.split.GoesLeft(kMissing, kMissing));
  EXPECT_TRUE(best.split.GoesLeft(0, kMissing));
  EXPECT_FALSE(best.split.GoesLeft(1, kMissing));
}

TEST(FeatureSplits, MayDivideMissingFromEverythingElse) {
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, -4, 2);
  feature.Set(kMissing, 8, 4);
  const SplitCandidate best = feature.Best(Numeric(2, true), TrainParams{});
  EXPECT_EQ(best.split.last_left, 1);
  EXPECT_FALSE(best.split.default_left);
  EXPECT_EQ(feature.LeftSum(best).gradient, -8);
}

TEST(FeatureSplits, TiesGoToTheLowerBinAndToForward) {
  OneFeature feature;
  feature.Set(0, -2, 2);
  feature.Set(2, 2, 2);
  // Bin 1 is empty, so a split behind bin 0 and one behind bin 1 gain the same.
  EXPECT_EQ(feature.Best(Numeric(3, false), TrainParams{}).split.last_left, 0);
}

TEST(FeatureSplits, MinChildWeightHoldsExactlyAtItsBorder) {
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, 4, 3);
  TrainParams params;
  params.min_child_weight = 2;
  EXPECT_TRUE(feature.Best(Numeric(2, false), params).found());
  params.min_child_weight = 2.001;
  EXPECT_FALSE(feature.Best(Numeric(2, false), params).found());
}

TEST(FeatureSplits, NoWeightIsTooLargeToAskFor) {
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, 4, 3);
  TrainParams params;
  params.min_child_weight = 1e30;
  EXPECT_FALSE(feature.Best(Numeric(2, false), params).found());
}

TEST(FeatureSplits, FewCategoriesAreDividedOneFromTheRest) {
  OneFeature feature;
  feature.Set(0, -2, 2);
  feature.Set(1, 6, 2);
  feature.Set(2, -2, 2);
  const SplitCandidate best = feature.Best(Categorical(3, false), TrainParams{});
  ASSERT_TRUE(best.found());
  EXPECT_TRUE(best.split.is_categorical);
  EXPECT_TRUE(best.split.right.Has(1));
  EXPECT_TRUE(best.split.GoesLeft(0, kMissing));
  EXPECT_TRUE(best.split.GoesLeft(2, kMissing));
}

TEST(FeatureSplits, ManyCategoriesAreDividedIntoSetsByTheirWeights) {
  OneFeature feature;
  feature.Set(0, -3, 2);
  feature.Set(1, 4, 2);
  feature.Set(2, -3, 2);
  feature.Set(3, 3, 2);
  feature.Set(4, -1, 2);
  const SplitCandidate best = feature.Best(Categorical(6, false), TrainParams{});
  // Against their gradients: {1, 3} have the lowest weights and go right.
  EXPECT_TRUE(best.split.right.Has(1));
  EXPECT_TRUE(best.split.right.Has(3));
  for (const int left : {0, 2, 4, 5}) EXPECT_TRUE(best.split.GoesLeft(left, kMissing));
  EXPECT_EQ(feature.LeftSum(best).gradient, -7);
}

// The best of all sets, tried one by one.
float BestOfAllSets(const std::vector<GradientSum>& categories, const Regularisation& reg) {
  GradientSum all;
  for (const GradientSum& one : categories) {
    all.gradient += one.gradient;
    all.hessian += one.hessian;
  }
  double best = 0;
  for (unsigned set = 1; set + 1 < 1U << categories.size(); ++set) {
    GradientSum left;
    for (std::size_t i = 0; i < categories.size(); ++i) {
      if ((set >> i & 1U) == 0) continue;
      left.gradient += categories[i].gradient;
      left.hessian += categories[i].hessian;
    }
    const GradientSum right{all.gradient - left.gradient, all.hessian - left.hessian};
    best = std::max(best, NodeGain(left, reg) + NodeGain(right, reg) - NodeGain(all, reg));
  }
  return static_cast<float>(best);
}

TEST(FeatureSplits, TheSetFoundIsTheBestOfAllSetsWithoutRegularisation) {
  RandomStream random(3, {Purpose::kSynth});
  TrainParams params;
  params.lambda = 0;
  params.min_child_weight = 0;
  for (int repeat = 0; repeat < 50; ++repeat) {
    OneFeature feature;
    std::vector<GradientSum> categories;
    for (int bin = 0; bin < 8; ++bin) {
      const auto gradient = static_cast<float>(random.Below(41)) - 20;
      const auto hessian = static_cast<float>(1 + random.Below(9));
      feature.Set(bin, gradient, hessian);
      categories.push_back({gradient, hessian});
    }
    const SplitCandidate best = feature.Best(Categorical(8, false), params);
    EXPECT_FLOAT_EQ(best.loss_change, BestOfAllSets(categories, Regularisation(params)));
  }
}

TEST(FeatureSplits, FewHeavyCategoriesAreFoundFromEitherEnd) {
  // Sets of at most two: the two positive weights stand at the upper end of the order.
  OneFeature feature;
  for (int bin = 0; bin < 8; ++bin) feature.Set(bin, bin < 2 ? -9.0F : 3.0F, 2);
  TrainParams params;
  params.max_cat_threshold = 2;
  const SplitCandidate best = feature.Best(Categorical(8, false), params);
  EXPECT_TRUE(best.split.GoesLeft(0, kMissing));
  EXPECT_TRUE(best.split.GoesLeft(1, kMissing));
  for (const int right : {2, 3, 4, 5, 6, 7}) {
    EXPECT_FALSE(best.split.GoesLeft(right, kMissing));
  }
  EXPECT_EQ(feature.LeftSum(best).gradient, -18);
}

TEST(FeatureSplits, MissingCategoriesTakeTheBetterSide) {
  OneFeature feature;
  for (int bin = 0; bin < 5; ++bin) feature.Set(bin, bin < 2 ? 4.0F : -2.0F, 2);
  feature.Set(kMissing, 5, 2);
  const SplitCandidate best = feature.Best(Categorical(5, true), TrainParams{});
  EXPECT_EQ(best.split.GoesLeft(kMissing, kMissing), best.split.GoesLeft(0, kMissing));
  EXPECT_NE(best.split.GoesLeft(kMissing, kMissing), best.split.GoesLeft(4, kMissing));
}

}  // namespace
}  // namespace coppice::trainer
