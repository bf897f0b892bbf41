// pre: the share of relevant rows (label 1) among the first of a list.

#include <string>

#include "trainer/metric/kinds.h"
#include "trainer/metric/ranking.h"
#include "trainer/objective/ranked_list.h"

namespace coppice::trainer {
namespace {

class PrecisionAt : public Metric {
 public:
  explicit PrecisionAt(const RankCut& cut) : cut_(cut), name_(NameOf("pre", cut)) {}

  std::string_view name() const override { return name_; }
  bool maximize() const override { return true; }
  // Not defined for labels other than 0 and 1.
  double Evaluate(std::span<const float> predictions, const Labels& label,
                  std::span<const float> weight, int) const override {
    if (!AreBinary(label)) return std::numeric_limits<double>::quiet_NaN();
    return QueryMean(predictions, label, weight, [&](auto scores, auto relevance) {
      const std::vector<std::uint32_t> order = OrderByScore(scores);
      const std::size_t places = cut_.Of(scores.size());
      double hits = 0;
      for (std::size_t i = 0; i < places; ++i) hits += double{relevance[order[i]]};
      return std::optional<double>(hits / static_cast<double>(places));
    });
  }

 private:
  RankCut cut_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Metric> MakePrecisionAt(const RankCut& cut) {
  return std::make_unique<PrecisionAt>(cut);
}

}  // namespace coppice::trainer
