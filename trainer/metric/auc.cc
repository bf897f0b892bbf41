// auc: the share of pairs of a positive and a negative row that the predictions order rightly; a
// tie counts half. Exact, by sorting. Of several classes: the mean of each against the rest, by the
// weight of the class, as in XGBoost.

#include <algorithm>

#include "base/error.h"
#include "base/radix_sort.h"
#include "trainer/metric/kinds.h"
#include "trainer/metric/ties.h"

namespace coppice::trainer {
namespace {

bool AllBinary(std::span<const float> label) {
  return std::all_of(label.begin(), label.end(), [](float y) { return y == 0.0f || y == 1.0f; });
}

// Without weights only counts matter: the keys of both classes are sorted on their own and merged,
// in whole numbers.
double CountedAuc(std::span<const float> predictions, std::span<const float> label) {
  std::vector<std::uint32_t> keys[2];
  std::vector<std::uint32_t> scratch;
  const auto n_positive = static_cast<std::size_t>(std::count(label.begin(), label.end(), 1.0f));
  keys[0].reserve(label.size() - n_positive);
  keys[1].reserve(n_positive);
  for (std::size_t i = 0; i < label.size(); ++i) {
    keys[label[i] == 1.0f ? 1 : 0].push_back(OrderedKey(predictions[i]));
  }
  const auto& [negative, positive] = keys;
  if (negative.empty() || positive.empty()) return kNotDefined;
  RadixSort(keys[0], scratch);
  RadixSort(keys[1], scratch);

  // Twice the number of pairs in order; below and not_above count the negatives under each
  // positive.
  std::uint64_t twice = 0;
  std::size_t below = 0;
  std::size_t not_above = 0;
  for (const std::uint32_t key : positive) {
    while (below < negative.size() && negative[below] < key) ++below;
    while (not_above < negative.size() && negative[not_above] <= key) ++not_above;
    twice += below + not_above;
  }
  return static_cast<double>(twice) /
         (2.0 * static_cast<double>(negative.size()) * static_cast<double>(positive.size()));
}

double WeightedAuc(std::span<const float> predictions, std::span<const float> label,
                   std::span<const float> weight) {
  double area = 0;
  double negative = 0;
  double positive = 0;
  for (const Tie& tie : TiesOf(predictions, label, weight)) {
    area += tie.positive * (negative + 0.5 * tie.negative);
    negative += tie.negative;
    positive += tie.positive;
  }
  if (!(negative > 0.0) || !(positive > 0.0)) return kNotDefined;
  return area / (negative * positive);
}

double Area(std::span<const float> predictions, std::span<const float> label,
            std::span<const float> weight) {
  if (weight.empty() && AllBinary(label)) return CountedAuc(predictions, label);
  return WeightedAuc(predictions, label, weight);
}

// The share of pairs of rows of a query with different labels that the predictions order rightly.
// Nothing where all labels are equal.
std::optional<double> OrderedPairs(std::span<const float> predictions,
                                   std::span<const float> label) {
  double right = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    for (std::size_t j = 0; j < label.size(); ++j) {
      if (!(label[i] > label[j])) continue;
      pairs += 1;
      right += predictions[i] > predictions[j] ? 1.0 : predictions[i] == predictions[j] ? 0.5 : 0.0;
    }
  }
  if (pairs == 0) return std::nullopt;
  return right / pairs;
}

class Auc : public Metric {
 public:
  std::string_view name() const override { return "auc"; }
  bool maximize() const override { return true; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int n_outputs) const override {
    COPPICE_CHECK(predictions.size() == label.size() * static_cast<std::size_t>(n_outputs),
                  "one prediction a row and class");
    if (!label.query_begin.empty()) return QueryMean(predictions, label, weight, OrderedPairs);
    return OneAgainstRest(predictions, label, weight, n_outputs, ClassMean::kByWeight, Area);
  }
};

}  // namespace

std::unique_ptr<Metric> MakeAuc() { return std::make_unique<Auc>(); }

}  // namespace coppice::trainer
