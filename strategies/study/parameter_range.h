#pragma once
// One range of the search space: its kind, bounds, scale, steps, values and condition, and its map
// to and from the unit interval.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"

namespace coppice::study {

enum class RangeKind { kFloat, kInt, kCategorical };

// t in u = (t(x) - t(min)) / (t(max) - t(min)):
//   linear x | log ln x | log0 ln(1 + x / x0) with x0 = max / 1000 | reverse_log -ln(1 - x)
// reverse_log is SageMaker's ReverseLogarithmic: 0 <= min < max < 1, fine near 1.
// auto is resolved when the range is made: log where min > 0 and max / min >= 100, else linear.
enum class Scale { kAuto, kLinear, kLog, kLog0, kReverseLog };
std::string ToText(Scale scale);

// The parameter is active only where `parameter` has one of `values`.
struct Condition {
  std::string parameter;
  std::vector<Value> values;
};

// What a spec says of one range; not yet checked.
struct RangeSpec {
  std::string name;
  RangeKind kind = RangeKind::kFloat;
  double min = 0;  // kInt: whole numbers
  double max = 0;
  Scale scale = Scale::kAuto;
  std::optional<double> step;  // min, min + step, ... up to max
  std::vector<Value> values;   // kCategorical
  bool ordered = false;        // kCategorical: the order of `values` means something
  std::optional<Condition> when;
};

// Immutable.
class ParameterRange {
 public:
  // What is wrong with `spec`, as (field, sentence) pairs ("min", "`min` (5) is above `max` (2)");
  // the field names where a spec reader points to. Empty when it may be made into a range.
  static std::vector<std::pair<std::string, std::string>> Problems(const RangeSpec& spec);

  // Problems(spec) is empty.
  explicit ParameterRange(RangeSpec spec);

  const std::string& name() const { return spec_.name; }
  RangeKind kind() const { return spec_.kind; }
  Scale scale() const { return spec_.scale; }  // never kAuto
  const RangeSpec& spec() const { return spec_; }
  const std::optional<Condition>& when() const { return spec_.when; }

  // How many different values there are; nullopt for a float without step.
  std::optional<std::int64_t> Count() const;
  // The i-th of Count() values, ascending (categorical: as listed).
  Value ValueAt(std::int64_t i) const;

  // The value at u in [0, 1]. Every value of a discrete range owns an equal part of the interval
  // (int on a log scale: the part between its neighbours' midpoints on that scale, bounds widened
  // by one half).
  Value Decode(double u) const;
  // A point in the value's part: Decode(Encode(v)) == v for every value of the range.
  double Encode(const Value& value) const;
  bool Contains(const Value& value) const;
  // The nearest value of the range; for a word that is not listed, the first one.
  Value Nearest(const Value& value) const;

 private:
  RangeSpec spec_;
};

}  // namespace coppice::study
