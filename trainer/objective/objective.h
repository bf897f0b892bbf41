#pragma once
// What a model is trained for: gradients, where to start, and what a margin means. Objectives see
// only spans; they know no tree and no file. Shapes: margins [n_rows, n_outputs] row-major, labels
// and weight [n_rows]; an empty weight means all 1.
//
//   auto objective = MakeObjective("binary:logistic", settings);
//   if (auto problem = objective->CheckLabels(label)) throw ...
//   std::vector<float> base = objective->EstimateBaseScore(label, weight);
//   objective->Gradients(margins, label, weight, pairs);

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "trainer/objective/labels.h"

namespace coppice::trainer {

// First and second derivative of the loss at one row (XGBoost's g and h), weight included.
struct GradientPair {
  float gradient = 0;
  float hessian = 0;
};

// Of the noise in survival:aft.
enum class AftDistribution { kNormal, kLogistic, kExtreme };
// "normal", "logistic", "extreme".
std::string_view WordOf(AftDistribution distribution);

// Which pairs of a query's rows rank:* compares.
enum class PairMethod {
  kTopK,  // each of the first rows with all behind it
  kMean,  // each row with some that are drawn
};
// "topk", "mean".
std::string_view WordOf(PairMethod method);

// Of rank:*; XGBoost's lambdarank_* and ndcg_exp_gain.
struct RankSettings {
  PairMethod pair_method = PairMethod::kTopK;
  std::optional<int> pairs_per_sample;  // nothing: PairsPerSample
  bool normalization = true;            // of a query's gradients by their sum, or number of pairs
  bool score_normalization = true;      // of a pair's gradient by the difference of its margins
  bool exp_gain = true;                 // the gain of relevance r is 2^r - 1, else r

  // kTopK: how many of the first rows; kMean: how many partners a row draws.
  int PairsPerSample() const {
    return pairs_per_sample.value_or(pair_method == PairMethod::kTopK ? 32 : 1);
  }
};

struct ObjectiveSettings {
  int num_class = 0;            // multi:*
  double scale_pos_weight = 1;  // logistic losses: factor on the weight of rows with label 1
  double huber_slope = 1;       // reg:pseudohubererror: where the parabola becomes a line
  double tweedie_variance_power = 1.5;  // reg:tweedie: the variance is the mean to this power
  double max_delta_step = 0.7;          // count:poisson: added to the margin under the hessian
  std::vector<double> quantile_alpha = {0.5};  // reg:quantileerror: one output each
  AftDistribution aft_distribution = AftDistribution::kNormal;
  double aft_scale = 1;  // survival:aft: the factor on the noise
  RankSettings rank = {};
};

// What a label is.
enum class TargetKind { kNumber, kBinary, kMulticlass };

// What a prediction is, as metrics see it.
enum class PredictionKind {
  kNumber,         // any number
  kPositive,       // a number above 0
  kProbability,    // that the label is 1
  kClass,          // 0 or 1
  kProbabilities,  // one a class
  kQuantiles,      // one a quantile
  kHazardRatio,    // how much likelier an end is than at margin 0
  kSurvivalTime,   // a time; metrics see its logarithm
  kRank,           // a number to sort the rows of a query by
};

// Which rows the pair of a row depends on.
enum class Coupling {
  kNone,       // on itself
  kQueries,    // on those of its query: QueryGradients
  kWholeData,  // on all that train
};

// Immutable. Thread-safe.
class Objective {
 public:
  virtual ~Objective() = default;

  virtual std::string_view name() const = 0;
  virtual TargetKind target() const = 0;
  virtual PredictionKind prediction() const = 0;
  virtual int n_outputs() const { return 1; }
  // XGBoost's.
  virtual std::string default_metric() const = 0;

  // A sentence about the first label that is not legal here, or nothing.
  virtual std::optional<std::string> CheckLabels(const Labels& label) const = 0;

  // In the space of predictions, [1] or [n_outputs] (multi: margins); sums have a fixed shape.
  virtual std::vector<float> EstimateBaseScore(const Labels& label,
                                               std::span<const float> weight) const = 0;
  // The margin of a base score.
  virtual float ToMargin(float base_score) const { return base_score; }

  virtual Coupling coupling() const { return Coupling::kNone; }

  // pairs is [n_rows, n_outputs]. Any stretch of rows will do where they are not coupled; with
  // kWholeData it is exactly the rows that train, all at once; with kQueries all are one query.
  virtual void Gradients(std::span<const float> margins, const Labels& label,
                         std::span<const float> weight, std::span<GradientPair> pairs) const = 0;
  // With kWholeData: what Gradients needs for each row on top of its arguments.
  virtual std::size_t gradient_scratch_bytes() const { return 0; }

  // With kQueries: the pairs of one query, without its weight. `draw` is the query's own in this
  // round.
  virtual void QueryGradients(std::span<const float> /*margins*/, std::span<const float> /*label*/,
                              RandomStream /*draw*/, std::span<GradientPair> /*pairs*/) const {}

  // Margins to predictions, in place: identity, probability, class probabilities.
  virtual void Transform(std::span<float> margins) const = 0;
  // Margins to what metrics judge, in place: the same, except where metrics want other
  // numbers (probabilities of binary:logitraw, margins of survival:aft).
  virtual void TransformForMetrics(std::span<float> margins) const { Transform(margins); }
  // Where gradients only shape a tree: each leaf's value is then to be replaced by this quantile of
  // label - margin over its training rows (trainer/objective/quantile.h), times eta.
  virtual std::optional<double> LeafQuantile(int /*output*/) const { return std::nullopt; }

  // Whether a prediction is one class code a row instead of n_outputs numbers (multi:softmax).
  virtual bool predicts_class() const { return false; }

  // For the model file.
  virtual std::map<std::string, std::string> Parameters() const { return {}; }
};

// Null for an unknown name.
std::unique_ptr<Objective> MakeObjective(std::string_view name, const ObjectiveSettings& settings);
std::vector<std::string> ObjectiveNames();
// Nothing for an unknown name.
std::optional<TargetKind> TargetOf(std::string_view objective);
std::optional<PredictionKind> PredictionOf(std::string_view objective);
// The settings that a model's Parameters() came from; absent or unreadable ones keep their default.
ObjectiveSettings SettingsFromParameters(const std::map<std::string, std::string>& parameters,
                                         int n_outputs);

}  // namespace coppice::trainer
