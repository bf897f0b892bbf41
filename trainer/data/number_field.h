#pragma once
// What a field of a table says: a number, nothing, or a text.

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace coppice::trainer {

std::string_view TrimBlanks(std::string_view text);

// What a value that is not known is read as.
inline constexpr float kMissingValue = std::numeric_limits<float>::quiet_NaN();

// The texts that mean "not known". NaN in any spelling means it too. Immutable.
class MissingTexts {
 public:
  explicit MissingTexts(const std::vector<std::string>& texts);
  // Blanks around `text` do not count.
  bool Contains(std::string_view text) const;
  // Whether one of them may be written as a number, as in `-999`.
  bool MayBeNumber() const;

 private:
  std::vector<std::string> texts_;
  std::array<bool, 256> begins_one_{};
  bool empty_is_one_ = false;
};

enum class FieldMeaning : std::uint8_t {
  kNumber,
  kMissing,
  kText,
  kInfinite,  // "inf", or a number beyond single precision
};

// `*value` is the nearest float for kNumber, signed infinity for kInfinite, else NaN. Locale plays
// no part; blanks around, a leading plus and exponents are allowed.
FieldMeaning ReadNumber(std::string_view text, const MissingTexts& missing, float* value);

}  // namespace coppice::trainer
