#include "trainer/data/csv_tokenizer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coppice::trainer {
namespace {

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// So many digits are a whole number below 2^53.
constexpr std::ptrdiff_t kMostExactDigits = 15;
constexpr std::array<double, 16> kPowersOfTen = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// The first `a` or `b`, or `end`: eight bytes at a time.
const char* FindEither(const char* at, const char* end, char a, char b) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kHighs = 0x8080808080808080ULL;
  const std::uint64_t all_a = kOnes * static_cast<unsigned char>(a);
  const std::uint64_t all_b = kOnes * static_cast<unsigned char>(b);
  for (; end - at >= 8; at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, 8);
    const std::uint64_t is_a = ((bytes ^ all_a) - kOnes) & ~(bytes ^ all_a);
    const std::uint64_t is_b = ((bytes ^ all_b) - kOnes) & ~(bytes ^ all_b);
    if (((is_a | is_b) & kHighs) != 0) break;
  }
  while (at < end && *at != a && *at != b) ++at;
  return at;
}

}  // namespace

std::string_view ContentOf(const Field& field, std::string& storage) {
  if (field.form != FieldForm::kEscaped) return field.text;
  storage.clear();
  for (std::size_t i = 0; i < field.text.size(); ++i) {
    storage.push_back(field.text[i]);
    if (field.text[i] == '"') ++i;
  }
  return storage;
}

CsvTokenizer::CsvTokenizer(std::string_view text, char delimiter)
    : at_(text.data()),
      end_(text.data() + text.size()),
      delimiter_(delimiter),
      record_begin_(text.data()) {}

bool CsvTokenizer::Next(std::vector<Field>& fields) {
  fields.clear();
  if (!StartRecord()) return false;
  for (bool more = true; more;) more = NextField(&fields.emplace_back());
  return true;
}

bool CsvTokenizer::StartRecord() {
  SkipBlankLines();
  fault_ = CsvFault::kNone;
  record_begin_ = at_;
  return at_ != end_;
}

bool CsvTokenizer::NextField(Field* field) {
  while (at_ < end_ && IsBlank(*at_)) ++at_;
  return at_ < end_ && *at_ == '"' ? ReadQuoted(field) : ReadPlain(field);
}

bool CsvTokenizer::TakeNumber(float* value, bool* more) {
  const auto is_digit = [](char c) { return static_cast<unsigned char>(c - '0') < 10; };
  const char* at = at_;
  const bool negative = at < end_ && *at == '-';
  if (negative) ++at;
  std::uint64_t digits = 0;
  const char* const whole = at;
  for (; at < end_ && is_digit(*at); ++at) {
    digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
  }
  std::ptrdiff_t n_digits = at - whole;
  std::ptrdiff_t n_decimals = 0;
  if (n_digits == 0) return false;
  if (at < end_ && *at == '.') {
    const char* const decimals = ++at;
    for (; at < end_ && is_digit(*at); ++at) {
      digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
    }
    n_decimals = at - decimals;
    n_digits += n_decimals;
    if (n_decimals == 0) return false;
  }
  if (n_digits > kMostExactDigits) return false;
  const bool windows_end = end_ - at > 1 && at[0] == '\r' && at[1] == '\n';
  if (at < end_ && *at != delimiter_ && *at != '\n' && !windows_end) return false;
  // Digits and power are doubles without an error, so that the quotient is the nearest double; its
  // nearest float is that of the decimal, unless the quotient lies in the middle of two floats.
  const double nearest =
      static_cast<double>(digits) / kPowersOfTen[static_cast<std::size_t>(n_decimals)];
  constexpr std::uint64_t kBelowFloat = (std::uint64_t{1} << 29) - 1;
  constexpr std::uint64_t kMiddle = std::uint64_t{1} << 28;
  if ((std::bit_cast<std::uint64_t>(nearest) & kBelowFloat) == kMiddle) return false;
  const auto magnitude = static_cast<float>(nearest);
  *value = negative ? -magnitude : magnitude;
  *more = at < end_ && *at == delimiter_;
  at_ = std::min(end_, at + (windows_end ? 2 : 1));
  return true;
}

bool CsvTokenizer::ReadPlain(Field* field) {
  const char* const begin = at_;
  at_ = FindEither(at_, end_, delimiter_, '\n');
  const char* last = at_;
  const bool goes_on = at_ < end_ && *at_ == delimiter_;
  if (at_ < end_) ++at_;
  if (!goes_on && last > begin && last[-1] == '\r') --last;
  while (last > begin && IsBlank(last[-1])) --last;
  *field = {Between(begin, last), FieldForm::kPlain};
  return goes_on;
}

bool CsvTokenizer::ReadQuoted(Field* field) {
  const char* const open = at_++;
  FieldForm form = FieldForm::kQuoted;
  for (;;) {
    const void* found = std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_));
    if (found == nullptr) {
      Note(CsvFault::kOpenQuote, open);
      *field = {Between(open + 1, end_), form};
      at_ = end_;
      return false;
    }
    at_ = static_cast<const char*>(found) + 1;
    if (at_ == end_ || *at_ != '"') break;
    form = FieldForm::kEscaped;
    ++at_;
  }
  *field = {Between(open + 1, at_ - 1), form};
  return SkipToNextField();
}

bool CsvTokenizer::SkipToNextField() {
  while (at_ < end_) {
    const char c = *at_;
    if (c == delimiter_ || c == '\n') {
      ++at_;
      return c == delimiter_;
    }
    const bool line_end = c == '\r' && (at_ + 1 == end_ || at_[1] == '\n');
    if (!line_end && !IsBlank(c)) Note(CsvFault::kTextAfterQuote, at_);
    ++at_;
  }
  return false;
}

void CsvTokenizer::SkipBlankLines() {
  for (const char* p = at_; p < end_; ++p) {
    if (*p == '\n') {
      at_ = p + 1;
    } else if (!IsBlank(*p) && *p != '\r') {
      return;
    }
  }
  at_ = end_;
}

void CsvTokenizer::Note(CsvFault fault, const char* at) {
  if (fault_ != CsvFault::kNone) return;
  fault_ = fault;
  fault_at_ = at;
}

}  // namespace coppice::trainer
