#include "tuner/spec/spec.h"

#include <cmath>

namespace coppice::tuner {
namespace {

// A scale may turn a number into one a few last bits away.
bool IsSame(const Value& a, const Value& b) {
  if (!IsNumber(a) || !IsNumber(b)) return a == b;
  const double x = AsDouble(a);
  const double y = AsDouble(b);
  return std::fabs(x - y) <= 1e-9 * std::fabs(x);
}

}  // namespace

std::string GainUnitWord(GainUnit unit) {
  switch (unit) {
    case GainUnit::kAbsolute:
      return "absolute";
    case GainUnit::kRelative:
      return "relative";
    case GainUnit::kStdErrors:
      return "std_errors";
  }
  return {};
}

trainer::TrainParams Spec::ParamsFor(const study::Configuration& configuration) const {
  trainer::TrainParams params;
  params.seed = seed;
  for (const auto& [param, value] : train) trainer::SetParam(params, param, value);
  for (const auto& [param, value] : configuration.values()) {
    trainer::SetParam(params, param, value);
  }
  return params;
}

std::map<std::string, Value> Spec::Defaults() const {
  if (is_external) return {};
  return trainer::ParamValues(ParamsFor({}));
}

study::Configuration Spec::DefaultConfiguration() const {
  if (search.empty()) return study::Configuration();
  return study::SearchSpace(search).Project(Defaults());
}

std::vector<MovedDefault> Spec::MovedDefaults() const {
  std::vector<MovedDefault> moved;
  const std::map<std::string, Value> wanted = Defaults();
  const study::Configuration used = DefaultConfiguration();
  for (const auto& [parameter, value] : used.values()) {
    const auto found = wanted.find(parameter);
    if (found != wanted.end() && !IsSame(found->second, value)) {
      moved.push_back({parameter, found->second, value});
    }
  }
  return moved;
}

}  // namespace coppice::tuner
