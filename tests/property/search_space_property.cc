// Properties of ranges, spaces and configurations.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/json.h"
#include "strategies/registry.h"
#include "strategies/study/enumeration.h"
#include "strategies/study/search_space.h"
#include "tests/strategies/ranges.h"

namespace coppice::study {
namespace {

// In [0, 1], both ends included and likely.
double AnyUnit() {
  constexpr int kMost = 1 << 20;
  const int part = *rc::gen::oneOf(rc::gen::inRange(0, kMost + 1), rc::gen::element(0, kMost));
  return static_cast<double>(part) / kMost;
}

Scale AnyScale() {
  return *rc::gen::element(Scale::kAuto, Scale::kLinear, Scale::kLog, Scale::kLog0,
                           Scale::kReverseLog);
}

// A number with few digits, 0 at times, of any of many sizes.
double AnyBound() {
  const int digits = *rc::gen::inRange(-999, 1000);
  return digits * std::pow(10.0, *rc::gen::inRange(-9, 5));
}

RangeSpec AnyNumericSpec(const std::string& name) {
  const bool is_int = *rc::gen::arbitrary<bool>();
  double min = AnyBound();
  double max = AnyBound();
  if (min > max) std::swap(min, max);
  if (is_int) {
    min = std::floor(min);
    max = std::floor(max);
  }
  RangeSpec spec = is_int ? IntSpec(name, min, max) : FloatSpec(name, min, max);
  spec.scale = AnyScale();
  if (*rc::gen::arbitrary<bool>()) {
    const double steps = *rc::gen::inRange(1, 500);
    spec.step = is_int ? std::max(1.0, std::floor((max - min) / steps)) : (max - min) / steps;
  }
  return spec;
}

RangeSpec AnyCategoricalSpec(const std::string& name) {
  std::vector<Value> values;
  const int n = *rc::gen::inRange(1, 5);
  for (int i = 0; i < n; ++i) values.push_back("w" + std::to_string(i));
  if (*rc::gen::arbitrary<bool>()) values.push_back(0.5);
  RangeSpec spec = CategoricalSpec(name, values);
  spec.ordered = *rc::gen::arbitrary<bool>();
  return spec;
}

// A range without problems; what the dice give otherwise is thrown again.
RangeSpec AnySpec(const std::string& name) {
  for (;;) {
    RangeSpec spec = *rc::gen::inRange(0, 3) == 0 ? AnyCategoricalSpec(name) : AnyNumericSpec(name);
    if (ParameterRange::Problems(spec).empty()) return spec;
  }
}

Value AnyValueOf(const ParameterRange& range) { return range.Decode(AnyUnit()); }

// Some ranges; about half of them under a condition on an earlier one that can be listed.
SearchSpace AnySpace() {
  const std::size_t n = *rc::gen::inRange<std::size_t>(0, 6);
  std::vector<ParameterRange> ranges;
  for (std::size_t i = 0; i < n; ++i) {
    RangeSpec spec = AnySpec("p" + std::to_string(i));
    if (i > 0 && *rc::gen::arbitrary<bool>()) {
      const ParameterRange& parent = ranges[*rc::gen::inRange<std::size_t>(0, i)];
      if (parent.Count()) spec.when = Condition{parent.name(), {AnyValueOf(parent)}};
    }
    ranges.emplace_back(std::move(spec));
  }
  // Children may stand before their parents.
  if (*rc::gen::arbitrary<bool>()) std::reverse(ranges.begin(), ranges.end());
  RC_ASSERT(SearchSpace::Problems(ranges).empty());
  return SearchSpace(std::move(ranges));
}

std::vector<double> AnyPoint(std::size_t n) {
  std::vector<double> point;
  for (std::size_t i = 0; i < n; ++i) point.push_back(AnyUnit());
  return point;
}

Value AnyValue() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return *rc::gen::arbitrary<std::int64_t>();
    case 1: {
      const double number = *rc::gen::arbitrary<double>();
      return std::isfinite(number) ? number : 0.0;
    }
    default:
      return *rc::gen::string<std::string>();
  }
}

RC_GTEST_PROP(AnyRange, DecodesInsideItself, ()) {
  const ParameterRange range(AnySpec("a"));
  RC_ASSERT(range.Contains(range.Decode(AnyUnit())));
}

RC_GTEST_PROP(AnyRange, RisesAlongTheInterval, ()) {
  const ParameterRange range(AnySpec("a"));
  double u = AnyUnit();
  double v = AnyUnit();
  if (u > v) std::swap(u, v);
  const Value low = range.Decode(u);
  const Value high = range.Decode(v);
  if (range.kind() == RangeKind::kCategorical) {
    RC_ASSERT(range.IndexOf(low).value() <= range.IndexOf(high).value());
  } else {
    RC_ASSERT(AsDouble(low) <= AsDouble(high));
  }
}

RC_GTEST_PROP(AnyRange, DecodesWhatItEncodes, ()) {
  const ParameterRange range(AnySpec("a"));
  const Value value = AnyValueOf(range);
  const double u = range.Encode(value);
  RC_ASSERT(u >= 0 && u <= 1);
  const Value copy = range.Decode(u);
  if (range.Count()) {
    RC_ASSERT(copy == value);
    return;
  }
  const RangeSpec& spec = range.spec();
  const bool relative =
      range.scale() == Scale::kLog || (range.scale() != Scale::kLinear && spec.min == 0);
  const double size = relative ? AsDouble(value) : std::max(std::abs(spec.min), std::abs(spec.max));
  RC_ASSERT(std::abs(AsDouble(copy) - AsDouble(value)) <= 1e-12 * size);
}

