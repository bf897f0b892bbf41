#include "tuner/spec/spec.h"

namespace coppice::tuner {

trainer::TrainParams Spec::ParamsFor(const study::Configuration& configuration) const {
  trainer::TrainParams params;
  params.seed = seed;
  for (const auto& [param, value] : train) trainer::SetParam(params, param, value);
  for (const auto& [param, value] : configuration.values()) {
    trainer::SetParam(params, param, value);
  }
  return params;
}

study::Configuration Spec::DefaultConfiguration() const {
  if (search.empty()) return study::Configuration();
  return study::SearchSpace(search).Project(trainer::ParamValues(ParamsFor({})));
}

}  // namespace coppice::tuner
