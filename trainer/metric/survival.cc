// cox-nloglik and aft-nloglik: how unlikely times are, where a label below 0 says that at minus
// that time nothing had happened yet.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/mean_metric.h"
#include "trainer/objective/aft.h"
#include "trainer/objective/math.h"

namespace coppice::trainer {
namespace {

// A likelihood counts as no less than XGBoost's 1e-12.
constexpr double kMostAftLoss = 27.631021115928547;

// Predictions are hazard ratios. As in XGBoost a mean over events, and weights do not count (but
// that some row has one).
class CoxNloglik : public Metric {
 public:
  std::string_view name() const override { return "cox-nloglik"; }
  bool maximize() const override { return false; }
  // Not defined without events.
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    const bool weighs = weight.empty() ||
                        std::any_of(weight.begin(), weight.end(), [](float w) { return w > 0.0f; });
    std::vector<std::uint32_t> order(label.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::abs(label[a]) > std::abs(label[b]);
    });
    double sum = 0;
    double n_events = 0;
    double at_risk = 0;
    for (std::size_t begin = 0; begin < order.size();) {
      const float time = std::abs(label[order[begin]]);
      std::size_t end = begin;
      for (; end < order.size() && std::abs(label[order[end]]) == time; ++end) {
        at_risk += double{predictions[order[end]]};
      }
      for (; begin < end; ++begin) {
        if (!(label[order[begin]] > 0.0f)) continue;
        sum += Log(at_risk) - Log(double{predictions[order[begin]]});
        n_events += 1;
      }
    }
    // at_risk - at_risk is 0, or NaN when some prediction is no finite number.
    return weighs && n_events > 0 ? sum / n_events + (at_risk - at_risk) : kNotDefined;
  }
};

// Predictions are margins: logarithms of times.
template <AftDistribution kDistribution>
struct AftNloglik {
  static constexpr char kName[] = "aft-nloglik";
  double scale = 1.0;
  double Of(double p, double y) const {
    const double log_time = Log(std::abs(y));
    const AftTerms terms = TermsOf(kDistribution, (log_time - p) / scale);
    const double loss = y > 0.0 ? Log(scale) + log_time - terms.log_density : -terms.log_tail;
    return std::min(loss, kMostAftLoss);
  }
  double Final(double mean) const { return mean; }
};

// The same of labels with an upper bound.
template <AftDistribution kDistribution>
class AftMetric : public MeanMetric<AftNloglik<kDistribution>> {
  using Base = MeanMetric<AftNloglik<kDistribution>>;

 public:
  explicit AftMetric(double scale) : Base(AftNloglik<kDistribution>{scale}), loss_{scale} {}

  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    if (label.upper.empty()) return Base::Evaluate(predictions, label, weight, n_outputs);
    COPPICE_CHECK(predictions.size() == label.size(), "one prediction a row");
    return WeightedMeanLoss(
        label.size(), weight, [&](std::size_t begin, std::size_t count, double* losses) {
          for (std::size_t i = 0; i < count; ++i) {
            losses[i] = Between(predictions[begin + i], label[begin + i], label.upper[begin + i]);
          }
        });
  }

 private:
  double Between(float prediction, float lower, float upper) const {
    const double p = double{prediction};
    if (lower == upper) return loss_.Of(p, double{lower}) + (p - p);
    const AftInterval interval = IntervalOf(kDistribution, AftPlace(lower, prediction, loss_.scale),
                                            AftPlace(upper, prediction, loss_.scale));
    return std::min(-interval.log_probability, kMostAftLoss) + (p - p);
  }

  AftNloglik<kDistribution> loss_;
};

template <AftDistribution kDistribution>
std::unique_ptr<Metric> Aft(double scale) {
  return std::make_unique<AftMetric<kDistribution>>(scale);
}

}  // namespace

std::unique_ptr<Metric> MakeCoxNloglik() { return std::make_unique<CoxNloglik>(); }

std::unique_ptr<Metric> MakeAftNloglik(const ObjectiveSettings& settings) {
  switch (settings.aft_distribution) {
    case AftDistribution::kNormal:
      return Aft<AftDistribution::kNormal>(settings.aft_scale);
    case AftDistribution::kLogistic:
      return Aft<AftDistribution::kLogistic>(settings.aft_scale);
    case AftDistribution::kExtreme:
      return Aft<AftDistribution::kExtreme>(settings.aft_scale);
  }
  return nullptr;
}

}  // namespace coppice::trainer
