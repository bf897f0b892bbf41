// quantile: the mean pinball loss over rows and quantiles.

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/weighted_mean.h"

namespace coppice::trainer {
namespace {

class QuantileLoss : public Metric {
 public:
  explicit QuantileLoss(const ObjectiveSettings& settings) : alphas_(settings.quantile_alpha) {}

  std::string_view name() const override { return "quantile"; }
  bool maximize() const override { return false; }
  // Not defined where there are not as many outputs as quantiles.
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    const std::size_t n = alphas_.size();
    if (static_cast<std::size_t>(n_outputs) != n) return kNotDefined;
    COPPICE_CHECK(predictions.size() == label.size() * n, "one prediction a row and quantile");
    return WeightedMeanLoss(
        label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
          for (std::size_t i = 0; i < count; ++i) {
            losses[i] = RowLoss(predictions.data() + (begin + i) * n, double{label[begin + i]});
          }
        });
  }

 private:
  double RowLoss(const float* p, double y) const {
    double sum = 0;
    for (std::size_t k = 0; k < alphas_.size(); ++k) {
      const double above = y - double{p[k]};
      sum += std::max(alphas_[k] * above, (alphas_[k] - 1.0) * above) + (above - above);
    }
    return sum / static_cast<double>(alphas_.size());
  }

  std::vector<double> alphas_;
};

}  // namespace

std::unique_ptr<Metric> MakeQuantileLoss(const ObjectiveSettings& settings) {
  return std::make_unique<QuantileLoss>(settings);
}

}  // namespace coppice::trainer
