#include "tuner/loop/changed_rules.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"

namespace coppice::tuner {
namespace {

// The value of a field; nothing for null.
template <typename T>
std::optional<T> ValueOf(const std::string& path, const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_null()) return std::nullopt;
  try {
    return json.get<T>();
  } catch (const Json::exception&) {
    throw Error(ErrorKind::kStore,
                fmt::format("the study's log changes `{}` to `{}`, which it cannot be", path, text),
                {}, "restore the study's folder from a copy, or start the study anew");
  }
}

GainUnit UnitOf(const std::string& word) {
  for (const GainUnit unit : {GainUnit::kRelative, GainUnit::kStdErrors}) {
    if (GainUnitWord(unit) == word) return unit;
  }
  return GainUnit::kAbsolute;
}

}  // namespace

void SetLimit(const std::string& path, const std::string& json, StopLimits* limits) {
  if (path == "stop.trials") limits->trials = ValueOf<int>(path, json);
  if (path == "stop.seconds") limits->seconds = ValueOf<double>(path, json);
  if (path == "stop.target") limits->target = ValueOf<double>(path, json);
  if (path == "stop.no_gain_trials") limits->no_gain_trials = ValueOf<int>(path, json);
  if (path == "stop.min_gain") limits->min_gain = ValueOf<double>(path, json).value_or(0);
  if (path == "stop.min_gain_unit") {
    limits->min_gain_unit = UnitOf(ValueOf<std::string>(path, json).value_or(""));
  }
  if (path == "stop.converged") limits->converged = ValueOf<bool>(path, json).value_or(false);
  if (path == "limits.failures") {
    limits->failures = ValueOf<int>(path, json).value_or(LimitsSpec().failures);
  }
}

std::optional<int> SlotsIn(const std::string& path, const std::string& json) {
  if (path != "parallel.slots") return std::nullopt;
  return ValueOf<int>(path, json);
}

}  // namespace coppice::tuner
