// multi:softprob and multi:softmax: log loss of the class probabilities softmax(margins).

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "trainer/objective/clones.h"
#include "trainer/objective/kinds.h"
#include "trainer/objective/math.h"
#include "trainer/objective/weights.h"

namespace coppice::trainer {
namespace {

// Added to each class prior, so that a class without rows has a finite margin; XGBoost's value.
constexpr double kLeastPrior = 1e-6;
// Values that are worked on at once: they stay in the first cache.
constexpr std::size_t kBlockValues = 2048;

COPPICE_CLONES void ExpLoop(std::size_t n, float* value) {
  for (std::size_t i = 0; i < n; ++i) value[i] = static_cast<float>(Exp(double{value[i]}));
}

// Softmax of [n_rows, n_classes] margins, in place. Few classes make short rows, so the
// exponentials, which cost the most, run over the whole block at once.
void SoftmaxBlock(std::size_t n_rows, std::size_t n_classes, float* values) {
  for (std::size_t row = 0; row < n_rows; ++row) {
    float* v = values + row * n_classes;
    const float top = *std::max_element(v, v + n_classes);
    for (std::size_t k = 0; k < n_classes; ++k) v[k] -= top;
  }
  ExpLoop(n_rows * n_classes, values);
  for (std::size_t row = 0; row < n_rows; ++row) {
    float* v = values + row * n_classes;
    double sum = 0;
    for (std::size_t k = 0; k < n_classes; ++k) sum += double{v[k]};
    const auto divisor = static_cast<float>(sum);
    for (std::size_t k = 0; k < n_classes; ++k) v[k] /= divisor;
  }
}

class Softmax : public Objective {
 public:
  Softmax(const ObjectiveSettings& settings, bool predicts_class)
      : n_classes_(static_cast<std::size_t>(settings.num_class)),
        block_rows_(std::max<std::size_t>(1, kBlockValues / n_classes_)),
        predicts_class_(predicts_class) {}

  std::string_view name() const override {
    return predicts_class_ ? "multi:softmax" : "multi:softprob";
  }
  TargetKind target() const override { return TargetKind::kMulticlass; }
  int n_outputs() const override { return static_cast<int>(n_classes_); }
  PredictionKind prediction() const override { return PredictionKind::kProbabilities; }
  std::string default_metric() const override { return "mlogloss"; }
  bool predicts_class() const override { return predicts_class_; }

  std::optional<std::string> CheckLabels(const Labels& label) const override {
    const auto n_classes = static_cast<float>(n_classes_);
    for (std::size_t i = 0; i < label.size(); ++i) {
      const float y = label[i];
      if (y >= 0.0f && y < n_classes && y == static_cast<float>(static_cast<int>(y))) continue;
      return fmt::format("label `{}` in row {} is not a class from 0 to {}", y, i + 1,
                         n_classes_ - 1);
    }
    return std::nullopt;
  }

  // The logs of the class priors, centred by their mean.
  std::vector<float> EstimateBaseScore(const Labels& label,
                                       std::span<const float> weight) const override {
    const RowWeights weights{label, weight};
    const double total = FixedSum(label.size(), [&](std::size_t i) { return double{weights(i)}; });
    std::vector<float> base(n_classes_, 0.0f);
    if (!(total > 0.0)) return base;
    std::vector<double> log_prior(n_classes_);
    double mean = 0;
    for (std::size_t k = 0; k < n_classes_; ++k) {
      const auto code = static_cast<float>(k);
      const double of_class = FixedSum(
          label.size(), [&](std::size_t i) { return label[i] == code ? double{weights(i)} : 0.0; });
      log_prior[k] = Log(of_class / total + kLeastPrior);
      mean += log_prior[k] / static_cast<double>(n_classes_);
    }
    for (std::size_t k = 0; k < n_classes_; ++k) base[k] = static_cast<float>(log_prior[k] - mean);
    return base;
  }

  void Gradients(std::span<const float> margins, const Labels& label, std::span<const float> weight,
                 std::span<GradientPair> pairs) const override {
    COPPICE_CHECK(margins.size() == label.size() * n_classes_ && pairs.size() == margins.size(),
                  "one margin and one pair a row and class");
    std::vector<float> p(block_rows_ * n_classes_);
    for (std::size_t begin = 0; begin < label.size(); begin += block_rows_) {
      const std::size_t n = std::min(block_rows_, label.size() - begin);
      std::copy_n(margins.data() + begin * n_classes_, n * n_classes_, p.data());
      SoftmaxBlock(n, n_classes_, p.data());
      for (std::size_t row = 0; row < n; ++row) {
        const float w = weight.empty() ? 1.0f : weight[begin + row];
        RowPairs(p.data() + row * n_classes_, static_cast<std::size_t>(label[begin + row]), w,
                 pairs.data() + (begin + row) * n_classes_);
      }
    }
  }

  void Transform(std::span<float> margins) const override {
    const std::size_t n_rows = margins.size() / n_classes_;
    for (std::size_t begin = 0; begin < n_rows; begin += block_rows_) {
      SoftmaxBlock(std::min(block_rows_, n_rows - begin), n_classes_,
                   margins.data() + begin * n_classes_);
    }
  }

  std::map<std::string, std::string> Parameters() const override {
    return {{"num_class", fmt::format("{}", n_classes_)}};
  }

 private:
  void RowPairs(const float* p, std::size_t label, float weight, GradientPair* pair) const {
    for (std::size_t k = 0; k < n_classes_; ++k) {
      const float hessian = 2.0f * p[k] * (1.0f - p[k]) * weight;
      pair[k].gradient = p[k] * weight;
      pair[k].hessian = hessian > kLeastHessian ? hessian : kLeastHessian;
    }
    pair[label].gradient = (p[label] - 1.0f) * weight;
  }

  std::size_t n_classes_;
  std::size_t block_rows_;
  bool predicts_class_;
};

}  // namespace

std::unique_ptr<Objective> MakeSoftmax(const ObjectiveSettings& settings, bool predicts_class) {
  if (settings.num_class < 2) {
    throw Error(
        ErrorKind::kSpec,
        fmt::format("`num_class` is `{}`, and several classes need at least 2", settings.num_class),
        {}, "give `num_class`, or take `binary:logistic` for two classes");
  }
  return std::make_unique<Softmax>(settings, predicts_class);
}

}  // namespace coppice::trainer
