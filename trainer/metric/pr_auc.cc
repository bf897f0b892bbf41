// aucpr: the area under the curve of precision over recall. Between two thresholds the numbers of
// true and of false positives grow in proportion (Davis and Goadrich 2006), and the area under that
// curve is taken exactly, as in XGBoost. Of several classes: the plain mean of each against the
// rest.

#include "base/error.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/ties.h"
#include "trainer/objective/math.h"

namespace coppice::trainer {
namespace {

// The area between two thresholds: precision is t / (t + f), and recall t / total, while t goes
// from t0 by `tie.positive` and f from f0 by `tie.negative`.
double AreaOf(double t0, double f0, const Tie& tie, double total) {
  if (!(tie.positive > 0.0)) return 0.0;
  // f = slope t + offset, so the area is the integral of t / (rise t + offset) dt / total.
  const double slope = tie.negative / tie.positive;
  const double rise = 1.0 + slope;
  const double offset = f0 - slope * t0;
  if (offset == 0.0) return tie.positive / (rise * total);
  const double t1 = t0 + tie.positive;
  const double log_ratio = Log((rise * t1 + offset) / (rise * t0 + offset));
  return (tie.positive - offset / rise * log_ratio) / (rise * total);
}

double PrArea(std::span<const float> predictions, std::span<const float> label,
              std::span<const float> weight) {
  const std::vector<Tie> ties = TiesOf(predictions, label, weight);
  const Tie total = Total(ties);
  if (!(total.negative > 0.0) || !(total.positive > 0.0)) return kNotDefined;
  double area = 0;
  double positive = 0;
  double negative = 0;
  for (auto tie = ties.rbegin(); tie != ties.rend(); ++tie) {
    area += AreaOf(positive, negative, *tie, total.positive);
    positive += tie->positive;
    negative += tie->negative;
  }
  return area;
}

class PrAuc : public Metric {
 public:
  std::string_view name() const override { return "aucpr"; }
  bool maximize() const override { return true; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    COPPICE_CHECK(predictions.size() == label.size() * static_cast<std::size_t>(n_outputs),
                  "one prediction a row and class");
    return OneAgainstRest(predictions, label, weight, n_outputs, ClassMean::kEqual, PrArea);
  }
};

}  // namespace

std::unique_ptr<Metric> MakePrAuc() { return std::make_unique<PrAuc>(); }

}  // namespace coppice::trainer
