#include "trainer/boost/boosting_method.h"

#include "base/random.h"
#include "trainer/boost/dart_boosting.h"
#include "trainer/boost/linear_boosting.h"
#include "trainer/boost/tree_boosting.h"

namespace coppice::trainer {

std::uint64_t BoostingInput::Seed() const { return Mix64(key.seed) + params.seed; }

std::uint64_t BoostingInput::RoundsBefore() const {
  return data.start.model == nullptr ? 0 : static_cast<std::uint64_t>(data.start.model->n_rounds());
}

std::unique_ptr<BoostingMethod> MakeBoostingMethod(const BoostingInput& input) {
  switch (input.params.booster) {
    case BoosterKind::kGbtree:
      return std::make_unique<TreeBoosting>(input);
    case BoosterKind::kDart:
      return std::make_unique<DartBoosting>(input);
    case BoosterKind::kGblinear:
      return std::make_unique<LinearBoosting>(input);
  }
  return nullptr;
}

}  // namespace coppice::trainer
