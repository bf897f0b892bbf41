#pragma once
// Rows in the order of their predictions, as the curves of a classifier want them.

#include <limits>
#include <span>
#include <vector>

namespace coppice::trainer {

// Weight of the rows of each class that share one prediction. A label between 0 and 1 is a row of
// both classes, as in XGBoost.
struct Tie {
  double negative = 0;
  double positive = 0;
};

// By ascending prediction, one a distinct prediction; `weight` may be empty. No prediction is NaN.
std::vector<Tie> TiesOf(std::span<const float> predictions, std::span<const float> label,
                        std::span<const float> weight);

Tie Total(const std::vector<Tie>& ties);

bool AnyNan(std::span<const float> values);

// How classes count in a mean over them.
enum class ClassMean { kByWeight, kEqual };

// The mean over classes of area(predictions, label, weight) of one class against the rest; NaN
// where one class is not defined. Predictions are [n_rows, n_outputs]. For two classes in one
// output: the area itself.
template <typename Area>
double OneAgainstRest(std::span<const float> predictions, std::span<const float> label,
                      std::span<const float> weight, int n_outputs, ClassMean mean, Area area) {
  if (AnyNan(predictions)) return std::numeric_limits<double>::quiet_NaN();
  if (n_outputs == 1) return area(predictions, label, weight);
  const auto n_classes = static_cast<std::size_t>(n_outputs);
  std::vector<float> of_class(label.size());
  std::vector<float> is_class(label.size());
  double sum = 0;
  double total = 0;
  for (std::size_t k = 0; k < n_classes; ++k) {
    double class_weight = 0;
    for (std::size_t i = 0; i < label.size(); ++i) {
      of_class[i] = predictions[i * n_classes + k];
      is_class[i] = label[i] == static_cast<float>(k) ? 1.0f : 0.0f;
      class_weight += (weight.empty() ? 1.0 : double{weight[i]}) * double{is_class[i]};
    }
    const double share = mean == ClassMean::kByWeight ? class_weight : 1.0;
    sum += share * area(of_class, is_class, weight);
    total += share;
  }
  return sum / total;
}

}  // namespace coppice::trainer
