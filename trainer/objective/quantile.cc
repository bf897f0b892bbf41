// reg:absoluteerror and reg:quantileerror: the median and other quantiles of a number. Their second
// derivatives say nothing, so that a leaf's value is a quantile of its rows' residuals:
// LeafQuantile.

#include "trainer/objective/quantile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/radix_sort.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/pointwise.h"

namespace coppice::trainer {
namespace {

float PlainQuantile(std::span<const float> values, double alpha) {
  const double place = alpha * (static_cast<double>(values.size()) + 1.0);
  if (place <= 1.0) return *std::min_element(values.begin(), values.end());
  if (place >= static_cast<double>(values.size())) {
    return *std::max_element(values.begin(), values.end());
  }
  std::vector<float> parted(values.begin(), values.end());
  const double below = std::floor(place);
  const auto at = parted.begin() + static_cast<std::ptrdiff_t>(below) - 1;
  std::nth_element(parted.begin(), at, parted.end());
  const double low = double{*at};
  const double high = double{*std::min_element(at + 1, parted.end())};
  return static_cast<float>(low + (place - below) * (high - low));
}

float WeightedQuantile(std::span<const float> values, std::span<const float> weight, double alpha) {
  // Rows of equal values stay in their own order, so that the sum is always the same.
  std::vector<std::uint64_t> order(values.size());
  std::vector<std::uint64_t> scratch;
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = (std::uint64_t{OrderedKey(values[i])} << 32) | i;
  }
  RadixSort(order, scratch);
  const auto row = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  double total = 0;
  for (const std::uint64_t word : order) total += double{weight[row(word)]};
  double sum = 0;
  for (const std::uint64_t word : order) {
    sum += double{weight[row(word)]};
    if (sum >= alpha * total) return values[row(word)];
  }
  return values[row(order.back())];
}

struct AbsoluteErrorLoss {
  static constexpr char kName[] = "reg:absoluteerror";
  static constexpr char kDefaultMetric[] = "mae";
  static constexpr TargetKind kTarget = TargetKind::kNumber;
  static constexpr PredictionKind kPrediction = PredictionKind::kNumber;
  static constexpr Start kStart = Start::kMean;
  static constexpr char kLabelRule[] = "is not a finite number";

  bool Allows(float y) const { return std::isfinite(y); }
  GradientPair Pair(float margin, float y) const {
    const float above = margin > y ? 1.0f : 0.0f;
    const float below = margin < y ? 1.0f : 0.0f;
    return {above - below, 1.0f};
  }
  float Transform(float margin) const { return margin; }
  float ToMargin(float prediction) const { return prediction; }
  std::map<std::string, std::string> Parameters() const { return {}; }
};

class AbsoluteError : public Pointwise<AbsoluteErrorLoss> {
 public:
  AbsoluteError() : Pointwise({}) {}
  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    return {label.empty() ? 0.0f : QuantileOf(label, weight, 0.5)};
  }
  std::optional<double> LeafQuantile(int) const override { return 0.5; }
};

// One output an alpha.
class QuantileError : public Objective {
 public:
  explicit QuantileError(const std::vector<double>& alphas)
      : alphas_(alphas.begin(), alphas.end()) {}

  std::string_view name() const override { return "reg:quantileerror"; }
  TargetKind target() const override { return TargetKind::kNumber; }
  PredictionKind prediction() const override { return PredictionKind::kQuantiles; }
  int n_outputs() const override { return static_cast<int>(alphas_.size()); }
  std::string default_metric() const override { return "quantile"; }
  std::optional<double> LeafQuantile(int output) const override {
    return double{alphas_[static_cast<std::size_t>(output)]};
  }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    return Pointwise<AbsoluteErrorLoss>({}).CheckLabels(label);
  }

  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    std::vector<float> base(alphas_.size(), 0.0f);
    if (label.empty()) return base;
    for (std::size_t k = 0; k < base.size(); ++k) {
      base[k] = QuantileOf(label, weight, double{alphas_[k]});
    }
    return base;
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    const std::size_t n = alphas_.size();
    COPPICE_CHECK(margins.size() == label.size() * n && pairs.size() == margins.size(),
                  "one margin and one pair a row and quantile");
    for (std::size_t i = 0; i < label.size(); ++i) {
      const float w = weight.empty() ? 1.0f : weight[i];
      for (std::size_t k = 0; k < n; ++k) {
        const bool above = margins[i * n + k] >= label[i];
        pairs[i * n + k] = {(above ? 1.0f - alphas_[k] : -alphas_[k]) * w, w};
      }
    }
  }

  void Transform(std::span<float>) const override {}

  std::map<std::string, std::string> Parameters() const override {
    return {{"quantile_alpha", fmt::format("[{}]", fmt::join(alphas_, ","))}};
  }

 private:
  std::vector<float> alphas_;
};

}  // namespace

float QuantileOf(std::span<const float> values, std::span<const float> weight, double alpha) {
  if (values.empty()) return std::numeric_limits<float>::quiet_NaN();
  return weight.empty() ? PlainQuantile(values, alpha) : WeightedQuantile(values, weight, alpha);
}

// A copy to be parted; or places by value, and as many to sort them with.
std::size_t QuantileScratchBytes(bool has_weight) {
  return has_weight ? 2 * sizeof(std::uint64_t) : sizeof(float);
}

std::unique_ptr<Objective> MakeAbsoluteError(const ObjectiveSettings&) {
  return std::make_unique<AbsoluteError>();
}

std::unique_ptr<Objective> MakeQuantileError(const ObjectiveSettings& settings) {
  return std::make_unique<QuantileError>(settings.quantile_alpha);
}

}  // namespace coppice::trainer
