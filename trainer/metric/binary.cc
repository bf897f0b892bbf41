// logloss and error: metrics of a probability that a row's label is 1.

#include <limits>
#include <string>

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/weighted_mean.h"
#include "trainer/objective/clones.h"
#include "trainer/objective/math.h"

namespace coppice::trainer {
namespace {

COPPICE_CLONES void LoglossLoop(std::size_t n, const float* prediction, const float* label,
                                double* losses) {
  for (std::size_t i = 0; i < n; ++i) {
    const float p = prediction[i];
    const float q = 1.0f - p;
    const double y = double{label[i]};
    const double of_one = Log(double{p < kLeastProbability ? kLeastProbability : p});
    const double of_zero = Log(double{q < kLeastProbability ? kLeastProbability : q});
    // p - p is 0, or NaN when p is no finite number, which Log does not pass on.
    losses[i] = -y * of_one - (1.0 - y) * of_zero + double{p - p};
  }
}

class Logloss : public Metric {
 public:
  std::string_view name() const override { return "logloss"; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    return WeightedMeanLoss(
        label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
          LoglossLoop(count, predictions.data() + begin, label.data() + begin, losses);
        });
  }
};

class ErrorRate : public Metric {
 public:
  ErrorRate(std::string_view name, float threshold) : name_(name), threshold_(threshold) {}

  std::string_view name() const override { return name_; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    return WeightedMeanLoss(label.size(), weight,
                            [&](std::size_t begin, std::size_t count, double* losses) {
                              for (std::size_t i = 0; i < count; ++i) {
                                const float p = predictions[begin + i];
                                const double y = double{label[begin + i]};
                                losses[i] = (p > threshold_ ? 1.0 - y : y) + double{p - p};
                              }
                            });
  }

 private:
  std::string name_;
  float threshold_;
};

}  // namespace

std::unique_ptr<Metric> MakeLogloss() { return std::make_unique<Logloss>(); }

std::unique_ptr<Metric> MakeError(std::string_view name, double threshold) {
  return std::make_unique<ErrorRate>(name, static_cast<float>(threshold));
}

}  // namespace coppice::trainer
