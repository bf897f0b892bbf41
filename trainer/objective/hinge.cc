// binary:hinge: max(0, 1 - s * margin), s = -1 or 1 by the label. It predicts the class, 0 or 1.

#include <limits>

#include "trainer/objective/kinds.h"
#include "trainer/objective/pointwise.h"

namespace coppice::trainer {
namespace {

struct Hinge {
  static constexpr char kName[] = "binary:hinge";
  static constexpr char kDefaultMetric[] = "error";
  static constexpr TargetKind kTarget = TargetKind::kBinary;
  static constexpr PredictionKind kPrediction = PredictionKind::kClass;
  static constexpr Start kStart = Start::kNewtonStep;
  static constexpr char kLabelRule[] = "is not 0 or 1";

  bool Allows(float y) const { return y == 0.0f || y == 1.0f; }
  // Beyond the hinge the loss is flat: XGBoost's least second derivative, which sums as nothing.
  GradientPair Pair(float margin, float y) const {
    const float side = 2.0f * y - 1.0f;
    const bool wrong = margin * side < 1.0f;
    return {wrong ? -side : 0.0f, wrong ? 1.0f : std::numeric_limits<float>::min()};
  }
  float Transform(float margin) const { return margin > 0.0f ? 1.0f : 0.0f; }
  float ToMargin(float prediction) const { return prediction; }
  std::map<std::string, std::string> Parameters() const { return {}; }
};

}  // namespace

std::unique_ptr<Objective> MakeHinge(const ObjectiveSettings&) {
  return std::make_unique<Pointwise<Hinge>>(Hinge{});
}

}  // namespace coppice::trainer
