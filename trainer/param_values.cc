#include "trainer/param_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/text.h"

namespace coppice::trainer {

std::optional<Value> ValueOf(const TrainParams& params, const ParamRow& row) {
  struct Getter {
    const TrainParams& params;
    const ParamInfo& info;
    std::optional<Value> operator()(std::monostate) const { return Value(info.words.back()); }
    std::optional<Value> operator()(int TrainParams::*m) const {
      return Value(std::int64_t{params.*m});
    }
    std::optional<Value> operator()(double TrainParams::*m) const { return Value(params.*m); }
    std::optional<Value> operator()(std::uint64_t TrainParams::*m) const {
      return Value(static_cast<std::int64_t>(params.*m));
    }
    std::optional<Value> operator()(std::string TrainParams::*m) const { return Value(params.*m); }
    std::optional<Value> operator()(const EnumMember& choice) const {
      return Value(info.words[choice.get(params)]);
    }
    std::optional<Value> operator()(FeatureNumbers TrainParams::*m) const {
      return (params.*m).empty() ? std::nullopt : std::optional<Value>(TextOf(params.*m));
    }
    std::optional<Value> operator()(FeatureGroups TrainParams::*m) const {
      return (params.*m).empty() ? std::nullopt : std::optional<Value>(TextOf(params.*m));
    }
    std::optional<Value> operator()(std::optional<double> TrainParams::*m) const {
      if (m == &TrainParams::max_delta_step) return Value(MaxDeltaStep(params));
      if (m == &TrainParams::eta) return Value(Eta(params));
      if (m == &TrainParams::lambda) return Value(Lambda(params));
      return (params.*m) ? std::optional<Value>(*(params.*m)) : std::nullopt;
    }
    std::optional<Value> operator()(std::optional<int> TrainParams::*m) const {
      return (params.*m) ? std::optional<Value>(std::int64_t{*(params.*m)}) : std::nullopt;
    }
    std::optional<Value> operator()(bool TrainParams::*m) const {
      return Value(std::int64_t{params.*m ? 1 : 0});
    }
    std::optional<Value> operator()(std::vector<double> TrainParams::*m) const {
      return Value(fmt::format("[{}]", fmt::join(params.*m, ",")));
    }
  };
  return std::visit(Getter{params, row.info}, row.member);
}

void SetValue(TrainParams& params, const ParamRow& row, const Value& value) {
  struct Setter {
    TrainParams& params;
    const ParamInfo& info;
    const Value& value;
    void operator()(std::monostate) const {}
    void operator()(int TrainParams::*m) const { params.*m = static_cast<int>(AsDouble(value)); }
    void operator()(double TrainParams::*m) const { params.*m = AsDouble(value); }
    void operator()(std::uint64_t TrainParams::*m) const {
      // Not by way of a double, which would round seeds above 2^53.
      const auto* whole = std::get_if<std::int64_t>(&value);
      params.*m =
          whole ? static_cast<std::uint64_t>(*whole) : static_cast<std::uint64_t>(AsDouble(value));
    }
    void operator()(std::string TrainParams::*m) const { params.*m = std::get<std::string>(value); }
    void operator()(const EnumMember& choice) const {
      const auto at = std::find(info.words.begin(), info.words.end(), std::get<std::string>(value));
      choice.set(params, static_cast<std::size_t>(at - info.words.begin()));
    }
    void operator()(std::optional<double> TrainParams::*m) const { params.*m = AsDouble(value); }
    void operator()(FeatureNumbers TrainParams::*m) const {
      params.*m = *FeatureNumbersFromText(std::get<std::string>(value));
    }
    void operator()(FeatureGroups TrainParams::*m) const {
      params.*m = *FeatureGroupsFromText(std::get<std::string>(value));
    }
    void operator()(std::optional<int> TrainParams::*m) const {
      params.*m = static_cast<int>(AsDouble(value));
    }
    void operator()(bool TrainParams::*m) const { params.*m = AsDouble(value) != 0; }
    void operator()(std::vector<double> TrainParams::*m) const { params.*m = *NumbersOf(value); }
  };
  std::visit(Setter{params, row.info, value}, row.member);
}

std::optional<std::vector<double>> NumbersOf(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return ParseNumberList(*text);
  return std::vector<double>{AsDouble(value)};
}

}  // namespace coppice::trainer
