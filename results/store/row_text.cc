#include "results/store/row_text.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/error.h"
#include "base/hash.h"

namespace coppice::results {
namespace {

double PointFromJson(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (json.is_string()) {
    const auto& word = json.get_ref<const std::string&>();
    if (word == "inf") return std::numeric_limits<double>::infinity();
    if (word == "-inf") return -std::numeric_limits<double>::infinity();
  }
  throw Error(ErrorKind::kStore, fmt::format("`{}` is not a point of a curve", json.dump()));
}

}  // namespace

std::string PointsText(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double value : values) {
    if (std::isfinite(value)) {
      array.push_back(value);
    } else if (std::isnan(value)) {
      array.push_back(nullptr);
    } else {
      array.push_back(value > 0 ? "inf" : "-inf");
    }
  }
  return array.dump();
}

std::vector<double> PointsFromText(std::string_view text) {
  const Json array = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!array.is_array()) {
    throw Error(ErrorKind::kStore, "the points of a curve are not a JSON array");
  }
  std::vector<double> values;
  values.reserve(array.size());
  for (const Json& point : array) values.push_back(PointFromJson(point));
  return values;
}

std::string CompactText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Checksum(std::initializer_list<std::string_view> fields) {
  ContentHash hash;
  for (const std::string_view field : fields) {
    hash.AddNumber(field.size());
    hash.Add(field);
  }
  return hash.Hex();
}

std::string BitsText(double number) {
  return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(number));
}

}  // namespace coppice::results
