#pragma once
// A metric that is a function of the weighted mean of a loss of one prediction and one label. A
// loss is a small value type with
//   kName
//   double Of(double prediction, double label)    without branches: the loop vectorises
//   double Final(double mean)

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "trainer/metric/metric.h"
#include "trainer/metric/weighted_mean.h"
#include "trainer/objective/clones.h"

namespace coppice::trainer {

template <typename Loss>
COPPICE_CLONES void LossLoop(std::size_t n, Loss loss, const float* prediction, const float* label,
                             double* losses) {
  for (std::size_t i = 0; i < n; ++i) {
    const double p = double{prediction[i]};
    // p - p is 0, or NaN when p is no finite number, which a loss may not pass on.
    losses[i] = loss.Of(p, double{label[i]}) + (p - p);
  }
}

// Immutable. Thread-safe.
template <typename Loss>
class MeanMetric : public Metric {
 public:
  explicit MeanMetric(Loss loss = {}, std::string name = Loss::kName)
      : loss_(loss), name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    return loss_.Final(WeightedMeanLoss(
        label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
          LossLoop(count, loss_, predictions.data() + begin, label.data() + begin, losses);
        }));
  }

 private:
  Loss loss_;
  std::string name_;
};

}  // namespace coppice::trainer
