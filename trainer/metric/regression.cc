// rmse, mse, mae, mape, rmsle, mphe and r2: how far numbers are from the labels.

#include <cmath>
#include <limits>

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/mean_metric.h"
#include "trainer/objective/math.h"

namespace coppice::trainer {
namespace {

struct Rmse {
  static constexpr char kName[] = "rmse";
  double Of(double p, double y) const { return (p - y) * (p - y); }
  double Final(double mean) const { return std::sqrt(mean); }
};

struct Mse {
  static constexpr char kName[] = "mse";
  double Of(double p, double y) const { return (p - y) * (p - y); }
  double Final(double mean) const { return mean; }
};

struct Mae {
  static constexpr char kName[] = "mae";
  double Of(double p, double y) const { return std::abs(p - y); }
  double Final(double mean) const { return mean; }
};

// Infinite where a label is 0 and its prediction is not, as in XGBoost; not defined where both are.
struct Mape {
  static constexpr char kName[] = "mape";
  double Of(double p, double y) const { return std::abs((y - p) / y); }
  double Final(double mean) const { return mean; }
};

// Not defined with a prediction or a label of -1 or less.
struct Rmsle {
  static constexpr char kName[] = "rmsle";
  double Of(double p, double y) const {
    const double bad = p > -1.0 && y > -1.0 ? 0.0 : std::numeric_limits<double>::quiet_NaN();
    const double difference = Log(1.0 + (p > -1.0 ? p : 0.0)) - Log(1.0 + (y > -1.0 ? y : 0.0));
    return difference * difference + bad;
  }
  double Final(double mean) const { return std::sqrt(mean); }
};

struct PseudoHuberError {
  static constexpr char kName[] = "mphe";
  double slope = 1.0;
  double Of(double p, double y) const {
    const double z = (p - y) / slope;
    return slope * slope * (std::sqrt(1.0 + z * z) - 1.0);
  }
  double Final(double mean) const { return mean; }
};

// 1 - (mean square of the errors) / (variance of the labels), both weighted.
class R2 : public Metric {
 public:
  std::string_view name() const override { return "r2"; }
  bool maximize() const override { return true; }
  // Not defined where all labels are equal.
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    const auto mean_of = [&](auto value) {
      return WeightedMeanLoss(label.size(), weight,
                              [&](std::size_t begin, std::size_t count, double* values) {
                                for (std::size_t i = 0; i < count; ++i) {
                                  values[i] = value(double{label[begin + i]});
                                }
                              });
    };
    const double mean = mean_of([](double y) { return y; });
    const double variance = mean_of([&](double y) { return (y - mean) * (y - mean); });
    if (!(variance > 0.0)) return kNotDefined;
    return 1.0 - MeanMetric<Mse>().Evaluate(predictions, label, weight, n_outputs) / variance;
  }
};

}  // namespace

std::unique_ptr<Metric> MakeRmse() { return std::make_unique<MeanMetric<Rmse>>(); }
std::unique_ptr<Metric> MakeMse() { return std::make_unique<MeanMetric<Mse>>(); }
std::unique_ptr<Metric> MakeMae() { return std::make_unique<MeanMetric<Mae>>(); }
std::unique_ptr<Metric> MakeMape() { return std::make_unique<MeanMetric<Mape>>(); }
std::unique_ptr<Metric> MakeRmsle() { return std::make_unique<MeanMetric<Rmsle>>(); }
std::unique_ptr<Metric> MakeMphe(double slope) {
  return std::make_unique<MeanMetric<PseudoHuberError>>(PseudoHuberError{slope});
}
std::unique_ptr<Metric> MakeR2() { return std::make_unique<R2>(); }

}  // namespace coppice::trainer
