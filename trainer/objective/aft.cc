// survival:aft: times that may be right-censored. Predictions are times; metrics see margins.

#include "trainer/objective/aft.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "trainer/objective/kinds.h"
#include "trainer/objective/pointwise.h"

namespace coppice::trainer {
namespace {

// XGBoost's bounds.
constexpr double kMostGradient = 15.0;
constexpr double kLeastHessian = 1e-16;
constexpr double kMostHessian = 15.0;

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
    return {static_cast<float>(std::clamp(gradient, -kMostGradient, kMostGradient)),
            static_cast<float>(std::clamp(hessian, kLeastHessian, kMostHessian))};
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
 public:
  explicit Aft(double scale) : Pointwise<AftLoss<kDistribution>>({scale}) {}
  // XGBoost looks at no label for this.
  std::vector<float> EstimateBaseScore(std::span<const float>,
                                       std::span<const float>) const override {
    return {0.5f};
  }
  void TransformForMetrics(std::span<float>) const override {}
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
