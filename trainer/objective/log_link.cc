// count:poisson, reg:gamma and reg:tweedie: the mean of a label that is never negative. The margin
// is its logarithm; the losses are negative log-likelihoods, up to terms of the label alone.

#include <fmt/format.h>

#include <cmath>

#include "trainer/objective/kinds.h"
#include "trainer/objective/math.h"
#include "trainer/objective/pointwise.h"

namespace coppice::trainer {
namespace {

struct LogLink {
  static constexpr TargetKind kTarget = TargetKind::kNumber;
  static constexpr PredictionKind kPrediction = PredictionKind::kPositive;
  static constexpr Start kStart = Start::kMean;

  float Transform(float margin) const { return static_cast<float>(Exp(double{margin})); }
  // A mean of 0 (all labels are 0) has no logarithm; the least normal float stands for it.
  float ToMargin(float prediction) const {
    constexpr float kLeast = 1.17549435e-38f;
    return static_cast<float>(Log(double{prediction > kLeast ? prediction : kLeast}));
  }
};

struct Poisson : LogLink {
  static constexpr char kName[] = "count:poisson";
  static constexpr char kDefaultMetric[] = "poisson-nloglik";
  static constexpr char kLabelRule[] = "is not a finite number of at least 0";

  // Added to the margin under the second derivative, so that steps stay small where the mean grows.
  float max_delta_step = 0.7f;

  bool Allows(float y) const { return std::isfinite(y) && y >= 0.0f; }
  GradientPair Pair(float margin, float y) const {
    return {static_cast<float>(Exp(double{margin})) - y,
            static_cast<float>(Exp(double{margin + max_delta_step}))};
  }
  std::map<std::string, std::string> Parameters() const {
    return {{"max_delta_step", fmt::format("{}", max_delta_step)}};
  }
};

struct Gamma : LogLink {
  static constexpr char kName[] = "reg:gamma";
  static constexpr char kDefaultMetric[] = "gamma-deviance";
  static constexpr char kLabelRule[] = "is not a finite number above 0";

  bool Allows(float y) const { return std::isfinite(y) && y > 0.0f; }
  GradientPair Pair(float margin, float y) const {
    const auto ratio = static_cast<float>(double{y} * Exp(-double{margin}));
    return {1.0f - ratio, ratio};
  }
  std::map<std::string, std::string> Parameters() const { return {{"scale_pos_weight", "1"}}; }
};

// Between Poisson (power 1) and gamma (power 2): many zeros, and a long tail.
struct Tweedie : LogLink {
  static constexpr char kName[] = "reg:tweedie";
  static constexpr char kDefaultMetric[] = "";
  static constexpr char kLabelRule[] = "is not a finite number of at least 0";

  float power = 1.5f;

  bool Allows(float y) const { return std::isfinite(y) && y >= 0.0f; }
  GradientPair Pair(float margin, float y) const {
    const double a = 1.0 - double{power};
    const double b = 2.0 - double{power};
    const double of_label = double{y} * Exp(a * double{margin});
    const double of_mean = Exp(b * double{margin});
    return {static_cast<float>(of_mean - of_label), static_cast<float>(b * of_mean - a * of_label)};
  }
  std::map<std::string, std::string> Parameters() const {
    return {{"tweedie_variance_power", fmt::format("{}", power)}};
  }
};

class TweedieObjective : public Pointwise<Tweedie> {
 public:
  explicit TweedieObjective(float power)
      : Pointwise(Tweedie{{}, power}), metric_(fmt::format("tweedie-nloglik@{}", power)) {}
  std::string default_metric() const override { return metric_; }

 private:
  std::string metric_;
};

}  // namespace

std::unique_ptr<Objective> MakePoisson(const ObjectiveSettings& settings) {
  return std::make_unique<Pointwise<Poisson>>(
      Poisson{{}, static_cast<float>(settings.max_delta_step)});
}

std::unique_ptr<Objective> MakeGamma(const ObjectiveSettings&) {
  return std::make_unique<Pointwise<Gamma>>(Gamma{});
}

std::unique_ptr<Objective> MakeTweedie(const ObjectiveSettings& settings) {
  return std::make_unique<TweedieObjective>(static_cast<float>(settings.tweedie_variance_power));
}

}  // namespace coppice::trainer
