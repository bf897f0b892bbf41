// merror and mlogloss: metrics of class probabilities, [n_rows, n_outputs].

#include <algorithm>

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/weighted_mean.h"
#include "trainer/objective/math.h"

namespace coppice::trainer {
namespace {

// loss(probabilities of a row, class of the row); a row whose label is no class, or whose
// probabilities are no numbers, has no loss.
template <typename Loss>
double MeanLoss(std::span<const float> predictions, std::span<const float> label,
                std::span<const float> weight, int n_outputs, Loss loss) {
  const auto n_classes = static_cast<std::size_t>(n_outputs);
  COPPICE_CHECK(predictions.size() == label.size() * n_classes, "one prediction a row and class");
  return WeightedMeanLoss(
      label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
        for (std::size_t i = 0; i < count; ++i) {
          const float y = label[begin + i];
          const auto p = predictions.subspan((begin + i) * n_classes, n_classes);
          float check = 0;
          for (const float value : p) check += value - value;
          const bool defined = check == 0.0f && y >= 0.0f && y < static_cast<float>(n_outputs);
          losses[i] = defined ? loss(p, static_cast<std::size_t>(y)) : kNotDefined;
        }
      });
}

class Merror : public Metric {
 public:
  std::string_view name() const override { return "merror"; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    return MeanLoss(predictions, label, weight, n_outputs,
                    [](std::span<const float> p, std::size_t y) {
                      const auto top = std::max_element(p.begin(), p.end()) - p.begin();
                      return static_cast<std::size_t>(top) == y ? 0.0 : 1.0;
                    });
  }
};

class Mlogloss : public Metric {
 public:
  std::string_view name() const override { return "mlogloss"; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    return MeanLoss(predictions, label, weight, n_outputs,
                    [](std::span<const float> p, std::size_t y) {
                      return -Log(double{std::max(p[y], kLeastProbability)});
                    });
  }
};

}  // namespace

std::unique_ptr<Metric> MakeMerror() { return std::make_unique<Merror>(); }
std::unique_ptr<Metric> MakeMlogloss() { return std::make_unique<Mlogloss>(); }

}  // namespace coppice::trainer
