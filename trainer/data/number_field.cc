#include "trainer/data/number_field.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>

namespace coppice::trainer {
namespace {

// The whole of `text` as a float, infinities and NaN included.
bool ParseFloat(std::string_view text, float* value) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto result = fast_float::from_chars(text.data(), end, *value);
  // Out of range still gives the nearest float: zero or infinity.
  return result.ptr == end &&
         (result.ec == std::errc() || result.ec == std::errc::result_out_of_range);
}

bool MayBeNan(std::string_view text) {
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.size() == sign + 3 && (text[sign] == 'n' || text[sign] == 'N');
}

}  // namespace

std::string_view TrimBlanks(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

MissingTexts::MissingTexts(const std::vector<std::string>& texts) : texts_(texts) {
  for (const std::string& text : texts) {
    if (text.empty()) {
      empty_is_one_ = true;
    } else {
      begins_one_[static_cast<unsigned char>(text[0])] = true;
    }
  }
}

bool MissingTexts::Contains(std::string_view text) const {
  text = TrimBlanks(text);
  if (text.empty()) return empty_is_one_;
  if (begins_one_[static_cast<unsigned char>(text[0])] &&
      std::find(texts_.begin(), texts_.end(), text) != texts_.end()) {
    return true;
  }
  float value = 0;
  return MayBeNan(text) && ParseFloat(text, &value) && std::isnan(value);
}

bool MissingTexts::MayBeNumber() const {
  return std::any_of(texts_.begin(), texts_.end(), [](const std::string& text) {
    return !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  });
}

FieldMeaning ReadNumber(std::string_view text, const MissingTexts& missing, float* value) {
  text = TrimBlanks(text);
  if (missing.Contains(text)) {
    *value = kMissingValue;
    return FieldMeaning::kMissing;
  }
  float parsed = 0;
  if (text.empty() || !ParseFloat(text, &parsed) || std::isnan(parsed)) {
    *value = kMissingValue;
    return FieldMeaning::kText;
  }
  *value = parsed;
  return std::isinf(parsed) ? FieldMeaning::kInfinite : FieldMeaning::kNumber;
}

}  // namespace coppice::trainer
