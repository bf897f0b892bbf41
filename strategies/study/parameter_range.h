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
// log needs min > 0; log0 min >= 0, its x0 is never below 1 for kInt, since no value lies between 0
// and 1. reverse_log is SageMaker's ReverseLogarithmic: 0 <= min <= max < 1, fine near 1.
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

// The same number or the same word: 1 and 1.0 are the same, 1 and "1" are not.
bool SameValue(const Value& a, const Value& b);

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

  // How many different values there are; nullopt for a float without step (unless min is max).
  std::optional<std::int64_t> Count() const { return count_; }
  // The i-th of Count() values, ascending (categorical: as listed). Stepped floats are rounded to
  // 15 digits, so that 0.1 + 2 * 0.1 is the 0.3 that a user writes.
  Value ValueAt(std::int64_t i) const;
  // Its inverse; nullopt when `value` is not one of them, or when there is no Count().
  std::optional<std::int64_t> IndexOf(const Value& value) const;

  // The value at u in [0, 1], of the range's own type: kFloat double, kInt int64, kCategorical as
  // listed. A float is exactly min at 0 and max at 1. A value of a discrete range owns the points
  // that are nearer to it than to any other on the scale, and the two ends reach as far outwards as
  // inwards: equal parts on the linear scale.
  Value Decode(double u) const;
  // A point in the value's part: Decode(Encode(v)) == v for every value of a discrete range. For a
  // float without step, Decode(Encode(v)) is within 1e-12 of v, relative to v on the log scale and
  // where min is 0 on log0 and reverse_log, else to the larger bound. A value outside is encoded as
  // its Nearest.
  double Encode(const Value& value) const;
  // A whole number is in a float's range, and a whole double in an int's.
  bool Contains(const Value& value) const;
  // The nearest value of the range, on its scale; for a word that is not listed, or a number among
  // words, the first one; for a word where a number is wanted, the middle.
  Value Nearest(const Value& value) const;
  // What stands for a parameter that was not given: the middle; the first of unordered values.
  Value Middle() const;

 private:
  double ToScale(double x) const;
  double FromScale(double t) const;
  // The i-th value of a discrete numeric range as a number.
  double NumberAt(std::int64_t i) const;
  // The index of the discrete value that is nearest to t on the scale.
  std::int64_t IndexAtScale(double t) const;
  void CountValues();

  RangeSpec spec_;
  std::optional<std::int64_t> count_;
  double origin_ = 1;  // x0 of log0
  // t at u = 0 and 1; equal when there is a single value.
  double low_ = 0;
  double high_ = 0;
};

}  // namespace coppice::study
