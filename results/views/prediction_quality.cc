#include "results/views/prediction_quality.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace coppice::results {
namespace {

constexpr double kNormal95 = 1.959963984540054;

double WeightAt(std::span<const float> weight, std::size_t row) {
  return weight.empty() ? 1.0 : static_cast<double>(weight[row]);
}

std::vector<std::size_t> RowsByPrediction(std::span<const float> prediction) {
  std::vector<std::size_t> rows(prediction.size());
  std::iota(rows.begin(), rows.end(), 0);
  std::stable_sort(rows.begin(), rows.end(), [prediction](std::size_t a, std::size_t b) {
    return prediction[a] < prediction[b];
  });
  return rows;
}

// Sums of the rows of one bin.
struct BinSums {
  double weight = 0;
  double prediction = 0;
  double label = 0;
  double label_squares = 0;
  std::size_t rows = 0;

  void Add(double w, double p, double y) {
    weight += w;
    prediction += w * p;
    label += w * y;
    label_squares += w * y * y;
    ++rows;
  }
};

CalibrationBin BinOf(const BinSums& sums, LabelKind kind) {
  CalibrationBin bin;
  bin.rows = sums.rows;
  bin.prediction = sums.prediction / sums.weight;
  bin.label = sums.label / sums.weight;
  const auto n = static_cast<double>(sums.rows);
  if (kind == LabelKind::kShare) {
    const double z2 = kNormal95 * kNormal95;
    const double middle = (bin.label + z2 / (2 * n)) / (1 + z2 / n);
    const double inside = std::max(0.0, bin.label * (1 - bin.label) / n) + z2 / (4 * n * n);
    const double half = kNormal95 * std::sqrt(inside) / (1 + z2 / n);
    bin.low = std::max(0.0, middle - half);
    bin.high = std::min(1.0, middle + half);
    return bin;
  }
  const double variance = std::max(0.0, sums.label_squares / sums.weight - bin.label * bin.label);
  const double half = n > 1 ? kNormal95 * std::sqrt(variance / (n - 1)) : 0;
  bin.low = bin.label - half;
  bin.high = bin.label + half;
  return bin;
}

}  // namespace

ThresholdCurve ThresholdsOf(std::span<const float> prediction, std::span<const float> label,
                            std::span<const float> weight) {
  ThresholdCurve curve;
  const std::vector<std::size_t> rows = RowsByPrediction(prediction);
  curve.points.push_back({std::numeric_limits<double>::infinity(), 0, 0});
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    const double w = WeightAt(weight, *row);
    (label[*row] > 0.5f ? curve.positives : curve.negatives) += w;
    const auto next = std::next(row);
    if (next != rows.rend() && prediction[*next] == prediction[*row]) continue;
    curve.points.push_back(
        {static_cast<double>(prediction[*row]), curve.positives, curve.negatives});
  }
  return curve;
}

double RocArea(const ThresholdCurve& curve) {
  double area = 0;
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const ThresholdPoint& a = curve.points[i - 1];
    const ThresholdPoint& b = curve.points[i];
    area += (b.false_positives - a.false_positives) * (a.true_positives + b.true_positives) / 2;
  }
  return area / (curve.positives * curve.negatives);
}

double AveragePrecision(const ThresholdCurve& curve) {
  double sum = 0;
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const ThresholdPoint& point = curve.points[i];
    const double found = point.true_positives - curve.points[i - 1].true_positives;
    // Rows without weight may stand first.
    if (found > 0)
      sum += found * point.true_positives / (point.true_positives + point.false_positives);
  }
  return sum / curve.positives;
}

std::vector<ThresholdPoint> ThinPoints(const ThresholdCurve& curve, std::size_t most) {
  if (curve.points.size() <= most) return curve.points;
  const auto along = [&curve](const ThresholdPoint& point) {
    const double up = curve.positives > 0 ? point.true_positives / curve.positives : 0;
    const double right = curve.negatives > 0 ? point.false_positives / curve.negatives : 0;
    return up + right;
  };
  const double whole = along(curve.points.back());
  std::vector<ThresholdPoint> thin = {curve.points.front()};
  for (std::size_t i = 1; i + 1 < curve.points.size(); ++i) {
    // The place that the next point is wanted at; points behind it stand in for it.
    const double wanted = whole * static_cast<double>(thin.size()) / static_cast<double>(most - 1);
    if (thin.size() + 1 < most && along(curve.points[i]) >= wanted) thin.push_back(curve.points[i]);
  }
  thin.push_back(curve.points.back());
  return thin;
}

std::vector<CalibrationBin> Calibrate(std::span<const float> prediction,
                                      std::span<const float> label, std::span<const float> weight,
                                      std::size_t n_bins, LabelKind kind) {
  std::vector<CalibrationBin> bins;
  const std::vector<std::size_t> rows = RowsByPrediction(prediction);
  BinSums sums;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double w = WeightAt(weight, rows[i]);
    if (w > 0) {
      sums.Add(w, static_cast<double>(prediction[rows[i]]), static_cast<double>(label[rows[i]]));
    }
    const bool is_last = i + 1 == rows.size();
    if (!is_last && prediction[rows[i + 1]] == prediction[rows[i]]) continue;
    const std::size_t due = (bins.size() + 1) * rows.size() / n_bins;
    if (sums.rows == 0 || (!is_last && i + 1 < due)) continue;
    bins.push_back(BinOf(sums, kind));
    sums = {};
  }
  return bins;
}

std::vector<double> ConfusionOf(std::span<const int> prediction, std::span<const int> label,
                                std::span<const float> weight, int n_classes) {
  const auto n = static_cast<std::size_t>(n_classes);
  std::vector<double> counts(n * n);
  for (std::size_t row = 0; row < label.size(); ++row) {
    counts[static_cast<std::size_t>(label[row]) * n + static_cast<std::size_t>(prediction[row])] +=
        WeightAt(weight, row);
  }
  return counts;
}

std::vector<int> LikeliestClasses(std::span<const float> probabilities, int n_classes) {
  const auto n = static_cast<std::size_t>(n_classes);
  std::vector<int> classes;
  classes.reserve(probabilities.size() / n);
  for (std::size_t begin = 0; begin + n <= probabilities.size(); begin += n) {
    const auto row = probabilities.subspan(begin, n);
    classes.push_back(static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return classes;
}

double QuantileOf(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double part = at - static_cast<double>(below);
  return values[below] + part * (values[above] - values[below]);
}

}  // namespace coppice::results
