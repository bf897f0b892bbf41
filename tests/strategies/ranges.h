#pragma once
// Short ways to write ranges in tests.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strategies/study/search_space.h"

namespace coppice::study {

inline RangeSpec FloatSpec(std::string name, double min, double max, Scale scale = Scale::kLinear,
                           std::optional<double> step = std::nullopt) {
  RangeSpec spec;
  spec.name = std::move(name);
  spec.kind = RangeKind::kFloat;
  spec.min = min;
  spec.max = max;
  spec.scale = scale;
  spec.step = step;
  return spec;
}

inline RangeSpec IntSpec(std::string name, double min, double max, Scale scale = Scale::kLinear,
                         std::optional<double> step = std::nullopt) {
  RangeSpec spec = FloatSpec(std::move(name), min, max, scale, step);
  spec.kind = RangeKind::kInt;
  return spec;
}

inline RangeSpec CategoricalSpec(std::string name, std::vector<Value> values) {
  RangeSpec spec;
  spec.name = std::move(name);
  spec.kind = RangeKind::kCategorical;
  spec.values = std::move(values);
  return spec;
}

inline RangeSpec When(RangeSpec spec, std::string parameter, std::vector<Value> values) {
  spec.when = Condition{std::move(parameter), std::move(values)};
  return spec;
}

inline SearchSpace SpaceOf(std::vector<RangeSpec> specs) {
  std::vector<ParameterRange> ranges;
  for (RangeSpec& spec : specs) ranges.emplace_back(std::move(spec));
  return SearchSpace(std::move(ranges));
}

inline Value Word(const char* word) { return std::string(word); }

// A chain of conditions: depth only with the tree booster, leaves only below depth 3.
inline SearchSpace ChainedSpace() {
  return SpaceOf({When(IntSpec("leaves", 1, 3), "depth", {std::int64_t{2}, std::int64_t{3}}),
                  CategoricalSpec("booster", {Word("tree"), Word("linear")}),
                  When(IntSpec("depth", 2, 4), "booster", {Word("tree")})});
}

}  // namespace coppice::study
