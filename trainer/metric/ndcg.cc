// ndcg: the discounted sum of the gains of a list, over the largest that its rows could have.

#include <string>

#include "trainer/metric/kinds.h"
#include "trainer/metric/ranking.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

class Ndcg : public Metric {
 public:
  Ndcg(const RankCut& cut, bool exp_gain)
      : cut_(cut), exp_gain_(exp_gain), name_(NameOf("ndcg", cut)) {}

  std::string_view name() const override { return name_; }
  bool maximize() const override { return true; }
  // Not defined for labels that are no relevances.
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    if (!AreRelevances(label, exp_gain_)) return std::numeric_limits<double>::quiet_NaN();
    return QueryMean(predictions, label, weight, [&](auto scores, auto relevance) {
      return std::optional<double>(OfQuery(scores, relevance));
    });
  }

 private:
  double OfQuery(std::span<const float> scores, std::span<const float> relevance) const {
    const std::size_t places = cut_.Of(scores.size());
    const std::vector<double> discounts = Discounts(places);
    const double ideal = IdealGain(relevance, places, discounts, exp_gain_);
    if (ideal == 0.0) return cut_.OfNone();
    const std::vector<std::uint32_t> order = OrderByScore(scores);
    double sum = 0;
    for (std::size_t i = 0; i < places; ++i) {
      sum += discounts[i] * GainOf(relevance[order[i]], exp_gain_);
    }
    return sum / ideal;
  }

  RankCut cut_;
  bool exp_gain_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Metric> MakeNdcg(const RankCut& cut, bool exp_gain) {
  return std::make_unique<Ndcg>(cut, exp_gain);
}

}  // namespace coppice::trainer
