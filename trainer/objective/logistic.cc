// binary:logistic, reg:logistic, binary:logitraw: log loss of the probability sigmoid(margin).

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "trainer/objective/clones.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/math.h"
#include "trainer/objective/weights.h"

namespace coppice::trainer {
namespace {

// Rows at a time, exp first and the rest after it: an exp is a long chain of steps that wait for
// each other, and a CPU looks ahead far enough to work on several only where little stands between
// them.
constexpr std::size_t kTile = 256;

template <bool kPlain>
COPPICE_CLONES void LogisticLoop(std::size_t n, const float* __restrict__ margin,
                                 const float* __restrict__ label, const float* __restrict__ weight,
                                 float positive_factor, GradientPair* __restrict__ pair) {
  double exp[kTile];
  for (std::size_t begin = 0; begin < n; begin += kTile) {
    const std::size_t size = std::min(kTile, n - begin);
    for (std::size_t i = 0; i < size; ++i) exp[i] = Exp(-static_cast<double>(margin[begin + i]));
    for (std::size_t i = 0; i < size; ++i) {
      const float y = label[begin + i];
      float w = 1.0f;
      if constexpr (!kPlain) w = weight[begin + i];
      w = y == 1.0f ? w * positive_factor : w;
      const float p = SigmoidOf(exp[i]);
      const float curvature = p * (1.0f - p);
      pair[begin + i].gradient = (p - y) * w;
      pair[begin + i].hessian = (curvature > kLeastHessian ? curvature : kLeastHessian) * w;
    }
  }
}

COPPICE_CLONES void SigmoidLoop(std::size_t n, float* value) {
  for (std::size_t i = 0; i < n; ++i) value[i] = Sigmoid(value[i]);
}

class Logistic : public Objective {
 public:
  explicit Logistic(const ObjectiveSettings& settings)
      : positive_factor_(static_cast<float>(settings.scale_pos_weight)) {}

  std::string_view name() const override { return "binary:logistic"; }
  TargetKind target() const override { return TargetKind::kBinary; }
  PredictionKind prediction() const override { return PredictionKind::kProbability; }
  std::string default_metric() const override { return "logloss"; }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (label[i] >= 0.0f && label[i] <= 1.0f) continue;
      return fmt::format("label `{}` in row {} is not 0, 1 or a probability between them", label[i],
                         i + 1);
    }
    return std::nullopt;
  }

  // The label mean. With a factor on the positive rows XGBoost takes one Newton step from margin
  // 0 instead, which is not the same number.
  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    const RowWeights weights{label, weight, positive_factor_};
    if (positive_factor_ == 1.0f) return {LabelMean(weights, 0.5f)};
    const double gradient = FixedSum(
        label.size(), [&](std::size_t i) { return (0.5 - double{label[i]}) * double{weights(i)}; });
    const double hessian =
        FixedSum(label.size(), [&](std::size_t i) { return 0.25 * double{weights(i)}; });
    std::vector<float> step = {static_cast<float>(-gradient / std::max(hessian, 1e-6))};
    Transform(step);
    return step;
  }

  float ToMargin(float base_score) const override {
    const double p = std::clamp(double{base_score}, 1e-6, 1.0 - 1e-6);
    return static_cast<float>(-Log(1.0 / p - 1.0));
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    COPPICE_CHECK(margins.size() == label.size() && pairs.size() == label.size(),
                  "one margin and one pair a row");
    const auto loop = weight.empty() ? LogisticLoop<true> : LogisticLoop<false>;
    loop(label.size(), margins.data(), label.data(), weight.data(), positive_factor_, pairs.data());
  }

  void Transform(std::span<float> margins) const override {
    SigmoidLoop(margins.size(), margins.data());
  }

  std::map<std::string, std::string> Parameters() const override {
    return {{"scale_pos_weight", fmt::format("{}", positive_factor_)}};
  }

 private:
  float positive_factor_;
};

// The label is a number between 0 and 1 and not a class.
class LogisticNumber : public Logistic {
 public:
  using Logistic::Logistic;
  std::string_view name() const override { return "reg:logistic"; }
  TargetKind target() const override { return TargetKind::kNumber; }
  std::string default_metric() const override { return "rmse"; }
};

// Predicts margins; metrics see probabilities all the same. As in XGBoost a base score is a margin,
// and the estimate is still the label mean.
class LogitRaw : public Logistic {
 public:
  using Logistic::Logistic;
  std::string_view name() const override { return "binary:logitraw"; }
  float ToMargin(float base_score) const override { return base_score; }
  void Transform(std::span<float>) const override {}
  void TransformForMetrics(std::span<float> margins) const override {
    Logistic::Transform(margins);
  }
};

}  // namespace

std::unique_ptr<Objective> MakeLogistic(const ObjectiveSettings& settings) {
  return std::make_unique<Logistic>(settings);
}

std::unique_ptr<Objective> MakeLogisticNumber(const ObjectiveSettings& settings) {
  return std::make_unique<LogisticNumber>(settings);
}

std::unique_ptr<Objective> MakeLogitRaw(const ObjectiveSettings& settings) {
  return std::make_unique<LogitRaw>(settings);
}

}  // namespace coppice::trainer
