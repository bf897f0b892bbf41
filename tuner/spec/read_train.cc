// `train`.

#include <utility>

#include "tuner/spec/param_field.h"
#include "tuner/spec/sections.h"

namespace coppice::tuner {

void ReadTrain(ObjectReader& root, Draft& draft) {
  ObjectReader train = root.Object("train");
  const std::size_t n_keys = train.Keys().size();
  bool objective_is_good = true;
  for (const NamedParam& named : NamedParams(train)) {
    if (auto value = ReadParamValue(train, named)) {
      draft.spec.train.emplace(named.name, std::move(*value));
    } else if (named.name == "objective") {
      objective_is_good = false;
    }
  }
  draft.train_is_good = draft.spec.train.size() == n_keys;
  if (objective_is_good) {
    const std::string objective = draft.spec.ParamsFor({}).objective;
    draft.target = trainer::TargetOf(objective);
    draft.prediction = trainer::PredictionOf(objective);
  }
}

}  // namespace coppice::tuner
