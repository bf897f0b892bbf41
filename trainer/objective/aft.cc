// survival:aft: times that may be censored. Predictions are times; metrics see margins.

#include "trainer/objective/aft.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "base/error.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/pointwise.h"

namespace coppice::trainer {
namespace {

// XGBoost's bounds.
constexpr double kMostGradient = 15.0;
constexpr double kHessianFrom = 1e-16;
constexpr double kHessianTo = 15.0;

GradientPair Clamped(double gradient, double hessian) {
  return {static_cast<float>(std::clamp(gradient, -kMostGradient, kMostGradient)),
          static_cast<float>(std::clamp(hessian, kHessianFrom, kHessianTo))};
}

template <AftDistribution kDistribution>
struct AftLoss {
  static constexpr char kName[] = "survival:aft";
  static constexpr char kDefaultMetric[] = "aft-nloglik";
  static constexpr TargetKind kTarget = TargetKind::kNumber;
  static constexpr PredictionKind kPrediction = PredictionKind::kSurvivalTime;
  static constexpr Start kStart = Start::kMean;
  static constexpr char kLabelRule[] =
      "is not a time: above 0 where the end was seen, below 0 where it was not";

  double scale = 1.0;

  bool Allows(float y) const { return std::isfinite(y) && y != 0.0f; }
  GradientPair Pair(float margin, float y) const {
    const double z = (Log(std::abs(double{y})) - double{margin}) / scale;
    const AftTerms terms = TermsOf(kDistribution, z);
    const double gradient = -(y > 0.0f ? terms.known : terms.hazard) / scale;
    const double hessian = (y > 0.0f ? terms.known_slope : terms.hazard_slope) / (scale * scale);
    return Clamped(gradient, hessian);
  }
  float Transform(float margin) const { return static_cast<float>(Exp(double{margin})); }
  float ToMargin(float prediction) const { return static_cast<float>(Log(double{prediction})); }
  std::map<std::string, std::string> Parameters() const {
    return {{"aft_loss_distribution", std::string(WordOf(kDistribution))},
            {"aft_loss_distribution_scale", fmt::format("{}", static_cast<float>(scale))}};
  }
};

template <AftDistribution kDistribution>
class Aft : public Pointwise<AftLoss<kDistribution>> {
  using Base = Pointwise<AftLoss<kDistribution>>;

 public:
  explicit Aft(double scale) : Base({scale}), loss_{scale} {}
  // XGBoost looks at no label for this.
  std::vector<float> EstimateBaseScore(const Labels&, std::span<const float>) const override {
    return {0.5f};
  }
  void TransformForMetrics(std::span<float>) const override {}

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    if (label.upper.empty()) return Base::CheckLabels(label);
    for (std::size_t i = 0; i < label.size(); ++i) {
      const bool legal = std::isfinite(label[i]) && label[i] >= 0.0f && label.upper[i] > 0.0f &&
                         label.upper[i] >= label[i];
      if (legal) continue;
      return fmt::format(
          "the bounds `{}` and `{}` of the label in row {} are not those of a time: from 0, the "
          "upper one above 0 and not below the lower one",
          label[i], label.upper[i], i + 1);
    }
    return std::nullopt;
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    if (label.upper.empty()) return Base::Gradients(margins, label, weight, pairs);
    COPPICE_CHECK(margins.size() == label.size() && pairs.size() == label.size(),
                  "one margin and one pair a row");
    for (std::size_t i = 0; i < label.size(); ++i) {
      const GradientPair pair = Between(margins[i], label[i], label.upper[i]);
      const float w = weight.empty() ? 1.0f : weight[i];
      pairs[i] = {pair.gradient * w, pair.hessian * w};
    }
  }

 private:
  GradientPair Between(float margin, float lower, float upper) const {
    if (lower == upper) return loss_.Pair(margin, lower);
    const AftInterval interval = IntervalOf(kDistribution, AftPlace(lower, margin, loss_.scale),
                                            AftPlace(upper, margin, loss_.scale));
    return Clamped(interval.slope / loss_.scale, interval.curvature / (loss_.scale * loss_.scale));
  }

  AftLoss<kDistribution> loss_;
};

}  // namespace

std::unique_ptr<Objective> MakeAft(const ObjectiveSettings& settings) {
  switch (settings.aft_distribution) {
    case AftDistribution::kNormal:
      return std::make_unique<Aft<AftDistribution::kNormal>>(settings.aft_scale);
    case AftDistribution::kLogistic:
      return std::make_unique<Aft<AftDistribution::kLogistic>>(settings.aft_scale);
    case AftDistribution::kExtreme:
      return std::make_unique<Aft<AftDistribution::kExtreme>>(settings.aft_scale);
  }
  return nullptr;
}

}  // namespace coppice::trainer
