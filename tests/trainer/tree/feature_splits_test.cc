#include "trainer/tree/feature_splits.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
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

  FeatureSplits Splits(const QuantileCuts& cuts, const TrainParams& params) const {
    return FeatureSplits(cuts, params, scale_);
  }

  PackedPair total() const { return total_; }
  PackedPair at(int bin) const { return bins_[static_cast<std::size_t>(bin)]; }

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

// G -4, 6, -2 over three bins with H 2 each. Behind bin 0 the weights are 4/3 and -4/5, which gains
// 16/3 + 16/5; behind bin 1 they are -2/5 and 2/3, which gains 4/5 + 4/3.
OneFeature RiseAndFall() {
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, 6, 2);
  feature.Set(2, -2, 2);
  return feature;
}

TrainParams Monotone(double sign) {
  TrainParams params;
  params.monotone_constraints.by_position = {sign};
  return params;
}

TEST(FeatureSplits, AMonotoneSplitNeverTurnsTheWeightsRound) {
  const OneFeature feature = RiseAndFall();
  EXPECT_EQ(feature.Best(Numeric(3, false), Monotone(0)).split.last_left, 0);
  EXPECT_EQ(feature.Best(Numeric(3, false), Monotone(-1)).split.last_left, 0);
  const SplitCandidate rising = feature.Best(Numeric(3, false), Monotone(1));
  EXPECT_EQ(rising.split.last_left, 1);
  EXPECT_FLOAT_EQ(rising.loss_change, 4.0F / 5 + 4.0F / 3);
}

TEST(FeatureSplits, AMonotoneSplitMindsMissingValuesToo) {
  // Behind bin 0 the weights go from 4/3 to -13/5 with missing on the right, from -1 to -4/3 with
  // missing on the left: what remains is missing alone (-3) before all values (0).
  OneFeature feature;
  feature.Set(0, -4, 2);
  feature.Set(1, 4, 2);
  feature.Set(kMissing, 9, 2);
  const SplitCandidate best = feature.Best(Numeric(2, true), Monotone(1));
  EXPECT_TRUE(best.split.default_left);
  EXPECT_EQ(best.split.last_left, -1);
}

TEST(FeatureSplits, AMonotoneSplitMayHaveTheMissingValuesAloneOnEitherSide) {
  // Missing weighs -3/2 and the values 4/5: only with missing on the left do the weights rise.
  OneFeature feature;
  feature.Set(0, -2, 2);
  feature.Set(1, -2, 2);
  feature.Set(kMissing, 6, 3);
  const SplitCandidate rising = feature.Best(Numeric(2, true), Monotone(1));
  EXPECT_FLOAT_EQ(rising.loss_change, 36.0F / 4 + 16.0F / 5 - 4.0F / 8);
  EXPECT_TRUE(rising.split.GoesLeft(kMissing, kMissing));
  for (const int bin : {0, 1}) EXPECT_FALSE(rising.split.GoesLeft(bin, kMissing));
  const SplitCandidate falling = feature.Best(Numeric(2, true), Monotone(-1));
  EXPECT_EQ(falling.loss_change, rising.loss_change);
  for (const int bin : {0, 1}) EXPECT_TRUE(falling.split.GoesLeft(bin, kMissing));
}

TEST(FeatureSplits, LimitsOfTheNodeBoundWeightsAndGains) {
  const OneFeature feature = RiseAndFall();
  const QuantileCuts cuts = Numeric(3, false);
  const TrainParams params = Monotone(-1);
  const FeatureSplits splits = feature.Splits(cuts, params);
  const NodeSums node = splits.SumsOf(feature.total(), {-0.5, 0.5});
  // w = 0.5 and -0.5: -(2 * -4 * 0.5 + 3 * 0.25) = 3.25 and -(2 * 4 * -0.5 + 5 * 0.25) = 2.75.
  EXPECT_FLOAT_EQ(splits.LossChange(0, node, feature.at(0)), 6.0F);
  const NodeSums above = splits.SumsOf(feature.total(), {0.25, 0.5});
  EXPECT_EQ(splits.WeightOf(above), 0.25) << "0 without limits";
  EXPECT_EQ(above.gain, -7.0 * 0.25 * 0.25);
}

