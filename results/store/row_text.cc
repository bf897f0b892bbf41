#include "results/store/row_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <system_error>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"

namespace coppice::results {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void AppendPoint(double value, std::string* text) {
  if (std::isfinite(value)) {
    fmt::format_to(std::back_inserter(*text), "{}", value);
  } else if (std::isnan(value)) {
    *text += "null";
  } else {
    *text += value > 0 ? "\"inf\"" : "\"-inf\"";
  }
}

[[noreturn]] void FailPoint(std::string_view text) {
  throw Error(ErrorKind::kStore, fmt::format("`{}` is not a point of a curve", text));
}

double PointFromText(std::string_view text) {
  if (text == "null") return std::numeric_limits<double>::quiet_NaN();
  if (text == "\"inf\"") return kInfinity;
  if (text == "\"-inf\"") return -kInfinity;
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Bare inf and nan are numbers to from_chars, but not to JSON.
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    FailPoint(text);
  }
  return value;
}

}  // namespace

std::string PointsText(const std::vector<double>& values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ',';
    AppendPoint(values[i], &text);
  }
  return text + ']';
}

// By hand: a long study has some ten million points, and a tree of JSON values for them would take
// most of the time of a resume.
std::vector<double> PointsFromText(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') FailPoint(text);
  text = text.substr(1, text.size() - 2);
  std::vector<double> values;
  if (text.empty()) return values;
  values.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) + 1);
  for (;;) {
    const std::size_t comma = text.find(',');
    values.push_back(PointFromText(text.substr(0, comma)));
    if (comma == std::string_view::npos) return values;
    text.remove_prefix(comma + 1);
  }
}

std::string CompactText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Checksum(std::initializer_list<std::string_view> fields) {
  ContentHash hash;
  for (const std::string_view field : fields) hash.Add(field);
  return hash.Hex();
}

std::string BitsText(double number) {
  return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(number));
}

}  // namespace coppice::results
