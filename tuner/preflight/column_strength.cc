#include "tuner/preflight/column_strength.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <span>

#include "trainer/metric/metric.h"

namespace coppice::tuner {
namespace {

using trainer::RowIndex;

constexpr int kColumnTreeDepth = 4;
constexpr double kFewestLeafRows = 5;  // of a leaf

struct Bin {
  double n = 0;
  double sum = 0;  // of the target

  double mean() const { return n > 0 ? sum / n : 0; }
};

// A tree over bins in order: each gets the mean of its leaf.
class BinTree {
 public:
  // `order` of bins that may be neighbours.
  BinTree(const std::vector<Bin>& bins, const std::vector<std::size_t>& order)
      : bins_(bins), order_(order), values_(bins.size()) {
    Grow(0, order.size(), kColumnTreeDepth);
  }

  const std::vector<float>& values() const { return values_; }

 private:
  Bin Sum(std::size_t begin, std::size_t end) const {
    Bin all;
    for (std::size_t i = begin; i < end; ++i) {
      all.n += bins_[order_[i]].n;
      all.sum += bins_[order_[i]].sum;
    }
    return all;
  }

  // Where the squared error falls most; `begin` for nowhere.
  std::size_t BestCut(std::size_t begin, std::size_t end, const Bin& all) const {
    std::size_t best = begin;
    double best_gain = all.n > 0 ? all.sum * all.sum / all.n : 0;
    Bin left;
    for (std::size_t i = begin; i + 1 < end; ++i) {
      left.n += bins_[order_[i]].n;
      left.sum += bins_[order_[i]].sum;
      const Bin right{all.n - left.n, all.sum - left.sum};
      if (left.n < kFewestLeafRows || right.n < kFewestLeafRows) continue;
      const double gain = left.sum * left.sum / left.n + right.sum * right.sum / right.n;
      if (gain <= best_gain) continue;
      best_gain = gain;
      best = i + 1;
    }
    return best;
  }

  void Grow(std::size_t begin, std::size_t end, int depth) {
    const Bin all = Sum(begin, end);
    const std::size_t cut = depth > 0 ? BestCut(begin, end, all) : begin;
    if (cut > begin) {
      Grow(begin, cut, depth - 1);
      Grow(cut, end, depth - 1);
      return;
    }
    for (std::size_t i = begin; i < end; ++i) values_[order_[i]] = static_cast<float>(all.mean());
  }

  const std::vector<Bin>& bins_;
  const std::vector<std::size_t>& order_;
  std::vector<float> values_;
};

// By bin; the last one is that of missing values, a leaf of its own.
std::vector<float> Learn(const std::vector<std::size_t>& bin_of, std::size_t n_bins,
                         bool is_ordered, std::span<const float> target) {
  std::vector<Bin> bins(n_bins + 1);
  Bin all;
  for (std::size_t i = 0; i < bin_of.size(); ++i) {
    Bin& bin = bins[bin_of[i]];
    bin.n += 1;
    bin.sum += static_cast<double>(target[i]);
    all.n += 1;
    all.sum += static_cast<double>(target[i]);
  }
  std::vector<std::size_t> order(n_bins);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!is_ordered) {
    std::stable_sort(order.begin(), order.end(), [&bins](std::size_t a, std::size_t b) {
      return bins[a].mean() < bins[b].mean();
    });
  }
  std::vector<float> values = BinTree(bins, order).values();
  const Bin& missing = bins[n_bins];
  values[n_bins] = static_cast<float>(missing.n >= kFewestLeafRows ? missing.mean() : all.mean());
  return values;
}

// 1 - squared error / variance.
double R2Of(std::span<const float> predictions, std::span<const float> target) {
  Bin all;
  for (const float value : target) all.sum += static_cast<double>(value);
  all.n = static_cast<double>(target.size());
  double error = 0;
  double variance = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const double truth = static_cast<double>(target[i]);
    const double off = truth - static_cast<double>(predictions[i]);
    error += off * off;
    variance += (truth - all.mean()) * (truth - all.mean());
  }
  return variance > 0 ? 1 - error / variance : trainer::kNotDefined;
}

std::vector<float> TargetOf(const trainer::Dataset& table, const std::vector<RowIndex>& rows,
                            std::size_t n_classes, std::size_t of_class) {
  std::vector<float> target;
  target.reserve(rows.size());
  for (const RowIndex row : rows) {
    const float label = table.label[row];
    const bool is_class = n_classes > 0 && static_cast<std::size_t>(label) == of_class;
    target.push_back(n_classes > 0 ? (is_class ? 1.0F : 0.0F) : label);
  }
  return target;
}

