#pragma once
// How a row's content is written in the store's text columns, and the checksums that tell a row
// whose bytes were changed (SQLite itself would give them out as they are).

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace coppice::results {

// A JSON array. Numbers read back to the last bit; what JSON cannot write is null (not a number),
// "inf" and "-inf", as in the log's events.
std::string PointsText(const std::vector<double>& values);
// Throws Error (kStore) for anything that PointsText does not write.
std::vector<double> PointsFromText(std::string_view text);

// Compact JSON. Bytes that are not UTF-8 (in a failure's reason) become U+FFFD.
std::string CompactText(const Json& json);

// The same characters parted differently into fields give another checksum.
std::string Checksum(std::initializer_list<std::string_view> fields);
// The bits of a number as a field.
std::string BitsText(double number);

}  // namespace coppice::results
