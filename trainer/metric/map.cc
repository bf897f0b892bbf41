// map: the mean over the relevant rows of a list of the precision at their places; label 1 is
// relevant, 0 is not.

#include <string>

#include "trainer/metric/kinds.h"
#include "trainer/metric/ranking.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

class MeanAveragePrecision : public Metric {
 public:
  explicit MeanAveragePrecision(const RankCut& cut) : cut_(cut), name_(NameOf("map", cut)) {}

  std::string_view name() const override { return name_; }
  bool maximize() const override { return true; }
  // Not defined for other labels.
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    if (!AreBinary(label)) return std::numeric_limits<double>::quiet_NaN();
    return QueryMean(predictions, label, weight, [&](auto scores, auto relevance) {
      return std::optional<double>(OfQuery(scores, relevance));
    });
  }

 private:
  // Over as many relevant rows as the places could hold.
  double OfQuery(std::span<const float> scores, std::span<const float> relevance) const {
    const auto n_relevant =
        static_cast<std::size_t>(std::count(relevance.begin(), relevance.end(), 1.0f));
    if (n_relevant == 0) return cut_.OfNone();
    const std::size_t places = cut_.Of(scores.size());
    const std::vector<std::uint32_t> order = OrderByScore(scores);
    double hits = 0;
    double sum = 0;
    for (std::size_t i = 0; i < places; ++i) {
      if (relevance[order[i]] == 0.0f) continue;
      hits += 1;
      sum += hits / static_cast<double>(i + 1);
    }
    return sum / static_cast<double>(std::min(n_relevant, places));
  }

  RankCut cut_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Metric> MakeMap(const RankCut& cut) {
  return std::make_unique<MeanAveragePrecision>(cut);
}

}  // namespace coppice::trainer
