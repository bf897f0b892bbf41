#include "strategies/study/parameter_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "base/exact_math.h"
#include "base/text.h"
#include "strategies/study/words.h"

namespace coppice::study {
namespace {

constexpr std::array<std::string_view, 5> kScales = {"auto", "linear", "log", "log0",
                                                     "reverse_log"};
// From this ratio of bounds on, orders of magnitude matter more than differences.
constexpr double kLogRatio = 100;
constexpr double kLog0Ratio = 1000;

Scale Resolve(const RangeSpec& spec) {
  if (spec.kind == RangeKind::kCategorical) return Scale::kLinear;
  if (spec.scale != Scale::kAuto) return spec.scale;
  return spec.min > 0 && spec.max / spec.min >= kLogRatio ? Scale::kLog : Scale::kLinear;
}

// The double that is written with 15 digits: sums of decimal steps carry noise in the digits after.
double Tidy(double number) {
  double tidy = number;
  const bool read = ParseDouble(fmt::format("{:.15g}", number), &tidy);
  COPPICE_CHECK(read, "a finite number's text is a number");
  return tidy;
}

}  // namespace

std::string ToText(Scale scale) { return WordOf(scale, kScales); }

bool SameValue(const Value& a, const Value& b) {
  if (IsNumber(a) != IsNumber(b)) return false;
  if (a.index() == b.index()) return a == b;
  return AsDouble(a) == AsDouble(b);
}

ParameterRange::ParameterRange(RangeSpec spec) : spec_(std::move(spec)) {
  spec_.scale = Resolve(spec_);
  if (spec_.kind == RangeKind::kCategorical) {
    count_ = static_cast<std::int64_t>(spec_.values.size());
    return;
  }
  // A zero of the other sign would have another text.
  spec_.min += 0.0;
  spec_.max += 0.0;
  origin_ = spec_.max / kLog0Ratio;
  if (spec_.kind == RangeKind::kInt) {
    origin_ = std::max(origin_, 1.0);
    if (!spec_.step) spec_.step = 1;
  }
  CountValues();
  if (!count_) {
    low_ = ToScale(spec_.min);
    high_ = ToScale(spec_.max);
  } else if (*count_ > 1) {
    const double first = ToScale(NumberAt(0));
    const double last = ToScale(NumberAt(*count_ - 1));
    low_ = first - (ToScale(NumberAt(1)) - first) / 2;
    high_ = last + (last - ToScale(NumberAt(*count_ - 2))) / 2;
  }
}

void ParameterRange::CountValues() {
  if (spec_.min == spec_.max) {
    count_ = 1;
  } else if (spec_.step) {
    // The last step may miss the bound by the rounding of its sum.
    constexpr double kSlack = 1e-6;
    const double steps = (spec_.max - spec_.min) / *spec_.step;
    count_ = static_cast<std::int64_t>(std::floor(steps + kSlack)) + 1;
  }
}

double ParameterRange::ToScale(double x) const {
  switch (spec_.scale) {
    case Scale::kLog:
      return Log(x);
    case Scale::kLog0:
      return Log1Plus(x / origin_);
    case Scale::kReverseLog:
      return -Log1Plus(-x);
    default:
      return x;
  }
}

double ParameterRange::FromScale(double t) const {
  switch (spec_.scale) {
    case Scale::kLog:
      return Exp(t);
    case Scale::kLog0:
      return origin_ * ExpMinus1(t);
    case Scale::kReverseLog:
      return -ExpMinus1(-t);
    default:
      return t;
  }
}

double ParameterRange::NumberAt(std::int64_t i) const {
  if (i == 0) return spec_.min;
  const double number = spec_.min + static_cast<double>(i) * *spec_.step;
  if (spec_.kind == RangeKind::kInt) return number;
  return std::min(Tidy(number), spec_.max);
}

Value ParameterRange::ValueAt(std::int64_t i) const {
  COPPICE_CHECK(count_ && i >= 0 && i < *count_, "the range has so many values");
  if (spec_.kind == RangeKind::kCategorical) return spec_.values[static_cast<std::size_t>(i)];
  if (spec_.kind == RangeKind::kInt) return static_cast<std::int64_t>(NumberAt(i));
  return NumberAt(i);
}

std::int64_t ParameterRange::IndexAtScale(double t) const {
  if (*count_ == 1) return 0;
  const double steps = (FromScale(t) - spec_.min) / *spec_.step;
  const double below = std::clamp(std::floor(steps), 0.0, static_cast<double>(*count_ - 2));
  const auto i = static_cast<std::int64_t>(below);
  // Halves apart, since the scale's own rounding may put t on the wrong side of value i.
  const double middle = ToScale(NumberAt(i)) / 2 + ToScale(NumberAt(i + 1)) / 2;
  return t < middle ? i : i + 1;
}

std::optional<std::int64_t> ParameterRange::IndexOf(const Value& value) const {
  if (!count_) return std::nullopt;
  if (spec_.kind == RangeKind::kCategorical) {
    for (std::size_t i = 0; i < spec_.values.size(); ++i) {
      if (SameValue(spec_.values[i], value)) return static_cast<std::int64_t>(i);
    }
    return std::nullopt;
  }
  if (!IsNumber(value)) return std::nullopt;
  const double number = AsDouble(value);
  if (!(number >= spec_.min && number <= spec_.max)) return std::nullopt;
  const std::int64_t i = IndexAtScale(ToScale(number));
  if (NumberAt(i) != number) return std::nullopt;
  return i;
}

Value ParameterRange::Decode(double u) const {
  const double inside = u > 0 ? std::min(u, 1.0) : 0.0;
  if (count_ && spec_.scale == Scale::kLinear) {
    const auto n = static_cast<double>(*count_);
    return ValueAt(static_cast<std::int64_t>(std::min(std::floor(inside * n), n - 1)));
  }
  const double t = low_ + inside * (high_ - low_);
  if (count_) return ValueAt(IndexAtScale(t));
  if (inside == 0) return spec_.min;
  if (inside == 1) return spec_.max;
  return std::clamp(FromScale(t), spec_.min, spec_.max) + 0.0;
}

double ParameterRange::Encode(const Value& value) const {
  const Value nearest = Nearest(value);
  if (count_ && spec_.scale == Scale::kLinear) {
    const std::optional<std::int64_t> i = IndexOf(nearest);
    COPPICE_CHECK(i, "the nearest value is in the range");
    return (static_cast<double>(*i) + 0.5) / static_cast<double>(*count_);
  }
  if (low_ == high_) return 0.5;
  const double u = (ToScale(AsDouble(nearest)) - low_) / (high_ - low_);
  return std::clamp(u, 0.0, 1.0);
}

bool ParameterRange::Contains(const Value& value) const {
  if (count_) return IndexOf(value).has_value();
  if (!IsNumber(value)) return false;
  const double number = AsDouble(value);
  return number >= spec_.min && number <= spec_.max;
}

Value ParameterRange::Nearest(const Value& value) const {
  if (spec_.kind == RangeKind::kCategorical) {
    if (const auto listed = IndexOf(value)) return ValueAt(*listed);
    const Value* nearest = &spec_.values.front();
    if (!IsNumber(value) || !IsNumber(*nearest)) return *nearest;
    const double number = AsDouble(value);
    for (const Value& candidate : spec_.values) {
      if (!IsNumber(candidate)) continue;
      const double distance = std::abs(AsDouble(candidate) - number);
      if (distance < std::abs(AsDouble(*nearest) - number)) nearest = &candidate;
    }
    return *nearest;
  }
  if (!IsNumber(value) || std::isnan(AsDouble(value))) return Middle();
  const double number = std::clamp(AsDouble(value), spec_.min, spec_.max) + 0.0;
  return count_ ? ValueAt(IndexAtScale(ToScale(number))) : Value(number);
}

Value ParameterRange::Middle() const {
  constexpr double kMiddle = 0.5;
  const bool unordered = spec_.kind == RangeKind::kCategorical && !spec_.ordered;
  return unordered ? spec_.values.front() : Decode(kMiddle);
}

}  // namespace coppice::study
