#pragma once
// A metric that is the mean over queries of how well the first rows of each are chosen and ordered;
// larger is better. How well is a small value type with
//   kName
//   bool IsDefinedFor(const Labels&)
//   double OfQuery(scores, relevance, cut)    of the rows of one query; neither is NaN

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "trainer/metric/metric.h"
#include "trainer/metric/ranking.h"

namespace coppice::trainer {

// Immutable. Thread-safe.
template <typename Score>
class RankMetric : public Metric {
 public:
  explicit RankMetric(const RankCut& cut, Score score = {})
      : cut_(cut), score_(score), name_(NameOf(Score::kName, cut)) {}

  std::string_view name() const override { return name_; }
  bool maximize() const override { return true; }
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    if (!score_.IsDefinedFor(label)) return kNotDefined;
    return QueryMean(predictions, label, weight, [&](auto scores, auto relevance) {
      return std::optional<double>(score_.OfQuery(scores, relevance, cut_));
    });
  }

 private:
  RankCut cut_;
  Score score_;
  std::string name_;
};

}  // namespace coppice::trainer
