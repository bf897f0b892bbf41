// map: the mean over the relevant rows of a list of the precision at their places; label 1 is
// relevant, 0 is not.

#include "trainer/metric/kinds.h"
#include "trainer/metric/rank_metric.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

struct MeanAveragePrecision {
  static constexpr std::string_view kName = "map";

  bool IsDefinedFor(const Labels& label) const { return AreBinary(label); }

  // Over as many relevant rows as the places could hold.
  double OfQuery(std::span<const float> scores, std::span<const float> relevance,
                 const RankCut& cut) const {
    const auto n_relevant =
        static_cast<std::size_t>(std::count(relevance.begin(), relevance.end(), 1.0f));
    if (n_relevant == 0) return cut.OfNone();
    const std::size_t places = cut.Of(scores.size());
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
};

}  // namespace

std::unique_ptr<Metric> MakeMap(const RankCut& cut) {
  return std::make_unique<RankMetric<MeanAveragePrecision>>(cut);
}

}  // namespace coppice::trainer
