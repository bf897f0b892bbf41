// reg:squaredlogerror and reg:pseudohubererror: losses of a number that large labels do not rule.

#include <fmt/format.h>

#include <cmath>

#include "trainer/objective/kinds.h"
#include "trainer/objective/math.h"
#include "trainer/objective/pointwise.h"

namespace coppice::trainer {
namespace {

// Half the squared difference of log(1 + value). Below -1 there is no logarithm, so margins count
// as no less than just above it, as in XGBoost.
struct SquaredLogError {
  static constexpr char kName[] = "reg:squaredlogerror";
  static constexpr char kDefaultMetric[] = "rmsle";
  static constexpr TargetKind kTarget = TargetKind::kNumber;
  static constexpr PredictionKind kPrediction = PredictionKind::kNumber;
  static constexpr Start kStart = Start::kNewtonStep;
  static constexpr char kLabelRule[] = "is not a finite number above -1";

  bool Allows(float y) const { return std::isfinite(y) && y > -1.0f; }
  GradientPair Pair(float margin, float y) const {
    constexpr float kLeast = -1.0f + 1e-6f;
    constexpr double kLeastCurvature = 1e-6;
    const double base = 1.0 + double{margin > kLeast ? margin : kLeast};
    const double difference = Log(base) - Log(1.0 + double{y});
    const double hessian = (1.0 - difference) / (base * base);
    return {static_cast<float>(difference / base),
            static_cast<float>(hessian > kLeastCurvature ? hessian : kLeastCurvature)};
  }
  float Transform(float margin) const { return margin; }
  float ToMargin(float prediction) const { return prediction; }
  std::map<std::string, std::string> Parameters() const { return {}; }
};

// slope^2 (sqrt(1 + (z / slope)^2) - 1), z = margin - y: a parabola near 0, a line far away.
struct PseudoHuber {
  static constexpr char kName[] = "reg:pseudohubererror";
  static constexpr char kDefaultMetric[] = "mphe";
  static constexpr TargetKind kTarget = TargetKind::kNumber;
  static constexpr PredictionKind kPrediction = PredictionKind::kNumber;
  static constexpr Start kStart = Start::kNewtonStep;
  static constexpr char kLabelRule[] = "is not a finite number";

  float slope = 1.0f;

  bool Allows(float y) const { return std::isfinite(y); }
  GradientPair Pair(float margin, float y) const {
    const float z = margin - y;
    const float square = slope * slope;
    const float root = std::sqrt(1.0f + z * z / square);
    return {z / root, square / ((square + z * z) * root)};
  }
  float Transform(float margin) const { return margin; }
  float ToMargin(float prediction) const { return prediction; }
  std::map<std::string, std::string> Parameters() const {
    return {{"huber_slope", fmt::format("{}", slope)}};
  }
};

}  // namespace

std::unique_ptr<Objective> MakeSquaredLogError(const ObjectiveSettings&) {
  return std::make_unique<Pointwise<SquaredLogError>>(SquaredLogError{});
}

std::unique_ptr<Objective> MakePseudoHuber(const ObjectiveSettings& settings) {
  return std::make_unique<Pointwise<PseudoHuber>>(
      PseudoHuber{static_cast<float>(settings.huber_slope)});
}

}  // namespace coppice::trainer
