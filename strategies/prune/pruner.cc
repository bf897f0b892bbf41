#include "strategies/prune/pruner.h"

#include <utility>

namespace coppice::strategies {

StopTest::StopTest(std::shared_ptr<const PruneRule> rule,
                   std::shared_ptr<const CurveHistory> history, study::Configuration configuration)
    : rule_(std::move(rule)),
      history_(std::move(history)),
      n_known_(history_->size()),
      configuration_(std::move(configuration)) {}

std::optional<std::string> StopTest::Stop(std::span<const double> loss) const {
  if (!rule_->LooksAt(loss.size())) return std::nullopt;
  return rule_->Stop(history_->First(n_known_), configuration_, loss);
}

std::optional<StoppedForecast> StopTest::ForecastOf(std::span<const double> loss) const {
  return rule_->ForecastOf(history_->First(n_known_), configuration_, loss);
}

bool StopTest::RacesFolds() const { return rule_->RacesFolds(history_->First(n_known_)); }

std::optional<FoldVerdict> StopTest::StopFolds(std::span<const double> loss, bool has_ended) const {
  if (!has_ended && !rule_->LooksAt(loss.size())) return std::nullopt;
  return rule_->StopFolds(history_->First(n_known_), configuration_, loss, has_ended);
}

Pruner::Pruner(std::unique_ptr<const PruneRule> rule)
    : rule_(std::move(rule)), history_(std::make_shared<CurveHistory>()) {}

void Pruner::Tell(EndedCurve curve) { history_->Add(std::move(curve)); }

std::shared_ptr<const StopTest> Pruner::TestFor(const study::Configuration& configuration) const {
  return std::make_shared<const StopTest>(rule_, history_, configuration);
}

}  // namespace coppice::strategies
