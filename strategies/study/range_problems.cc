// What can be wrong with one range as a user writes it.

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

#include "strategies/study/parameter_range.h"

namespace coppice::study {
namespace {

// Within these, every scale's exp, log and differences are finite and exact enough.
constexpr double kLargest = 1e300;
constexpr double kSmallest = 1e-300;
// Neighbouring values must be told apart on every scale; also no more than 1e12 values or so.
constexpr double kLargestInt = 1e12;
constexpr double kFinestStep = 1e-12;

using Problem = std::pair<std::string, std::string>;

class Checker {
 public:
  explicit Checker(const RangeSpec& spec) : spec_(spec) {}

  std::vector<Problem> Check() {
    if (spec_.name.empty()) Add("name", "a range has no name");
    if (spec_.kind == RangeKind::kCategorical) {
      CheckCategorical();
    } else if (CheckBounds()) {
      CheckScale();
      CheckStep();
    }
    if (spec_.kind != RangeKind::kCategorical) CheckNotCategorical();
    CheckCondition();
    return std::move(problems_);
  }

 private:
  void Add(const char* field, std::string sentence) {
    problems_.emplace_back(field, std::move(sentence));
  }

  void CheckCategorical() {
    if (spec_.values.empty()) Add("values", "`values` is empty");
    for (std::size_t i = 0; i < spec_.values.size(); ++i) {
      const Value& value = spec_.values[i];
      if (IsNumber(value) && !std::isfinite(AsDouble(value))) {
        Add("values", fmt::format("`{}` is not a finite number", coppice::ToText(value)));
      }
      // The text is the identity: 1 and "1" would be one trial.
      for (std::size_t before = 0; before < i; ++before) {
        if (coppice::ToText(spec_.values[before]) != coppice::ToText(value)) continue;
        Add("values", fmt::format("`{}` is listed twice", coppice::ToText(value)));
        break;
      }
    }
    if (spec_.step) Add("step", "a categorical range has no `step`");
    if (spec_.scale != Scale::kAuto) Add("scale", "a categorical range has no `scale`");
  }

  void CheckNotCategorical() {
    if (!spec_.values.empty()) Add("values", "only a categorical range has `values`");
    if (spec_.ordered) Add("ordered", "only a categorical range may be `ordered`");
  }

  // Whether the rest may be looked at.
  bool CheckBounds() {
    const bool min_fits = CheckBound("min", spec_.min);
    const bool max_fits = CheckBound("max", spec_.max);
    if (!min_fits || !max_fits) return false;
    if (spec_.min <= spec_.max) return true;
    Add("min", fmt::format("`min` ({}) is above `max` ({})", spec_.min, spec_.max));
    return false;
  }

  bool CheckBound(const char* field, double bound) {
    const bool is_int = spec_.kind == RangeKind::kInt;
    const double limit = is_int ? kLargestInt : kLargest;
    if (!(std::abs(bound) <= limit)) {
      Add(field, fmt::format("`{}` ({}) is not between -{} and {}", field, bound, limit, limit));
      return false;
    }
    if (is_int && bound != std::floor(bound)) {
      Add(field, fmt::format("`{}` ({}) is not a whole number", field, bound));
      return false;
    }
    return true;
  }

  void CheckScale() {
    const std::string scale = ToText(spec_.scale);
    if (spec_.scale == Scale::kLog && spec_.min < kSmallest) {
      Add("min", fmt::format("`min` ({}) must be above 0 on the scale `{}`", spec_.min, scale));
    }
    if (spec_.scale == Scale::kLog0) {
      if (spec_.min < 0) {
        Add("min",
            fmt::format("`min` ({}) must not be below 0 on the scale `{}`", spec_.min, scale));
      } else if (spec_.max < kSmallest) {
        Add("max", fmt::format("`max` ({}) must be above 0 on the scale `{}`", spec_.max, scale));
      }
    }
    if (spec_.scale != Scale::kReverseLog) return;
    if (spec_.min < 0) {
      Add("min", fmt::format("`min` ({}) must not be below 0 on the scale `{}`", spec_.min, scale));
    }
    if (spec_.max >= 1) {
      Add("max", fmt::format("`max` ({}) must be below 1 on the scale `{}`", spec_.max, scale));
    }
  }

  void CheckStep() {
    if (!spec_.step) return;
    const double step = *spec_.step;
    const double larger = std::max(std::abs(spec_.min), std::abs(spec_.max));
    if (!(step > 0) || !std::isfinite(step)) {
      Add("step", fmt::format("`step` ({}) is not above 0", step));
    } else if (spec_.kind == RangeKind::kInt && step != std::floor(step)) {
      Add("step", fmt::format("`step` ({}) of an int range is not a whole number", step));
    } else if (step > spec_.max - spec_.min && spec_.min < spec_.max) {
      Add("step", fmt::format("`step` ({}) is larger than `max` - `min`", step));
    } else if (step < larger * kFinestStep) {
      Add("step", fmt::format("`step` ({}) is too fine for values as large as {}", step, larger));
    }
  }

  void CheckCondition() {
    if (!spec_.when) return;
    if (spec_.when->parameter.empty()) Add("when", "`when` names no parameter");
    if (spec_.when->values.empty()) {
      Add("when", fmt::format("`when` lists no value of `{}`", spec_.when->parameter));
    }
  }

  const RangeSpec& spec_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> ParameterRange::Problems(const RangeSpec& spec) {
  return Checker(spec).Check();
}

}  // namespace coppice::study