std::vector<std::size_t> BinsAt(const trainer::BinnedMatrix& matrix, int feature,
                                const std::vector<RowIndex>& rows) {
  std::vector<std::size_t> bins;
  bins.reserve(rows.size());
  for (const RowIndex row : rows) bins.push_back(matrix.Bin(row, feature));
  return bins;
}

// label = a + b * value.
bool IsLinear(const std::vector<float>& values, const std::vector<float>& label) {
  const auto n = static_cast<double>(values.size());
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]) || !std::isfinite(label[i])) return false;
    mean_x += static_cast<double>(values[i]) / n;
    mean_y += static_cast<double>(label[i]) / n;
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(values[i]) - mean_x;
    const double y = static_cast<double>(label[i]) - mean_y;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  constexpr double kAlmostOne = 1 - 1e-10;
  return xx > 0 && yy > 0 && xy * xy >= kAlmostOne * xx * yy;
}

// One value for each of at most so many labels, and one label for each value.
bool IsRenamed(const std::vector<float>& values, const std::vector<float>& label,
               std::size_t most_labels) {
  std::map<float, float> class_of;
  std::set<float> classes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return false;
    if (class_of.emplace(values[i], label[i]).first->second != label[i]) return false;
    classes.insert(label[i]);
    // Each value has one class, so a class has two of them.
    if (class_of.size() > classes.size() || classes.size() > most_labels) return false;
  }
  return classes.size() > 1 && class_of.size() == classes.size();
}

}  // namespace

std::vector<ColumnStrength> ColumnStrengths(const trainer::Dataset& table,
                                            const trainer::BinnedMatrix& matrix,
                                            const trainer::Fold& fold) {
  const std::size_t n_classes = table.schema.classes.size();
  // Of two classes one stands for both.
  const std::size_t n_targets = n_classes > 2 ? n_classes : 1;
  const auto auc = trainer::MakeMetric("auc");
  std::vector<double> sums(table.n_features());
  std::vector<double> counts(table.n_features());
  for (std::size_t t = 0; t < n_targets; ++t) {
    const std::size_t of_class = n_classes == 2 ? 1 : t;
    const std::vector<float> target = TargetOf(table, fold.train, n_classes, of_class);
    const std::vector<float> truth = TargetOf(table, fold.validation, n_classes, of_class);
    for (std::size_t f = 0; f < table.n_features(); ++f) {
      const int feature = static_cast<int>(f);
      const bool numeric = table.schema.features[f].kind == trainer::ColumnKind::kNumeric;
      const std::vector<float> values =
          Learn(BinsAt(matrix, feature, fold.train),
                static_cast<std::size_t>(matrix.n_bins(feature)), numeric, target);
      std::vector<float> predictions;
      for (const std::size_t bin : BinsAt(matrix, feature, fold.validation)) {
        predictions.push_back(values[bin]);
      }
      const double score =
          n_classes > 0 ? auc->Evaluate(predictions, truth, {}, 1) : R2Of(predictions, truth);
      if (std::isnan(score)) continue;
      sums[f] += score;
      counts[f] += 1;
    }
  }
  std::vector<ColumnStrength> strengths;
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    const double score = counts[f] > 0 ? sums[f] / counts[f] : trainer::kNotDefined;
    strengths.push_back({table.schema.features[f].name, score});
  }
  return strengths;
}

std::vector<std::string> FindLabelCopies(const trainer::Dataset& table) {
  std::vector<std::string> copies;
  if (table.label.empty()) return copies;
  const std::size_t n_classes = table.schema.classes.size();
  const std::size_t most_labels = n_classes > 0 ? n_classes : table.label.size() / 2;
  for (std::size_t f = 0; f < table.n_features(); ++f) {
    const trainer::FeatureSchema& feature = table.schema.features[f];
    const bool numeric = feature.kind == trainer::ColumnKind::kNumeric;
    const bool is_copy = IsRenamed(table.values[f], table.label, most_labels) ||
                         (numeric && IsLinear(table.values[f], table.label));
    if (is_copy) copies.push_back(feature.name);
  }
  return copies;
}

}  // namespace coppice::tuner
