// poisson-nloglik, gamma-nloglik, gamma-deviance and tweedie-nloglik: how unlikely the labels are
// when the predictions are their means. XGBoost's formulas, in double.

#include <string>

#include "trainer/metric/kinds.h"
#include "trainer/metric/log_gamma.h"
#include "trainer/metric/mean_metric.h"
#include "trainer/objective/math.h"

namespace coppice::trainer {
namespace {

// Means are kept this far from 0.
constexpr double kLeastMean = 1e-16;
constexpr double kLeastGammaMean = 1e-6;

double AtLeast(double value, double least) { return value > least ? value : least; }

struct PoissonNloglik {
  static constexpr char kName[] = "poisson-nloglik";
  double Of(double p, double y) const {
    const double mean = AtLeast(p, kLeastMean);
    return LogGamma(y + 1.0) + mean - Log(mean) * y;
  }
  double Final(double mean) const { return mean; }
};

// With a shape of 1, which makes the terms of the label alone vanish.
struct GammaNloglik {
  static constexpr char kName[] = "gamma-nloglik";
  double Of(double p, double y) const {
    const double mean = AtLeast(p, kLeastGammaMean);
    return y / mean + Log(mean);
  }
  double Final(double mean) const { return mean; }
};

struct GammaDeviance {
  static constexpr char kName[] = "gamma-deviance";
  double Of(double p, double y) const {
    const double mean = AtLeast(p, 0.0) + kLeastGammaMean;
    const double label = y + kLeastGammaMean;
    return Log(mean / label) + label / mean - 1.0;
  }
  double Final(double mean) const { return 2.0 * mean; }
};

struct TweedieNloglik {
  static constexpr char kName[] = "tweedie-nloglik";
  double power = 1.5;
  double Of(double p, double y) const {
    const double log_mean = Log(AtLeast(p, kLeastMean));
    const double a = 1.0 - power;
    const double b = 2.0 - power;
    return Exp(b * log_mean) / b - y * Exp(a * log_mean) / a;
  }
  double Final(double mean) const { return mean; }
};

}  // namespace

std::unique_ptr<Metric> MakePoissonNloglik() {
  return std::make_unique<MeanMetric<PoissonNloglik>>();
}

std::unique_ptr<Metric> MakeGammaNloglik() { return std::make_unique<MeanMetric<GammaNloglik>>(); }

std::unique_ptr<Metric> MakeGammaDeviance() {
  return std::make_unique<MeanMetric<GammaDeviance>>();
}

std::unique_ptr<Metric> MakeTweedieNloglik(std::string_view name, double power) {
  const bool legal = power > 1.0 && power < 2.0;
  if (!legal) return nullptr;
  return std::make_unique<MeanMetric<TweedieNloglik>>(TweedieNloglik{power}, std::string(name));
}

}  // namespace coppice::trainer
