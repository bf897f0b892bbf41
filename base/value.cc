#include "base/value.h"

#include <fmt/format.h>

#include <limits>

#include "base/error.h"
#include "base/json.h"

namespace coppice {
namespace {

constexpr std::uint64_t kLargestWhole = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::string ToText(const Value& value) {
  return std::visit([](const auto& held) { return fmt::format("{}", held); }, value);
}

Value ValueFromJson(const Json& json) {
  if (json.is_boolean()) return std::int64_t{json.get<bool>() ? 1 : 0};
  // A whole number above 2^63 - 1 is kept as a real one: it must not turn negative.
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > kLargestWhole) {
    return json.get<double>();
  }
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  COPPICE_CHECK(json.is_string(), "a value is a number, a boolean or a string");
  return json.get<std::string>();
}

Json ToJson(const Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

bool IsNumber(const Value& value) { return !std::holds_alternative<std::string>(value); }

double AsDouble(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value);
  COPPICE_CHECK(real != nullptr, "a word is not a number");
  return *real;
}

}  // namespace coppice
