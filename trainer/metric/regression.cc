// rmse and mae.

#include <cmath>

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/weighted_mean.h"

namespace coppice::trainer {
namespace {

class Rmse : public Metric {
 public:
  std::string_view name() const override { return "rmse"; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, std::span<const float> label,
                  std::span<const float> weight, int) const override {
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    return std::sqrt(WeightedMeanLoss(
        label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
          for (std::size_t i = 0; i < count; ++i) {
            const double difference = double{predictions[begin + i]} - double{label[begin + i]};
            losses[i] = difference * difference;
          }
        }));
  }
};

class Mae : public Metric {
 public:
  std::string_view name() const override { return "mae"; }
  bool maximize() const override { return false; }
  double Evaluate(std::span<const float> predictions, std::span<const float> label,
                  std::span<const float> weight, int) const override {
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    return WeightedMeanLoss(
        label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
          for (std::size_t i = 0; i < count; ++i) {
            losses[i] = std::abs(double{predictions[begin + i]} - double{label[begin + i]});
          }
        });
  }
};

}  // namespace

std::unique_ptr<Metric> MakeRmse() { return std::make_unique<Rmse>(); }
std::unique_ptr<Metric> MakeMae() { return std::make_unique<Mae>(); }

}  // namespace coppice::trainer
