// survival:cox: proportional hazards by their partial likelihood, ties by Breslow's method. A label
// y > 0 is a time at which something happened, y < 0 says that at -y nothing had happened yet. The
// prediction is a hazard ratio. A row's gradient depends on all rows that were still there when it
// left, so Gradients wants all rows of a training at once.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/math.h"
#include "trainer/objective/sum.h"
#include "trainer/objective/weights.h"

namespace coppice::trainer {
namespace {

// Rows by time, equal times in their own order.
std::vector<std::uint32_t> ByTime(std::span<const float> label) {
  std::vector<std::uint32_t> order(label.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::abs(label[a]) < std::abs(label[b]);
  });
  return order;
}

// For each row in its order: the hazards of all rows that are still there at its time. Summed from
// the last row, so that nothing is ever taken away.
std::vector<double> AtRisk(const std::vector<std::uint32_t>& order, std::span<const float> margins,
                           std::span<const float> label) {
  std::vector<double> at_risk(order.size());
  double sum = 0;
  for (std::size_t end = order.size(); end > 0;) {
    const float time = std::abs(label[order[end - 1]]);
    std::size_t begin = end;
    while (begin > 0 && std::abs(label[order[begin - 1]]) == time) {
      sum += Exp(double{margins[order[--begin]]});
    }
    std::fill(at_risk.begin() + static_cast<std::ptrdiff_t>(begin),
              at_risk.begin() + static_cast<std::ptrdiff_t>(end), sum);
    end = begin;
  }
  return at_risk;
}

class Cox : public Objective {
 public:
  std::string_view name() const override { return "survival:cox"; }
  TargetKind target() const override { return TargetKind::kNumber; }
  PredictionKind prediction() const override { return PredictionKind::kHazardRatio; }
  std::string default_metric() const override { return "cox-nloglik"; }
  Coupling coupling() const override { return Coupling::kWholeData; }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (std::isfinite(label[i])) continue;
      return fmt::format("label `{}` in row {} is not a finite time", label[i], i + 1);
    }
    return std::nullopt;
  }

  // Where one Newton step without penalties leads from margin 0.
  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    const std::vector<float> margins(label.size(), 0.0f);
    std::vector<GradientPair> pairs(label.size());
    Gradients(margins, label, weight, pairs);
    const double gradient =
        FixedSum(pairs.size(), [&](std::size_t i) { return double{pairs[i].gradient}; });
    const double hessian =
        FixedSum(pairs.size(), [&](std::size_t i) { return double{pairs[i].hessian}; });
    return {static_cast<float>(Exp(-gradient / std::max(hessian, 1e-6)))};
  }

  float ToMargin(float base_score) const override {
    return static_cast<float>(Log(double{base_score}));
  }

  // The order by time, and who is at risk.
  std::size_t gradient_scratch_bytes() const override {
    return sizeof(std::uint32_t) + sizeof(double);
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    COPPICE_CHECK(margins.size() == label.size() && pairs.size() == label.size(),
                  "one margin and one pair a row");
    const std::vector<std::uint32_t> order = ByTime(label);
    const std::vector<double> at_risk = AtRisk(order, margins, label);
    double inverse = 0;     // sum of 1 / at_risk over the events so far
    double inverse_sq = 0;  // and of its square
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t row = order[i];
      const double h = Exp(double{margins[row]});
      const bool is_event = label[row] > 0.0f;
      if (is_event) {
        inverse += 1.0 / at_risk[i];
        inverse_sq += 1.0 / (at_risk[i] * at_risk[i]);
      }
      const double w = weight.empty() ? 1.0 : double{weight[row]};
      pairs[row].gradient = static_cast<float>((h * inverse - (is_event ? 1.0 : 0.0)) * w);
      pairs[row].hessian = static_cast<float>((h * inverse - h * h * inverse_sq) * w);
    }
  }

  void Transform(std::span<float> margins) const override {
    for (float& value : margins) value = static_cast<float>(Exp(double{value}));
  }
};

}  // namespace

std::unique_ptr<Objective> MakeCox(const ObjectiveSettings&) { return std::make_unique<Cox>(); }

}  // namespace coppice::trainer
