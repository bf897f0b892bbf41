#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "strategies/prune/prune_rule.h"
#include "strategies/prune/words.h"

namespace coppice::strategies {
namespace {

class AshaRule : public PruneRule {
 public:
  AshaRule(const AshaOptions& options, study::Goal goal) : options_(options), goal_(goal) {}

  bool LooksAt(std::size_t round) const override {
    auto rung = static_cast<std::size_t>(options_.min_rounds);
    while (rung < round) rung *= static_cast<std::size_t>(options_.reduction);
    return rung == round;
  }

  std::optional<std::string> Stop(const EndedCurves& known, const study::Configuration&,
                                  std::span<const double> loss) const override {
    const std::size_t rung = loss.size();
    const double own = *std::min_element(loss.begin(), loss.end());
    std::size_t n_reached = 1;
    std::size_t n_better = 0;
    for (const auto& curve : known) {
      if (curve->loss.size() < rung) continue;
      ++n_reached;
      if (curve->BestOf(rung) < own) ++n_better;
    }
    // Too few came as far to tell a best part of them.
    const auto reduction = static_cast<std::size_t>(options_.reduction);
    if (n_reached < reduction || n_better < n_reached / reduction) return std::nullopt;
    return fmt::format("At the rung of {} rounds its best score {} is behind {} of {} trials.",
                       rung, ScoreWord(goal_, own), n_better, n_reached - 1);
  }

 private:
  AshaOptions options_;
  study::Goal goal_;
};

}  // namespace

std::unique_ptr<PruneRule> MakeAshaRule(const AshaOptions& options, study::Goal goal) {
  return std::make_unique<AshaRule>(options, goal);
}

}  // namespace coppice::strategies
