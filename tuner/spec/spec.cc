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

// Whether a number lies between the ends of the parameter's range.
bool IsWithin(const std::vector<study::ParameterRange>& search, const std::string& parameter,
              const Value& value) {
  if (!IsNumber(value)) return false;
  for (const study::ParameterRange& range : search) {
    if (range.name() != parameter || range.kind() == study::RangeKind::kCategorical) continue;
    const double number = AsDouble(value);
    return number >= range.spec().min && number <= range.spec().max;
  }
  return false;
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

std::string ConfirmChoiceWord(ConfirmChoice choice) {
  return choice == ConfirmChoice::kBest ? "best" : "one_std_error";
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
      moved.push_back(
          {parameter, found->second, value, IsWithin(search, parameter, found->second)});
    }
  }
  return moved;
}

}  // namespace coppice::tuner
