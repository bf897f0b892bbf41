#pragma once
// Objectives whose loss at a row depends on that row's margin and label alone. Each gives its loss
// as a small value type; what they have in common is here. A loss has
//   kName, kDefaultMetric, kTarget, kPrediction, kStart
//   kLabelRule            ends the sentence "label `-1` in row 2 ..."
//   bool Allows(y)        whether a label is legal
//   GradientPair Pair(margin, y)    without the weight, and without branches: the loop vectorises
//   float Transform(margin), float ToMargin(prediction)
//   Parameters()          for the model file

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "trainer/objective/clones.h"
#include "trainer/objective/objective.h"
#include "trainer/objective/sum.h"
#include "trainer/objective/weights.h"

namespace coppice::trainer {

// Where a training starts: at the weighted label mean, or where one Newton step without penalties
// leads from margin 0. Which one is XGBoost's choice.
enum class Start { kMean, kNewtonStep };

template <bool kPlain, typename Loss>
COPPICE_CLONES void PairLoop(std::size_t n, Loss loss, const float* __restrict__ margin,
                             const float* __restrict__ label, const float* __restrict__ weight,
                             GradientPair* __restrict__ pair) {
  for (std::size_t i = 0; i < n; ++i) {
    const GradientPair one = loss.Pair(margin[i], label[i]);
    float w = 1.0f;
    if constexpr (!kPlain) w = weight[i];
    pair[i].gradient = one.gradient * w;
    pair[i].hessian = one.hessian * w;
  }
}

template <typename Loss>
COPPICE_CLONES void TransformLoop(std::size_t n, Loss loss, float* value) {
  for (std::size_t i = 0; i < n; ++i) value[i] = loss.Transform(value[i]);
}

// Immutable. Thread-safe.
template <typename Loss>
class Pointwise : public Objective {
 public:
  explicit Pointwise(Loss loss) : loss_(std::move(loss)) {}

  std::string_view name() const override { return Loss::kName; }
  TargetKind target() const override { return Loss::kTarget; }
  PredictionKind prediction() const override { return Loss::kPrediction; }
  std::string default_metric() const override { return Loss::kDefaultMetric; }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (loss_.Allows(label[i])) continue;
      return fmt::format("label `{}` in row {} {}", label[i], i + 1, Loss::kLabelRule);
    }
    return std::nullopt;
  }

  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    if constexpr (Loss::kStart == Start::kMean) {
      return {LabelMean({label, weight}, loss_.Transform(0.0f))};
    } else {
      return {loss_.Transform(NewtonStep(label, weight))};
    }
  }

  float ToMargin(float base_score) const override { return loss_.ToMargin(base_score); }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    COPPICE_CHECK(margins.size() == label.size() && pairs.size() == label.size(),
                  "one margin and one pair a row");
    const auto loop = weight.empty() ? PairLoop<true, Loss> : PairLoop<false, Loss>;
    loop(label.size(), loss_, margins.data(), label.data(), weight.data(), pairs.data());
  }

  void Transform(std::span<float> margins) const override {
    TransformLoop(margins.size(), loss_, margins.data());
  }

  std::map<std::string, std::string> Parameters() const override { return loss_.Parameters(); }

 private:
  float NewtonStep(std::span<const float> label, std::span<const float> weight) const {
    constexpr double kLeastHessianSum = 1e-6;
    const RowWeights weights{label, weight};
    const auto pair = [&](std::size_t i) { return loss_.Pair(0.0f, label[i]); };
    const double gradient = FixedSum(
        label.size(), [&](std::size_t i) { return double{pair(i).gradient} * double{weights(i)}; });
    const double hessian = FixedSum(
        label.size(), [&](std::size_t i) { return double{pair(i).hessian} * double{weights(i)}; });
    return static_cast<float>(-gradient / std::max(hessian, kLeastHessianSum));
  }

  Loss loss_;
};

}  // namespace coppice::trainer
