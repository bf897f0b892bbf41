#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "strategies/prune/prune_rule.h"
#include "strategies/prune/words.h"

namespace coppice::strategies {
namespace {

double Median(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  std::sort(values.begin(), values.end());
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

class MedianRule : public PruneRule {
 public:
  MedianRule(const MedianOptions& options, study::Goal goal) : options_(options), goal_(goal) {}

  bool LooksAt(std::size_t round) const override {
    return round >= static_cast<std::size_t>(options_.min_round);
  }

  std::optional<std::string> Stop(const EndedCurves& known, const study::Configuration&,
                                  std::span<const double> loss) const override {
    const std::size_t round = loss.size();
    std::vector<double> means;
    for (const auto& curve : known) {
      if (curve->loss.size() < round) continue;
      const auto end = curve->loss.begin() + static_cast<std::ptrdiff_t>(round);
      means.push_back(std::accumulate(curve->loss.begin(), end, 0.0) / static_cast<double>(round));
    }
    if (means.size() < static_cast<std::size_t>(options_.min_trials)) return std::nullopt;
    const double median = Median(std::move(means));
    if (!(loss.back() > median)) return std::nullopt;
    return fmt::format("At round {} the score {} is worse than the median of other trials, {}.",
                       round, ScoreWord(goal_, loss.back()), ScoreWord(goal_, median));
  }

 private:
  MedianOptions options_;
  study::Goal goal_;
};

}  // namespace

std::unique_ptr<PruneRule> MakeMedianRule(const MedianOptions& options, study::Goal goal) {
  return std::make_unique<MedianRule>(options, goal);
}

}  // namespace coppice::strategies
