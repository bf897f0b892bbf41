// ndcg: the discounted sum of the gains of a list, over the largest that its rows could have.

#include "trainer/metric/kinds.h"
#include "trainer/metric/rank_metric.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

struct Ndcg {
  static constexpr std::string_view kName = "ndcg";
  bool exp_gain = true;

  bool IsDefinedFor(const Labels& label) const { return AreRelevances(label, exp_gain); }

  double OfQuery(std::span<const float> scores, std::span<const float> relevance,
                 const RankCut& cut) const {
    const std::size_t places = cut.Of(scores.size());
    const std::vector<double> discounts = Discounts(places);
    const double ideal = IdealGain(relevance, places, discounts, exp_gain);
    if (ideal == 0.0) return cut.OfNone();
    const std::vector<std::uint32_t> order = OrderByScore(scores);
    double sum = 0;
    for (std::size_t i = 0; i < places; ++i) {
      sum += discounts[i] * GainOf(relevance[order[i]], exp_gain);
    }
    return sum / ideal;
  }
};

}  // namespace

std::unique_ptr<Metric> MakeNdcg(const RankCut& cut, bool exp_gain) {
  return std::make_unique<RankMetric<Ndcg>>(cut, Ndcg{exp_gain});
}

}  // namespace coppice::trainer