RC_GTEST_PROP(AnyRange, NumbersItsValuesInOrder, ()) {
  const ParameterRange range(AnySpec("a"));
  RC_PRE(range.Count().has_value());
  const std::int64_t i = *rc::gen::inRange<std::int64_t>(0, *range.Count());
  RC_ASSERT(range.IndexOf(range.ValueAt(i)) == i);
}

RC_GTEST_PROP(AnyRange, TakesAnyValueToOneOfItsOwn, ()) {
  const ParameterRange range(AnySpec("a"));
  const Value nearest = range.Nearest(AnyValue());
  RC_ASSERT(range.Contains(nearest));
  RC_ASSERT(range.Nearest(nearest) == nearest);
}

RC_GTEST_PROP(AnySpace, DecodesAndEncodesInsideItself, ()) {
  const SearchSpace space = AnySpace();
  const Configuration configuration = space.Decode(AnyPoint(space.size()));
  RC_ASSERT(space.Contains(configuration));
  RC_ASSERT(space.Contains(space.Decode(space.Encode(configuration))));
}

RC_GTEST_PROP(AnySpace, IsWhereProjectLands, ()) {
  const SearchSpace space = AnySpace();
  std::map<std::string, Value> values;
  for (int i = 0; i < 8; ++i) {
    if (*rc::gen::arbitrary<bool>()) values["p" + std::to_string(i)] = AnyValue();
  }
  const Configuration projected = space.Project(values);
  RC_ASSERT(space.Contains(projected));
  RC_ASSERT(space.Project(projected.values()) == projected);
}

RC_GTEST_PROP(AnySpace, NumbersDifferentConfigurationsOfItsOwn, ()) {
  const SearchSpace space = AnySpace();
  const std::optional<Enumeration> all = Enumeration::Of(space, std::nullopt);
  RC_ASSERT(all.has_value() == space.Count().has_value());
  RC_PRE(all.has_value());
  const auto a = *rc::gen::inRange<std::int64_t>(0, all->size());
  const auto b = *rc::gen::inRange<std::int64_t>(0, all->size());
  RC_ASSERT(space.Contains(all->At(a)));
  RC_ASSERT((all->At(a).CanonicalText() == all->At(b).CanonicalText()) == (a == b));
}

RC_GTEST_PROP(AnySpace, IsExhaustedByRandomWhenAllIsTried, ()) {
  const SearchSpace space = AnySpace();
  const std::optional<std::int64_t> count = space.Count();
  RC_PRE(count.has_value() && *count <= 300);
  const auto strategy = strategies::MakeStrategy({"random", {}}, space, 3, {});
  std::set<std::string> texts;
  for (std::int32_t k = 0; k < *count; ++k) {
    const strategies::Suggestion suggestion = strategy->Ask(TrialId{k});
    RC_ASSERT(std::holds_alternative<strategies::NewTrial>(suggestion));
    const auto& configuration = std::get<strategies::NewTrial>(suggestion).configuration;
    RC_ASSERT(space.Contains(configuration));
    RC_ASSERT(texts.insert(configuration.CanonicalText()).second);
    strategy->TellCreated(TrialId{k}, configuration);
  }
  const auto next = TrialId{static_cast<std::int32_t>(*count)};
  RC_ASSERT(std::holds_alternative<strategies::Exhausted>(strategy->Ask(next)));
}

Configuration AnyConfiguration() {
  std::map<std::string, Value> values;
  const int n = *rc::gen::inRange(0, 4);
  for (int i = 0; i < n; ++i) {
    const std::string name = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '=', ' '));
    const Value word =
        *rc::gen::container<std::string>(rc::gen::element('a', 'b', '=', ' ', '"', '\\', '1'));
    values[name] = *rc::gen::arbitrary<bool>() ? word : AnyValue();
  }
  return Configuration(std::move(values));
}

// The values as text, since 1 and 1.0 are one value of a configuration.
std::vector<std::pair<std::string, std::string>> PairsOf(const Configuration& configuration) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, value] : configuration.values()) {
    pairs.emplace_back(name, coppice::ToText(value));
  }
  return pairs;
}

RC_GTEST_PROP(AnyConfiguration, HasATextOfItsOwn, ()) {
  const Configuration a = AnyConfiguration();
  const Configuration b = AnyConfiguration();
  RC_ASSERT((a.CanonicalText() == b.CanonicalText()) == (PairsOf(a) == PairsOf(b)));
}

RC_GTEST_PROP(AnyConfiguration, ComesBackFromTheTextOfItsJson, ()) {
  std::map<std::string, Value> values;
  for (const char* name : {"a", "b", "c"}) {
    Value value = AnyValue();
    // JSON is UTF-8; any bytes are not.
    if (!IsNumber(value)) value = *rc::gen::container<std::string>(rc::gen::inRange(' ', '~'));
    values[name] = value;
  }
  const Configuration configuration(values);
  const Configuration copy = Configuration::FromJson(Json::parse(configuration.ToJson().dump()));
  RC_ASSERT(copy == configuration);
  RC_ASSERT(copy.CanonicalText() == configuration.CanonicalText());
}

}  // namespace
}  // namespace coppice::study
