// pre: the share of relevant rows (label 1) among the first of a list.

#include "trainer/metric/kinds.h"
#include "trainer/metric/rank_metric.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

struct PrecisionAt {
  static constexpr std::string_view kName = "pre";

  bool IsDefinedFor(const Labels& label) const { return AreBinary(label); }

  double OfQuery(std::span<const float> scores, std::span<const float> relevance,
                 const RankCut& cut) const {
    const std::vector<std::uint32_t> order = OrderByScore(scores);
    const std::size_t places = cut.Of(scores.size());
    double hits = 0;
    for (std::size_t i = 0; i < places; ++i) hits += double{relevance[order[i]]};
    return hits / static_cast<double>(places);
  }
};

}  // namespace

std::unique_ptr<Metric> MakePrecisionAt(const RankCut& cut) {
  return std::make_unique<RankMetric<PrecisionAt>>(cut);
}

}  // namespace coppice::trainer
