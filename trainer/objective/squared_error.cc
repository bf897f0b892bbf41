// reg:squarederror: half the squared difference; the margin is the prediction.

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "trainer/objective/clones.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/weights.h"

namespace coppice::trainer {
namespace {

template <bool kPlain>
COPPICE_CLONES void SquaredErrorLoop(std::size_t n, const float* __restrict__ margin,
                                     const float* __restrict__ label,
                                     const float* __restrict__ weight, float positive_factor,
                                     GradientPair* __restrict__ pair) {
  for (std::size_t i = 0; i < n; ++i) {
    float w = 1.0f;
    if constexpr (!kPlain) w = weight[i];
    w = label[i] == 1.0f ? w * positive_factor : w;
    pair[i].gradient = (margin[i] - label[i]) * w;
    pair[i].hessian = w;
  }
}

class SquaredError : public Objective {
 public:
  explicit SquaredError(const ObjectiveSettings& settings)
      : positive_factor_(static_cast<float>(settings.scale_pos_weight)) {}

  std::string_view name() const override { return "reg:squarederror"; }
  TargetKind target() const override { return TargetKind::kNumber; }
  PredictionKind prediction() const override { return PredictionKind::kNumber; }
  std::string default_metric() const override { return "rmse"; }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (std::isfinite(label[i])) continue;
      return fmt::format("label `{}` in row {} is not a finite number", label[i], i + 1);
    }
    return std::nullopt;
  }

  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    return {LabelMean({label, weight, positive_factor_}, 0.0f)};
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    COPPICE_CHECK(margins.size() == label.size() && pairs.size() == label.size(),
                  "one margin and one pair a row");
    const auto loop = weight.empty() ? SquaredErrorLoop<true> : SquaredErrorLoop<false>;
    loop(label.size(), margins.data(), label.data(), weight.data(), positive_factor_, pairs.data());
  }

  void Transform(std::span<float>) const override {}

  std::map<std::string, std::string> Parameters() const override {
    return {{"scale_pos_weight", fmt::format("{}", positive_factor_)}};
  }

 private:
  float positive_factor_;
};

}  // namespace

std::unique_ptr<Objective> MakeSquaredError(const ObjectiveSettings& settings) {
  return std::make_unique<SquaredError>(settings);
}

}  // namespace coppice::trainer
