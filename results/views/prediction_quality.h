#pragma once
// How predictions compare with what happened, as the numbers of pictures: thresholds (ROC and
// precision-recall), calibration, confusion, residuals. Spans of one length n; an empty weight
// means all 1.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace coppice::results {

// What calling every row positive whose prediction is at least `threshold` gets right and wrong, in
// weights.
struct ThresholdPoint {
  double threshold = 0;  // infinite in the first point: no row is called so
  double true_positives = 0;
  double false_positives = 0;

  bool operator==(const ThresholdPoint&) const = default;
};

struct ThresholdCurve {
  std::vector<ThresholdPoint> points;  // by falling threshold; one for each different prediction
  double positives = 0;
  double negatives = 0;
};

// Labels are 0 or 1. The last point calls every row positive.
ThresholdCurve ThresholdsOf(std::span<const float> prediction, std::span<const float> label,
                            std::span<const float> weight);

// The area under the ROC curve, by trapezoids, and the precision averaged over the steps of recall.
// Not a number without positives or negatives.
double RocArea(const ThresholdCurve& curve);
double AveragePrecision(const ThresholdCurve& curve);

// At most `most` points of it (at least 2), first and last among them, evenly along the ROC curve.
std::vector<ThresholdPoint> ThinPoints(const ThresholdCurve& curve, std::size_t most);

// Rows of neighbouring predictions: what was predicted of them, and what they were.
struct CalibrationBin {
  double prediction = 0;  // mean
  double label = 0;       // mean
  double low = 0;         // 95 % interval of the label's mean
  double high = 0;
  std::size_t rows = 0;
};

// kShare: labels are 0 or 1, the interval is Wilson's (1927). kMean: any numbers, the mean and
// 1.96 of its standard errors.
enum class LabelKind { kShare, kMean };

// About `n_bins` bins of equally many rows, by rising prediction; equal predictions are never cut
// apart, so there may be fewer. Weights move the means; the intervals count rows.
std::vector<CalibrationBin> Calibrate(std::span<const float> prediction,
                                      std::span<const float> label, std::span<const float> weight,
                                      std::size_t n_bins, LabelKind kind);

// Weights of rows by class: counts[label * n_classes + prediction]. Codes are 0 .. n_classes - 1.
std::vector<double> ConfusionOf(std::span<const int> prediction, std::span<const int> label,
                                std::span<const float> weight, int n_classes);

// The class of the largest of each row's n_classes probabilities, the first of equals.
std::vector<int> LikeliestClasses(std::span<const float> probabilities, int n_classes);

// Of finite numbers, sorted or not: the value below which a share `q` lies, between neighbours in
// proportion. Not of none.
double QuantileOf(std::vector<double> values, double q);

}  // namespace coppice::results
