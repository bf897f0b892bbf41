#include "tuner/spec/auto_space.h"

#include <cstdint>
#include <utility>

namespace coppice::tuner {
namespace {

using study::RangeKind;
using study::RangeSpec;
using study::Scale;

RangeSpec Float(std::string name, double min, double max, Scale scale) {
  RangeSpec range;
  range.name = std::move(name);
  range.kind = RangeKind::kFloat;
  range.min = min;
  range.max = max;
  range.scale = scale;
  return range;
}

RangeSpec Int(std::string name, int min, int max, Scale scale) {
  RangeSpec range = Float(std::move(name), min, max, scale);
  range.kind = RangeKind::kInt;
  return range;
}

// Shrunk by the authors of TabArena over many rounds of tuning on other tables. gamma,
// max_delta_step and scale_pos_weight are left out: more dimensions cost more trials than these
// gain.
std::vector<RangeSpec> ShippedRanges() {
  RangeSpec policy;
  policy.name = "grow_policy";
  policy.kind = RangeKind::kCategorical;
  policy.values = {Value("depthwise"), Value("lossguide")};
  RangeSpec leaves = Int("max_leaves", 8, 1024, Scale::kLog);
  leaves.when = study::Condition{"grow_policy", {Value("lossguide")}};
  return {Float("eta", 0.005, 0.2, Scale::kLog),
          Int("max_depth", 2, 11, Scale::kLinear),
          Float("min_child_weight", 0.001, 32, Scale::kLog),
          Float("subsample", 0.5, 1, Scale::kLinear),
          Float("colsample_bylevel", 0.6, 1, Scale::kLinear),
          Float("colsample_bynode", 0.5, 1, Scale::kLinear),
          Float("alpha", 0, 5, Scale::kLog0),
          Float("lambda", 0, 20, Scale::kLog0),
          std::move(policy),
          std::move(leaves)};
}

// Penalties count by the row, so small ones are felt.
std::vector<RangeSpec> LinearRanges() {
  return {Float("eta", 0.05, 1, Scale::kLog), Float("alpha", 0, 1, Scale::kLog0),
          Float("lambda", 0, 1, Scale::kLog0)};
}

std::vector<RangeSpec> RangesFor(const std::map<std::string, Value>& train) {
  const auto booster = train.find("booster");
  if (booster == train.end() || booster->second == Value("gbtree")) return ShippedRanges();
  if (booster->second == Value("gblinear")) return LinearRanges();
  std::vector<RangeSpec> ranges = ShippedRanges();
  ranges.push_back(Float("rate_drop", 0, 0.5, Scale::kLinear));
  ranges.push_back(Float("skip_drop", 0, 0.5, Scale::kLinear));
  return ranges;
}

}  // namespace

std::vector<study::ParameterRange> AutoSpace(const std::map<std::string, Value>& train) {
  std::vector<study::ParameterRange> ranges;
  for (RangeSpec& range : RangesFor(train)) {
    if (train.contains(range.name)) continue;
    if (range.when) {
      const auto fixed = train.find(range.when->parameter);
      if (fixed != train.end()) {
        if (fixed->second != range.when->values.front()) continue;
        range.when.reset();
      }
    }
    ranges.emplace_back(std::move(range));
  }
  return ranges;
}

}  // namespace coppice::tuner