TEST(FeatureSplits, AMonotoneSplitPartsTheLimitsInTheMiddle) {
  const OneFeature feature = RiseAndFall();
  const QuantileCuts cuts = Numeric(3, false);
  const TrainParams params = Monotone(-1);
  const FeatureSplits splits = feature.Splits(cuts, params);
  const SplitCandidate best = feature.Best(cuts, params);
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const double middle = (4.0 / 3 - 4.0 / 5) / 2;
  const auto below = splits.LimitsBelow(splits.SumsOf(feature.total()), best);
  EXPECT_NEAR(below[0].lower, middle, 1e-12);
  EXPECT_EQ(below[0].upper, kNone);
  EXPECT_EQ(below[1].lower, -kNone);
  EXPECT_NEAR(below[1].upper, middle, 1e-12);
  // A free feature hands the node's own limits on.
  const TrainParams unbound;
  const FeatureSplits free = feature.Splits(cuts, unbound);
  const WeightLimits own{-1, 2};
  EXPECT_EQ(free.LimitsBelow(free.SumsOf(feature.total(), own), best)[1], own);
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
  // Sets of fewer than three: the two positive weights stand at the upper end of the order.
  OneFeature feature;
  for (int bin = 0; bin < 8; ++bin) feature.Set(bin, bin < 2 ? -9.0F : 3.0F, 2);
  TrainParams params;
  params.max_cat_threshold = 3;
  const SplitCandidate best = feature.Best(Categorical(8, false), params);
  EXPECT_TRUE(best.split.GoesLeft(0, kMissing));
  EXPECT_TRUE(best.split.GoesLeft(1, kMissing));
  for (const int right : {2, 3, 4, 5, 6, 7}) {
    EXPECT_FALSE(best.split.GoesLeft(right, kMissing));
  }
  EXPECT_EQ(feature.LeftSum(best).gradient, -18);
}

TEST(FeatureSplits, CategoriesThatTheNodeDoesNotHaveStandByTheWeightZero) {
  // Weights: -1 (0), -1/3 (1), 0 (3, 5: no rows), 1/3 (2), 2 (4). {0, 1} against {2, 4} gains
  // 16 / 5 + 49 / 5, {0, 1, 2} against {4} gains 9 / 7 + 64 / 4.
  OneFeature feature;
  feature.Set(0, 3, 2);
  feature.Set(1, 1, 2);
  feature.Set(2, -1, 2);
  feature.Set(4, -8, 3);
  const SplitCandidate best = feature.Best(Categorical(6, false), TrainParams{});
  for (const int right : {0, 1, 2, 3, 5}) EXPECT_TRUE(best.split.right.Has(right)) << right;
  EXPECT_FALSE(best.split.right.Has(4));
}

TEST(FeatureSplits, CategoriesTooLightForAChildStandByTheWeightZero) {
  // Weights: -1 (0), 1/3 (2), 3/2 (3), and 8/3 or, as it is light, 0 (1). {0} against the rest
  // gains 9 / 3 + 121 / 6.5, {0, 2} against {1, 3} would gain 4 / 5 + 100 / 4.5.
  OneFeature feature;
  feature.Set(0, 3, 2);
  feature.Set(1, -4, 0.5);
  feature.Set(2, -1, 2);
  feature.Set(3, -6, 3);
  TrainParams params;
  const SplitCandidate light = feature.Best(Categorical(4, false), params);
  EXPECT_TRUE(light.split.right.Has(0));
  for (const int left : {1, 2, 3}) EXPECT_FALSE(light.split.right.Has(left)) << left;
  params.min_child_weight = 0.5;
  const SplitCandidate heavy = feature.Best(Categorical(4, false), params);
  for (const int right : {0, 2}) EXPECT_TRUE(heavy.split.right.Has(right)) << right;
  for (const int left : {1, 3}) EXPECT_FALSE(heavy.split.right.Has(left)) << left;
}

TEST(FeatureSplits, SetsAreSmallerThanTheThreshold) {
  OneFeature feature;
  for (int bin = 0; bin < 8; ++bin) feature.Set(bin, bin < 2 ? 9.0F : -3.0F, 2);
  TrainParams params;
  params.max_cat_threshold = 2;
  const SplitCandidate best = feature.Best(Categorical(8, false), params);
  EXPECT_TRUE(best.split.right.Has(0));
  EXPECT_FALSE(best.split.right.Has(1));
  params.max_cat_threshold = 1;
  EXPECT_FALSE(feature.Best(Categorical(8, false), params).found());
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
