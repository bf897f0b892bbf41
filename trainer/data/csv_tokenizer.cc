#include "trainer/data/csv_tokenizer.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace coppice::trainer {
namespace {

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

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
  std::string_view rest = field.text;
  for (std::size_t quote = rest.find('"'); quote != rest.npos; quote = rest.find('"')) {
    storage.append(rest, 0, quote + 1);
    // One of the two; at the end of a field that has no end there may be one only.
    rest.remove_prefix(std::min(quote + 2, rest.size()));
  }
  storage.append(rest);
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

bool CsvTokenizer::TakeAnyNumber(float* value, bool* more) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const char* const digits = at_ + (at_ < end_ && *at_ == '-' ? 1 : 0);
  // No names, as `inf` is one.
  if (digits == end_ || !is_digit(*digits)) return false;
  const auto [number_end, code] = fast_float::from_chars(at_, end_, *value);
  return code == std::errc() && std::isfinite(*value) && EndField(number_end, more);
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
